"""What an operator does to people: give and take roles, switch accounts off and on, reset a second factor."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone

from consilium.errors import EditorialError
from consilium.site.accounts import events
from consilium.site.accounts.models import Membership, User
from consilium.site.accounts.roles import Operator, role_named


class YourOwn(EditorialError):
    """Nobody changes their own roles or account here. Ask another operator."""


class LastOperator(EditorialError):
    """This is the last operator. Make somebody else an operator first."""


class NoSuchRole(EditorialError):
    """There is no such role on the board."""


class NotInUse(EditorialError):
    """This account is switched off. Switch it on first."""


def give(*, role: str, to: User, by: User) -> None:
    """Give somebody a role; one that they hold already stays as it was.

    Raises:
        YourOwn: to oneself.
        NoSuchRole: the board has no such role.
        NotInUse: the account is switched off.
    """
    _check(role, to, by)
    if not to.is_active:
        raise NotInUse
    with transaction.atomic():
        _, made = Membership.objects.get_or_create(user=to, role=role, defaults={"given_by": by})
        if made:
            events.tell("role given", by, f"person:{to.pk}", {"role": role})


def take(*, role: str, of: User, by: User) -> None:
    """Take a role from somebody.

    Raises:
        YourOwn: from oneself.
        NoSuchRole: the board has no such role.
        LastOperator: nobody else could give it back.
    """
    _check(role, of, by)
    with transaction.atomic():
        if role == Operator.key():
            _another_operator_than(of)
        gone, _ = Membership.objects.filter(user=of, role=role).delete()
        if gone:
            events.tell("role taken", by, f"person:{of.pk}", {"role": role})


def deactivate(*, person: User, by: User) -> None:
    """Switch an account off: it cannot sign in, and whoever is signed in by it is out at once.

    Raises:
        YourOwn: one's own.
        LastOperator: nobody else could switch it on again.
    """
    if person.pk == by.pk:
        raise YourOwn
    with transaction.atomic():
        _another_operator_than(person)
        if User.objects.filter(pk=person.pk, is_active=True).update(
            is_active=False, deactivated=timezone.now()
        ):
            events.tell("person deactivated", by, f"person:{person.pk}", {})


def reactivate(*, person: User, by: User) -> None:
    """Switch an account on again, with the roles that it had.

    Raises:
        NotInUse: its personal data were deleted meanwhile; there is nobody to switch on.
    """
    with transaction.atomic():
        off = User.objects.filter(pk=person.pk, is_active=False)
        if not off.filter(forgotten=None).update(is_active=True, deactivated=None):
            raise NotInUse("This account was emptied, or is in use already.")
        events.tell("person reactivated", by, f"person:{person.pk}", {})


def reset_second_factor(*, person: User, by: User) -> None:
    """Forget the second factor of somebody who has lost it; they set up a new one at their next visit.

    Raises:
        YourOwn: one's own.
    """
    if person.pk == by.pk:
        raise YourOwn
    with transaction.atomic():
        gone, _ = Authenticator.objects.filter(user=person).delete()
        if gone:
            events.tell("second factor reset", by, f"person:{person.pk}", {})


def may_leave(person: User) -> None:
    """Check, inside the transaction that deletes an account, that the site keeps an operator.

    Raises:
        LastOperator: it would not.
    """
    _another_operator_than(person)


def _check(role: str, person: User, by: User) -> None:
    if person.pk == by.pk:
        raise YourOwn
    if role_named(role) is None:
        raise NoSuchRole


def _another_operator_than(person: User) -> None:
    """Refuse where no other operator in use would be left; rows stay locked until the change is kept."""
    operators = Membership.objects.select_for_update().filter(role=Operator.key(), user__is_active=True)
    holders = set(operators.values_list("user", flat=True))
    if person.pk in holders and holders == {person.pk}:
        raise LastOperator
