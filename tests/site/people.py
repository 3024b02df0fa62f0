"""People of a board under test: with roles, and with or without a second factor."""

from __future__ import annotations

import time

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from consilium.site.accounts.models import Membership, User

WORD = "a long enough word"


def member(name: str, *roles: str) -> User:
    """Somebody with a confirmed address and these roles."""
    person = User.objects.create_user(f"{name}@example.org", WORD)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    for role in roles:
        Membership.objects.create(user=person, role=role)
    return person


def with_factor(person: User) -> User:
    """The same person, with an authenticator app and recovery codes."""
    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)
    return person


def browser(person: User, *, shown: bool = True, fresh: bool = False) -> Client:
    """A browser in which they are signed in.

    Args:
        shown: whether the second factor, where there is one, was shown at the sign-in.
        fresh: whether they have given their password just now.
    """
    client = Client()
    client.force_login(person)
    records = [{"method": "password", "at": time.time(), **({"reauthenticated": True} if fresh else {})}]
    if shown and Authenticator.objects.filter(user=person).exists():
        records.append({"method": "mfa", "at": time.time(), "type": "totp"})
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = records
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(person.pk)
    session.save()
    return client
