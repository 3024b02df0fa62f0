"""Who calls the interface, and what they may do there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.security import HttpBearer
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from consilium.site.api import tokens
from consilium.site.api.problems import Problem
from consilium.site.api.tokens import Scope
from consilium.site.articles.viewer import Viewer, viewer_of

_BAD_TOKEN = "This token is not known, has expired or was revoked; make a new one on the page /me/tokens/."  # noqa: S105 - a sentence
_FORGED = "The session alone is not enough for this; send the page's token in the header X-CSRFToken."
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever calls; always true, as the framework wants it."""

    viewer: Viewer


class Bearer(HttpBearer):
    """A token of a person. Where anybody may read, a token without the scope reads as anybody."""

    def __init__(self, scopes: tuple[Scope, ...], *, anybody: bool) -> None:
        """``scopes``: any one of them opens; ``anybody``: whether it is open without."""
        super().__init__()
        self._scopes, self._anybody = scopes, anybody

    def __call__(self, request: HttpRequest) -> Caller | None:
        """The caller; None if no token is shown."""
        stated = request.headers.get("Authorization", "")
        if not stated:
            return None
        kind, _, secret = stated.partition(" ")
        if kind.lower() != "bearer":
            raise Problem(401, _BAD_TOKEN)
        return self.authenticate(request, secret.strip())

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        """The caller whose token this is."""
        found = tokens.used(token)
        if found is None:
            raise Problem(401, _BAD_TOKEN)
        visitor = viewer_of(request).visitor
        if any(scope.value in found.scopes for scope in self._scopes):
            return Caller(Viewer(found.person, "", visitor))
        if self._anybody:
            return Caller(Viewer(None, "", visitor))
        wanted = " or ".join(f"“{scope.value}”" for scope in self._scopes)
        raise Problem(403, f"This token may not do this; it takes one with the scope {wanted}.")


class Session(AuthBase):
    """A browser that signed in, or that asked before. What changes data needs the page's token too."""

    openapi_type: str = "apiKey"
    openapi_in: str = "cookie"
    openapi_name: str = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Caller | None:
        """The caller; None if no session is known."""
        viewer = viewer_of(request)
        if viewer.person is None and not viewer.session:
            return None
        if request.method not in _SAFE and check_csrf(request):
            raise Problem(403, _FORGED)
        return Caller(viewer)


def anybody(request: HttpRequest) -> Caller:
    """A reader whom nothing tells apart."""
    return Caller(Viewer(None, "", viewer_of(request).visitor))


def only(*scopes: Scope) -> dict[str, Any]:
    """An operation for people: a session, or a token with one of the scopes."""
    extra = {"x-scopes": [s.value for s in scopes], "responses": problems(401, 403)}
    return {"auth": [Bearer(scopes, anybody=False), Session()], "openapi_extra": extra}


def readers(*scopes: Scope) -> dict[str, Any]:
    """An operation for everybody; a session or a token with one of the scopes shows what is one's own."""
    extra: dict[str, Any] = {
        "x-scopes": [s.value for s in scopes],
        "responses": problems(401),
        "security": [{}],
    }
    return {"auth": [Bearer(scopes, anybody=True), Session(), anybody], "openapi_extra": extra}


def described(access: dict[str, Any], *responses: dict[int, Any]) -> dict[str, Any]:
    """The same access, with more responses described."""
    extra = access["openapi_extra"]
    merged = dict(extra["responses"])
    for more in responses:
        merged.update(more)
    return {**access, "openapi_extra": {**extra, "responses": merged}}


def viewer_in(request: HttpRequest) -> Viewer:
    """The viewer whom an operation let in."""
    caller: Caller = request.auth  # type: ignore[attr-defined]
    return caller.viewer


def problems(*statuses: int) -> dict[int, Any]:
    """The problems of an operation, for its description."""
    words = {
        400: "The body cannot be read",
        401: "No token, or one that opens nothing",
        403: "The token or the session does not allow this",
        404: "There is nothing, or it is not yours to read",
        409: "This is not possible as things stand",
        422: "The request is not as documented",
        429: "Too many questions; see Retry-After",
        503: "Not ready",
    }
    shape = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {s: {"description": words[s], "content": {"application/problem+json": shape}} for s in statuses}
