"""Forms on kept pages carry no token: the browser's own word on where a form was sent from decides.

See ``docs/adr/0008-pages-without-tokens.md``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from consilium.site.page_cache import STRANGER

_SITE = "Sec-Fetch-Site"
_LONGEST = 4000
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
View = Callable[..., HttpResponseBase]


class SameOriginMiddleware:
    """Decides before Django's own protection, which stands behind it and demands the token.

    A request whose browser says that it comes from another site is refused, with or without a
    token. For the forms in ``TOKEN_FREE_FORMS`` the browser's word that it comes from this site is
    enough. Everything else is left to Django. Were this class taken out, every form would need
    its token again.
    """

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """``get_response``: the next middleware."""
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Nothing is decided before the view is known."""
        return self._next(request)

    def process_view(self, request: HttpRequest, view: View, _args: Any, _more: Any) -> HttpResponse | None:
        """Refuse, accept, or leave it to Django; in the last two cases None."""
        if request.method in _SAFE or getattr(view, "csrf_exempt", False):
            return None
        word, origin = request.headers.get(_SITE), request.headers.get("Origin")
        ours = origin in {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
        if word in {"cross-site", "same-site"} or (origin is not None and not ours):
            return refused(request, "The request comes from another site.")
        if _token_free(request) and (word == "same-origin" or ours):
            # The mark by which Django's own middleware knows that a request has been checked.
            request.csrf_processing_done = True  # type: ignore[attr-defined]
        return None


def _token_free(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.view_name in settings.TOKEN_FREE_FORMS


def token(request: HttpRequest) -> dict[str, str]:
    """Template context: on a page that may be kept for others ``{% csrf_token %}`` writes nothing."""
    scope = getattr(request, "scope", {})
    return {"csrf_token": ""} if scope.get(STRANGER) else {}


def refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without proof: ask the reader to confirm, or say that it was refused.

    Only an old browser sends neither header and no token. Its reader sees what would be sent and
    confirms it on a page that carries a token. What comes from another site is never offered.
    """
    silent = _SITE not in request.headers and "Origin" not in request.headers
    if _token_free(request) and silent:
        sent = [(k, v[:_LONGEST]) for k, v in request.POST.items() if k != "csrfmiddlewaretoken"]
        context = {"sent": sent, "to": request.path}
        return render(request, "confirm.html", context, status=403)
    return render(request, "403_csrf.html", {"reason": reason}, status=403)
