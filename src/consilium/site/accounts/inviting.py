"""Invite somebody to the board, send the invitation again, take it back."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from consilium.errors import EditorialError
from consilium.site.accounts import events, links, post
from consilium.site.accounts.models import Invitation, User
from consilium.site.accounts.roles import role_named


class NoAddress(EditorialError):
    """This is no e-mail address. Write it as ada@example.org."""


class NoRole(EditorialError):
    """Choose at least one role."""


class NotOpen(EditorialError):
    """This invitation was accepted or taken back already."""


def invite(*, email: str, roles: Iterable[str], by: User) -> Invitation:
    """Invite somebody; the secret leaves only in the mail.

    Raises:
        NoAddress: it is no address.
        NoRole: no role, or one that does not exist.
    """
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as fault:
        raise NoAddress from fault
    wanted = sorted(set(roles))
    if not wanted or not all(role_named(key) for key in wanted):
        raise NoRole
    secret, kept = links.new_secret()
    with transaction.atomic():
        made = Invitation.objects.create(
            email=address,
            roles=wanted,
            digest=kept,
            expires=timezone.now() + links.INVITATION_LASTS,
            invited_by=by,
        )
        events.tell("person invited", by, f"invitation:{made.pk}", {"roles": wanted})
    _send(made, secret)
    return made


def send_again(*, invitation: Invitation, by: User) -> None:
    """Send a new link with a new week; the earlier link stops working.

    Raises:
        NotOpen: it was accepted or taken back.
    """
    secret, kept = links.new_secret()
    with transaction.atomic():
        still = Invitation.objects.filter(pk=invitation.pk, used=None, revoked=None)
        if not still.update(digest=kept, expires=timezone.now() + links.INVITATION_LASTS):
            raise NotOpen
        events.tell("invitation sent again", by, f"invitation:{invitation.pk}", {})
    _send(invitation, secret)


def revoke(*, invitation: Invitation, by: User) -> None:
    """Take an invitation back.

    Raises:
        NotOpen: it was accepted or taken back.
    """
    with transaction.atomic():
        still = Invitation.objects.filter(pk=invitation.pk, used=None, revoked=None)
        if not still.update(revoked=timezone.now()):
            raise NotOpen
        events.tell("invitation taken back", by, f"invitation:{invitation.pk}", {})


def _send(invitation: Invitation, secret: str) -> None:
    context = {
        "link": links.address_of(invitation, secret),
        "roles": [role_named(key) for key in invitation.roles],
        "days": links.INVITATION_LASTS.days,
    }
    post.send([invitation.email], "invitation", context)
