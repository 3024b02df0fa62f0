"""The secrets of second factors are sealed where they are kept."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from tests.site.people import member

from consilium.site.accounts.sealing import SealingAdapter

pytestmark = pytest.mark.django_db


def test_the_database_alone_does_not_hold_the_secret_of_an_authenticator_app():
    secret = generate_totp_secret()
    TOTP.activate(member("ada"), secret)
    kept = str(Authenticator.objects.get().data)
    assert secret not in kept
    assert SealingAdapter().decrypt(Authenticator.objects.get().data["secret"]) == secret


def test_what_another_key_has_sealed_fits_no_code(settings):
    sealed = SealingAdapter().encrypt("JBSWY3DPEHPK3PXP")
    settings.SECRET_KEY = "another key, of at least fifty characters, so that it is long"  # noqa: S105 - made up
    opened = {SealingAdapter().decrypt(sealed) for _ in range(3)}
    assert "JBSWY3DPEHPK3PXP" not in opened
    assert len(opened) == 3
