"""What a reader is told while the database is gone or the disk is full; nothing is lost then.

Django calls a handler of its own for whatever nobody caught. Where that was the database, the
answer is a 503 that says what still works and when to try again, else the usual page.
"""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

RETRY_SECONDS = 10
GONE = "The site cannot reach its database just now. Nothing that you asked before is lost."
FULL = "The site can be read, but it can keep nothing new just now. Nothing that you asked before is lost."
# How SQLite and PostgreSQL say that they can read but not write.
_CANNOT_WRITE = ("disk is full", "readonly database", "read-only", "no space left", "disk i/o error")


def reason(fault: BaseException | None) -> str | None:
    """The sentence for a fault of the database, or None if it is another one."""
    seen: set[int] = set()
    while fault is not None and id(fault) not in seen:
        seen.add(id(fault))
        if isinstance(fault, (OperationalError, InterfaceError)):
            told = str(fault).lower()
            return FULL if any(words in told for words in _CANNOT_WRITE) else GONE
        fault = fault.__cause__ or fault.__context__
    return None


def server_error(_: HttpRequest) -> HttpResponse:
    """The page for what nobody caught."""
    words = reason(sys.exc_info()[1])
    if words is None:
        return HttpResponse(render_to_string("500.html"), status=500)
    response = HttpResponse(render_to_string("unavailable.html", {"words": words}), status=503)
    response["Retry-After"] = str(RETRY_SECONDS)
    response["Cache-Control"] = "no-store"
    return response
