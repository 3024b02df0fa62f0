"""Join the board by a link: with a new account, or with the one that somebody has."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from consilium.errors import EditorialError
from consilium.site.accounts import events, links
from consilium.site.accounts.models import Invitation, Membership, OperatorLink, User
from consilium.site.accounts.roles import Operator


class LinkIsSpent(EditorialError):
    """This link does not work any more: it was used, taken back or is too old. Ask for a new one."""


class AnotherPerson(EditorialError):
    """This invitation is for another address than yours. Sign out, then open the link again."""


class HasAnAccount(EditorialError):
    """There is an account with this address. Sign in, then open the link again."""


AnyLink = Invitation | OperatorLink


def grants(link: AnyLink) -> list[str]:
    """The keys of the roles that a link gives."""
    return list(link.roles) if isinstance(link, Invitation) else [Operator.key()]


def join(link: AnyLink, person: User) -> None:
    """Give a person the roles of a link, and use it up.

    Raises:
        AnotherPerson: the invitation went to another address.
        LinkIsSpent: somebody was quicker, or it was taken back meanwhile.
    """
    if isinstance(link, Invitation) and link.email not in _addresses(person):
        raise AnotherPerson
    with transaction.atomic():
        if not links.use(link):
            raise LinkIsSpent
        by = link.invited_by if isinstance(link, Invitation) else None
        for role in grants(link):
            Membership.objects.get_or_create(user=person, role=role, defaults={"given_by": by})
        if isinstance(link, Invitation):
            _confirm(person, link.email)  # the link came by mail to this address
        events.tell(
            "invitation accepted" if isinstance(link, Invitation) else "operator link used",
            person,
            f"person:{person.pk}",
            {"roles": grants(link), "link": link.pk},
        )


def join_anew(link: AnyLink, *, email: str, password: str) -> User:
    """Make an account and give it the roles of a link.

    Raises:
        HasAnAccount: the address has an account already; its holder signs in first.
        LinkIsSpent: somebody was quicker, or it was taken back meanwhile.
    """
    address = link.email if isinstance(link, Invitation) else email.strip().lower()
    if has_account(address):
        raise HasAnAccount
    with transaction.atomic():
        person = User.objects.create_user(address, password)
        # Whoever runs the command line vouches for the first operator's address.
        _confirm(person, address)
        join(link, person)
    return person


def has_account(address: str) -> bool:
    """Whether an address is that of an account, or a further one of an account."""
    by_further = EmailAddress.objects.filter(email__iexact=address).exists()
    return User.objects.filter(email__iexact=address).exists() or by_further


def _addresses(person: User) -> set[str]:
    further = EmailAddress.objects.filter(user=person).values_list("email", flat=True)
    return {person.email.lower(), *(address.lower() for address in further)}


def _confirm(person: User, address: str) -> None:
    main = address.lower() == person.email.lower()
    EmailAddress.objects.update_or_create(
        user=person, email=address, defaults={"verified": True, **({"primary": True} if main else {})}
    )


def operator_can_sign_in() -> bool:
    """Whether there is an operator whose account is in use."""
    return Membership.objects.filter(role=Operator.key(), user__is_active=True).exists()


def new_operator_link() -> str:
    """A new link for an operator; earlier ones stop working."""
    secret, kept = links.new_secret()
    now = timezone.now()
    with transaction.atomic():
        OperatorLink.objects.filter(used=None).delete()
        made = OperatorLink.objects.create(digest=kept, expires=now + links.OPERATOR_LINK_LASTS)
        events.tell("operator link made", None, f"operator-link:{made.pk}", {})
    return links.address_of(made, secret)


def first_operator_link() -> str | None:
    """The link for the first operator, once: None where one was made or one has joined."""
    if OperatorLink.objects.exists() or Membership.objects.filter(role=Operator.key()).exists():
        return None
    return new_operator_link()
