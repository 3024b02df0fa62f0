"""Keep the secrets of second factors sealed: who reads the database alone cannot make codes."""

from __future__ import annotations

import base64
import secrets

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_PURPOSE = b"consilium: secrets of second factors"


class SealingAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped
    """Second factors as this site keeps them."""

    def encrypt(self, text: str) -> str:
        """Seal a secret with a key that is derived from the site's own."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open it; what another key has sealed becomes a secret that nobody knows, so no code fits."""
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(secrets.token_bytes(20)).decode()


def _box() -> Fernet:
    """HKDF (RFC 5869) over the site's secret; Fernet is AES-CBC with HMAC-SHA256."""
    derived = HKDF(SHA256(), 32, salt=None, info=_PURPOSE).derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
