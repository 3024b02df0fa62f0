"""Errors as problem details (RFC 9457): one sentence that says what to do."""

from __future__ import annotations

import functools
import json
import logging
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from consilium.errors import ConsiliumError, EditorialError, ProviderError, QuestionError
from consilium.site.articles.actions import NotYours, TooOften
from consilium.site.articles.reading import Withdrawn
from consilium.site.unavailable import RETRY_SECONDS, reason

log = logging.getLogger("consilium.api")
MEDIA_TYPE = "application/problem+json"
NO_SUCH = "There is nothing at this address, or it is not yours to read."
WHO_ARE_YOU = "Send a token (Authorization: Bearer …), made on the page /me/tokens/, or sign in."
_SENTENCES = {400: "The body cannot be read; send one JSON object in UTF-8.", 401: WHO_ARE_YOU}
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
    errors = [{"at": _place(e["loc"]), "says": e["msg"]} for e in fault.errors]
    first = errors[0] if errors else {"at": "request", "says": "Not as documented"}
    return problem(422, f"{first['at']}: {first['says']}. What it takes is in /api/v1/docs.", errors=errors)


def _place(loc: Sequence[Any]) -> str:
    """Where a fault is: ``body.question``, without the framework's own name for the body."""
    return ".".join(map(str, [loc[0], *loc[2:]] if loc[0] == "body" and len(loc) > 2 else loc))


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


def nowhere(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """An address under the interface where nothing is."""
    return problem(404, NO_SUCH)


nowhere.csrf_exempt = True  # type: ignore[attr-defined]


def allowing(view: Callable[..., Any]) -> Callable[..., Any]:
    """A view that tells a method it does not know with a problem, and caches what it depends on."""

    def told(response: HttpResponse) -> HttpResponse:
        patch_vary_headers(response, ["Authorization"])
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            return response
        allowed = ", ".join(sorted(response["Allow"].split(", ")))
        return problem(405, f"This address takes {allowed} only.", {"Allow": allowed})

    if iscoroutinefunction(view):

        @functools.wraps(view)
        async def later(*args: Any, **kwargs: Any) -> HttpResponse:
            return told(await view(*args, **kwargs))

        return later

    @functools.wraps(view)
    def now(*args: Any, **kwargs: Any) -> HttpResponse:
        return told(view(*args, **kwargs))

    return now
