"""Who is let in to the pages of the board: whoever may do what they are for, with a second factor."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from consilium.domain.permission import Permission
from consilium.site.accounts.models import User
from consilium.site.accounts.roles import may


class SignedIn(HttpRequest):
    """A request of somebody who has signed in."""

    user: User


View = Callable[..., HttpResponseBase]
SET_UP = "The pages of the board ask for a second factor. Set one up here, then go on."
# A day at the desk: what NIST SP 800-63B-3 (4.2.3) asks of its second level of assurance.
FACTOR_LASTS = 12 * 60 * 60
_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def factors_of(person: User) -> list[str]:
    """The kinds of second factor that a person has set up; recovery codes alone are none."""
    kinds = Authenticator.objects.filter(user=person, type__in=_FACTORS).order_by("type")
    return list(kinds.values_list("type", flat=True).distinct())


def board_member(permission: Permission) -> Callable[[View], View]:
    """Let in to a view whoever may do this, once they have shown their second factor in this session."""

    def decorate(view: View) -> View:
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **more: Any) -> HttpResponseBase:
            return hindrance(request, permission) or view(request, *args, **more)

        return guarded

    return decorate


def hindrance(request: HttpRequest, permission: Permission) -> HttpResponse | None:
    """Where somebody has to go first; None where nothing stands in the way.

    Raises:
        PermissionDenied: they may not do this.
    """
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if not may(request.user, permission):
        raise PermissionDenied
    if not settings.ENVIRONMENT.second_factor:
        return None
    return _second_factor_first(request, request.user)


def _second_factor_first(request: HttpRequest, person: User) -> HttpResponse | None:
    """To the set-up where there is no factor; to its proof where this session began without it."""
    factors = factors_of(person)
    if not factors:
        messages.warning(request, SET_UP)
        return redirect("mfa_index")
    records = get_authentication_records(request, person)
    if any(record.get("method") == "mfa" and record["at"] > time.time() - FACTOR_LASTS for record in records):
        return None
    page = "mfa_reauthenticate" if Authenticator.Type.TOTP in factors else "mfa_reauthenticate_webauthn"
    # A form that was sent is not repeated by itself.
    back = request.get_full_path() if request.method in {"GET", "HEAD"} else reverse("home")
    return redirect(f"{reverse(page)}?{urlencode({'next': back})}")


def shown_at_setup(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    """Setting a factor up proves it: it is not asked for again in the same session."""
    if authenticator.type in _FACTORS:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


authenticator_added.connect(shown_at_setup, dispatch_uid="shown at setup")
