"""Headers that Django has no setting for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

Answer = HttpResponseBase | Awaitable[HttpResponseBase]
_HEADERS = {
    "Permissions-Policy": "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# For tools only: what is meant for one person is not for a cache on the way.
_PERSONAL = "private, no-store"
# With the session goes what the browser still holds of its pages.
_FORGET = '"cache", "storage"'


def _dressed(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    known = request.COOKIES.get("sessionid") or "Authorization" in request.headers
    if known and isinstance(response, HttpResponse):
        response.headers.setdefault("Cache-Control", _PERSONAL)
    session = response.cookies.get("sessionid")
    if session is not None and not session.value:
        response.headers["Clear-Site-Data"] = _FORGET
    return response


@sync_and_async_middleware
def more_headers(get_response: Callable[[HttpRequest], Answer]) -> Callable[[HttpRequest], Answer]:
    """Refuse the browser's powers that no page needs; keep personal pages out of every cache."""
    if iscoroutinefunction(get_response):

        async def later(request: HttpRequest) -> HttpResponseBase:
            return _dressed(request, await get_response(request))

        return later

    def now(request: HttpRequest) -> HttpResponseBase:
        return _dressed(request, get_response(request))  # type: ignore[arg-type]

    return now
