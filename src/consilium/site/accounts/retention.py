"""Delete what the site has no more reason to keep about people."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string

from consilium.site.accounts import events
from consilium.site.accounts.models import Invitation, Membership, Notice, OperatorLink, User

NOTICES_LAST = datetime.timedelta(days=90)
LINKS_LAST = datetime.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Tidied:
    """How many rows went."""

    notices: int
    links: int
    people: int


def tidy(now: datetime.datetime | None = None) -> Tidied:
    """Delete read notices after 90 days, dead links after 30, personal data of accounts long switched off.

    It may be called as often as one likes, and by several workers: what is gone is gone once.
    """
    now = now or timezone.now()
    notices, _ = Notice.objects.filter(read__lt=now - NOTICES_LAST).delete()
    # A link is dead when it was used, taken back or has expired. It is kept for a while, so that
    # the page of invitations can say what became of it.
    dead = Q(expires__lt=now - LINKS_LAST) | Q(used__lt=now - LINKS_LAST)
    invitations, _ = Invitation.objects.filter(dead | Q(revoked__lt=now - LINKS_LAST)).delete()
    operator_links, _ = OperatorLink.objects.filter(dead).delete()
    off_since = now - datetime.timedelta(days=settings.ENVIRONMENT.retention_days)
    long_off = User.objects.filter(is_active=False, forgotten=None, deactivated__lt=off_since)
    people = sum(_forget(person, now) for person in long_off)
    return Tidied(notices, invitations + operator_links, people)


def _forget(person: User, now: datetime.datetime) -> bool:
    """Empty an account; what it did for the board stays, and points to nobody."""
    with transaction.atomic():
        claimed = User.objects.filter(pk=person.pk, is_active=False, forgotten=None)
        emptied = {
            "email": f"gone-{person.pk}@invalid",
            "first_name": "",
            "last_name": "",
            "last_login": None,
        }
        if not claimed.update(forgotten=now, password=make_password(None), **emptied):
            return False
        for mine in (EmailAddress, Authenticator, Membership, Notice):
            mine._default_manager.filter(user=person).delete()  # noqa: SLF001 - Django's name for it
        if apps.is_installed("allauth.socialaccount"):
            from allauth.socialaccount.models import SocialAccount  # noqa: PLC0415 - only where it is set

            SocialAccount.objects.filter(user=person).delete()
        Invitation.objects.filter(email__iexact=person.email).delete()
        for name in settings.FORGET_PERSON:
            import_string(name)(person=person)
        events.tell("person forgotten", None, f"person:{person.pk}", {})
    return True
