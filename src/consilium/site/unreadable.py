"""Requests that hold a NUL are turned away before anything is looked up.

No text has one, and PostgreSQL takes none: each would end as a fault of the site.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

_NUL = "\0"


class NoNul:
    """Answers 400 to a NUL in the query or a form, 404 in the address, and reads no cookie with one.

    The interface for programs, whose views take no form's protection, sees to its own input: its
    answers are problems, not pages.
    """

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """``get_response``: the next middleware."""
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """A session is looked up by its cookie on every page, also on one that there is not."""
        for name in [name for name, value in request.COOKIES.items() if _NUL in value]:
            del request.COOKIES[name]
        return self._next(request)

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _more: Any) -> None:
        """Refuse what the view could not look up."""
        if getattr(view, "csrf_exempt", False):
            return
        if _NUL in request.path:
            raise Http404
        if any(_NUL in words for words in _sent(request)):
            raise BadRequest("The request holds a NUL.")


def _sent(request: HttpRequest) -> Iterator[str]:
    """The words of the query and of a form."""
    for form in (request.GET, request.POST):
        for name, values in form.lists():
            yield name
            yield from map(str, values)
