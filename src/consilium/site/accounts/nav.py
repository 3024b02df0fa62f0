"""What the head of a page needs to know about whoever is signed in."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from consilium.site.accounts import notices
from consilium.site.accounts.roles import permissions_of


def signed_in(request: HttpRequest) -> dict[str, Any]:
    """Template context: unread notices and what one may do, asked of the database only where shown."""
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return {}
    return {
        "unread": cache(lambda: notices.unread(person)),
        "my_permissions": cache(lambda: permissions_of(person)),
    }


def services(_: HttpRequest) -> dict[str, Any]:
    """Template context: by which services of others people may sign in."""
    return {"services": settings.ENVIRONMENT.services}
