"""Errors as problem details (RFC 9457): one sentence that says what to do."""

from __future__ import annotations

import copy
import functools
import json
import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from consilium.errors import ConsiliumError, EditorialError, ProviderError, QuestionError
from consilium.site.api.validation import faults
from consilium.site.articles.actions import NotYours, TooOften
from consilium.site.articles.reading import Withdrawn
from consilium.site.unavailable import RETRY_SECONDS, reason

log = logging.getLogger("consilium.api")
MEDIA_TYPE = "application/problem+json"
NO_SUCH = "There is nothing at this address, or it is not yours to read."
WHO_ARE_YOU = "Send a token (Authorization: Bearer …), made on the page /me/tokens/, or sign in."
_SENTENCES = {400: "The body cannot be read; send one JSON object in UTF-8.", 401: WHO_ARE_YOU}
UNSEALED = (
    "This is reached by HTTPS only. A token that was sent just now could be read on the way: revoke it."
)
_HEALTH = ("/health", "/ready")
SORRY = "Something went wrong here. It is not your fault; try again later."


class Problem(Exception):
    """A refusal that knows its status."""

    def __init__(self, status: int, detail: str, **headers: str) -> None:
        """``headers``: with underscores for hyphens."""
        super().__init__(detail)
        self.status, self.detail = status, detail
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def problem(status: int, detail: str, headers: dict[str, str] | None = None, **more: Any) -> HttpResponse:
    """A problem as a response."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **more,
    }
    response = HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=MEDIA_TYPE)
    for name, value in (headers or {}).items():
        response[name] = value
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="Consilium"'
    return response


# The first kind that fits gives the status; a kind stands before those that it is a kind of.
_STATUSES: tuple[tuple[type[ConsiliumError], int], ...] = (
    (TooOften, 429),
    (QuestionError, 422),
    (NotYours, 403),
    (Withdrawn, 410),
    (EditorialError, 409),
    (ProviderError, 503),
)


def _of_core(fault: ConsiliumError) -> HttpResponse:
    """The response to an error of the core or of an action."""
    status = next((status for kind, status in _STATUSES if isinstance(fault, kind)), 500)
    if status == 500:
        log.error("the interface failed: %s", type(fault).__name__)
        return problem(500, SORRY)
    wait = max(1, fault.wait) if isinstance(fault, TooOften) else 5
    return problem(status, str(fault), {"Retry-After": str(wait)} if status in {429, 503} else None)


def _invalid(fault: ValidationError) -> HttpResponse:
    """What of a request is wrong, without the values: they are the asker's words."""
    errors = faults(fault.errors)
    first = errors[0]["says"] if errors else "The request is not as documented."
    return problem(422, f"{first} What it takes is in /api/v1/docs.", errors=errors)


def tell_problems(api: NinjaAPI) -> None:
    """Make an interface answer every error with a problem."""
    for kind in (Exception, HttpError, ValidationError, Http404):
        api.add_exception_handler(kind, _told)


def _told(_: HttpRequest, fault: Any) -> HttpResponse:
    """The response to any error."""
    if isinstance(fault, ConsiliumError):
        return _of_core(fault)
    if isinstance(fault, ValidationError):
        return _invalid(fault)
    if isinstance(fault, HttpError):
        detail = _SENTENCES.get(fault.status_code, str(fault))
        return problem(fault.status_code, detail)
    if isinstance(fault, Problem):
        return problem(fault.status, fault.detail, fault.headers)
    if isinstance(fault, Http404):
        return problem(404, NO_SUCH)
    return _unexpected(fault)


def _unexpected(fault: Exception) -> HttpResponse:
    """The response to what nobody foresaw, and to a database that is gone."""
    if gone := reason(fault):
        return problem(503, gone, {"Retry-After": str(RETRY_SECONDS)})
    log.error("the interface failed: %s", type(fault).__name__, exc_info=fault)
    return problem(500, SORRY)


def nowhere(request: HttpRequest) -> HttpResponse:
    """An address under the interface where nothing is."""
    return _unsealed(request) or problem(404, NO_SUCH)


nowhere.csrf_exempt = True  # type: ignore[attr-defined]


def allowing(view: Callable[..., Any]) -> Callable[..., Any]:
    """A view that answers HEAD as GET, and a method that it does not know with a problem."""
    if iscoroutinefunction(view):

        @functools.wraps(view)
        async def later(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
            return _unsealed(request) or _told_of(request, await view(_as_get(request), **kwargs))

        return later

    @functools.wraps(view)
    def now(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        return _unsealed(request) or _told_of(request, view(_as_get(request), **kwargs))

    return now


def _unsealed(request: HttpRequest) -> HttpResponse | None:
    """The refusal of what came by plain HTTP; whoever looks after the process may ask for its health so."""
    if request.is_secure() or not settings.SECURE_SSL_REDIRECT or request.path.endswith(_HEALTH):
        return None
    return problem(403, UNSEALED)


def _as_get(request: HttpRequest) -> HttpRequest:
    """A request whose HEAD is asked as GET."""
    if request.method != "HEAD":
        return request
    asked = copy.copy(request)
    asked.method = "GET"
    return asked


def _told_of(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """A response as it goes out, with what caches have to know; to HEAD without its body."""
    if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        methods = set(response["Allow"].split(", "))
        allowed = ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))
        response = problem(405, f"This address takes {allowed} only.", {"Allow": allowed})
    if request.method == "HEAD" and isinstance(response, HttpResponse):
        response.headers.setdefault("Content-Length", str(len(response.content)))
        response.content = b""
    elif request.method == "HEAD":
        # A stream is not begun.
        response = HttpResponse(status=response.status_code, headers=dict(response.items()))
    patch_vary_headers(response, ["Authorization"])
    return response
