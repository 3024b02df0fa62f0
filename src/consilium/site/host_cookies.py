"""Over HTTPS every cookie is bound to this very host, by the prefix that browsers know: ``__Host-``.

A browser takes such a cookie only sealed and without a domain: no other host, no neighbour under the
same domain and no plain connection can set or replace it. The site's own code says the plain names.
"""

from __future__ import annotations

from collections.abc import Callable

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

from consilium.site.headers import Answer

PREFIX = "__Host-"


@sync_and_async_middleware
def host_cookies(get_response: Callable[[HttpRequest], Answer]) -> Callable[[HttpRequest], Answer]:
    """Read cookies with the prefix alone, and send every cookie with it; nothing without HTTPS."""
    if iscoroutinefunction(get_response):

        async def later(request: HttpRequest) -> HttpResponseBase:
            _read(request)
            return _sent(await get_response(request))

        return later

    def now(request: HttpRequest) -> HttpResponseBase:
        _read(request)
        return _sent(get_response(request))  # type: ignore[arg-type]

    return now


def _read(request: HttpRequest) -> None:
    if settings.SESSION_COOKIE_SECURE:
        bound = {name: value for name, value in request.COOKIES.items() if name.startswith(PREFIX)}
        request.COOKIES = {name.removeprefix(PREFIX): value for name, value in bound.items()}


def _sent(response: HttpResponseBase) -> HttpResponseBase:
    if settings.SESSION_COOKIE_SECURE:
        for name in list(response.cookies):
            cookie = response.cookies.pop(name)
            cookie.set(PREFIX + name, cookie.value, cookie.coded_value)
            cookie["secure"], cookie["path"], cookie["domain"] = True, "/", ""
            response.cookies[PREFIX + name] = cookie
    return response
