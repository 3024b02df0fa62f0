"""Secrets in addresses that work once: made, kept as a digest only, found again, used up."""

from __future__ import annotations

import datetime
import hashlib
import secrets
from typing import TypeVar

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from consilium.site.accounts.models import Invitation, OperatorLink

INVITATION_LASTS = datetime.timedelta(days=7)
OPERATOR_LINK_LASTS = datetime.timedelta(days=1)
L = TypeVar("L", Invitation, OperatorLink)


def new_secret() -> tuple[str, str]:
    """A secret of 256 bits and its digest. It is random enough that no salt is needed."""
    secret = secrets.token_urlsafe(32)
    return secret, digest(secret)


def digest(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def find(kind: type[L], secret: str) -> L | None:
    """The link with this secret, if it still works."""
    return kind.working().filter(digest=digest(secret)).first()


def use(link: Invitation | OperatorLink) -> bool:
    """Use a link up; False where somebody else was quicker. The database decides."""
    return bool(type(link).working().filter(pk=link.pk, digest=link.digest).update(used=timezone.now()))


def address_of(link: Invitation | OperatorLink, secret: str) -> str:
    """The address under which a link works."""
    return absolute(reverse("join" if isinstance(link, Invitation) else "become-operator", args=[secret]))


def absolute(path: str) -> str:
    """The whole address of a page, for mails and the command line, where no request says it."""
    return f"{settings.ENVIRONMENT.address}{path}"
