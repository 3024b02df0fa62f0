"""What people of the site are to each other: readers, askers, and the members of the board."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from consilium.domain.permission import Permission
from consilium.site.accounts.models import Membership

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from consilium.site.accounts.models import User


class Role:
    """What somebody is on this site."""

    permissions: ClassVar[frozenset[Permission]] = frozenset()

    @classmethod
    def key(cls) -> str:
        """How it is kept and shown in forms: ``reviewer``."""
        return cls.__name__.lower()

    @classmethod
    def words(cls) -> str:
        """The sentence that says what it is."""
        return (cls.__doc__ or "").strip()


class Reader(Role):
    """Reads what is public, and reports what is wrong; everybody is one."""

    permissions = frozenset({Permission.REPORT})


class Asker(Role):
    """Asks questions, and keeps, publishes or deletes the answers; everybody is one."""

    permissions = frozenset({Permission.ASK, Permission.REPORT})


class Reviewer(Role):
    """Checks an article sentence by sentence against its sources, asks for changes and approves."""

    permissions = frozenset({Permission.REVIEW, Permission.APPROVE})


class Editor(Role):
    """Reviews, writes new revisions, approves what others wrote, and withdraws articles."""

    permissions = frozenset({Permission.REVIEW, Permission.EDIT, Permission.APPROVE, Permission.WITHDRAW})


class Operator(Role):
    """Invites people, gives and takes roles, and reads the record of what was done; decides on no article."""

    permissions = frozenset({Permission.MANAGE_PEOPLE, Permission.SEE_AUDIT})


EVERYBODY: tuple[type[Role], ...] = (Reader, Asker)
BOARD: tuple[type[Role], ...] = (Reviewer, Editor, Operator)
_BY_KEY = {role.key(): role for role in BOARD}


def role_named(key: str) -> type[Role] | None:
    """The role of the board with this key; None where there is none."""
    return _BY_KEY.get(key)


def roles_of(user: User | AnonymousUser) -> tuple[type[Role], ...]:
    """The roles on the board that somebody holds, in the order of the board; none while deactivated."""
    if not user.is_authenticated or not user.is_active:
        return ()
    held = set(Membership.objects.filter(user=user).values_list("role", flat=True))
    return tuple(role for role in BOARD if role.key() in held)


def permissions_of(user: User | AnonymousUser) -> frozenset[Permission]:
    """All that somebody may do. Django's own marks (superuser, staff) allow nothing."""
    return frozenset().union(*(role.permissions for role in (*EVERYBODY, *roles_of(user))))


def may(user: User | AnonymousUser, permission: Permission) -> bool:
    """Whether somebody may do one thing."""
    return permission in permissions_of(user)


def holders(permission: Permission) -> QuerySet[User]:
    """Everybody in use whom a role of the board lets do one thing."""
    keys = [role.key() for role in BOARD if permission in role.permissions]
    people = Membership.objects.filter(role__in=keys).values("user")
    return get_user_model().objects.filter(pk__in=people, is_active=True)
