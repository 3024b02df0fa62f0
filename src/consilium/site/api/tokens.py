"""Make, use and take back tokens."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from enum import StrEnum

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from consilium.errors import EditorialError
from consilium.site.accounts.models import User
from consilium.site.api.models import ApiToken


class Scope(StrEnum):
    """What a token may open."""

    READ = "read"
    ASK = "ask"
    PUBLISH = "publish"


WORDS = {
    Scope.READ: "Read your own articles and runs",
    Scope.ASK: "Ask questions in your name, follow them and cancel them",
    Scope.PUBLISH: "Publish your own articles",
}
DAYS = (30, 90, 365)
MOST = 20
_PREFIX = "consilium_"
_MINUTE = datetime.timedelta(minutes=1)


class TokenRefused(EditorialError):
    """This token cannot be made."""


def create(*, name: str, scopes: Iterable[str], days: int, by: User) -> tuple[ApiToken, str]:
    """Make a token.

    Returns:
        Its row and the token itself, which is shown now and never again.

    Raises:
        TokenRefused: it has no name or scope, or the person has too many.
    """
    known: list[str] = [scope.value for scope in Scope if scope.value in set(scopes)]
    label = " ".join(name.replace("\0", "").split())[:80]
    if not label:
        raise TokenRefused("Give the token a name, so that you know it again.")
    if not known:
        raise TokenRefused("Choose at least one thing that the token may do.")
    if days not in DAYS:
        raise TokenRefused(f"A token lasts {', '.join(map(str, DAYS[:-1]))} or {DAYS[-1]} days.")
    now = timezone.now()
    if ApiToken.objects.filter(person=by, revoked=None, expires__gt=now).count() >= MOST:
        raise TokenRefused(f"You have {MOST} tokens; revoke one that you no longer need.")
    secret = _PREFIX + secrets.token_urlsafe(32)
    expires = now + datetime.timedelta(days=days)
    row = ApiToken.objects.create(
        person=by, name=label, digest=digest_of(secret), scopes=known, expires=expires
    )
    return row, secret


def revoke(*, token: int, by: User) -> bool:
    """Take a token back.

    Returns:
        Whether there was one of this person to take back.
    """
    own = ApiToken.objects.filter(pk=token, person=by, revoked=None)
    return bool(own.update(revoked=timezone.now()))


def used(secret: str) -> ApiToken | None:
    """The token that a program shows, if it opens anything; notes the time."""
    now = timezone.now()
    live = Q(revoked=None, expires__gt=now, person__is_active=True)
    found = ApiToken.objects.select_related("person").filter(live, digest=digest_of(secret)).first()
    if found is not None:
        stale = Q(last_used=None) | Q(last_used__lt=now - _MINUTE)
        # At most once a minute, so that reading does not become writing.
        ApiToken.objects.filter(stale, pk=found.pk).update(last_used=now)
    return found


def digest_of(secret: str) -> str:
    """The keyed digest under which a token is kept: of no use without the site's secret."""
    key = hashlib.sha256(b"consilium.site.api.token" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, secret.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def forget(*, person: User) -> None:
    """Delete every token of a person whose account is emptied."""
    ApiToken.objects.filter(person=person).delete()
