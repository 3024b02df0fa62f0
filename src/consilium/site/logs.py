"""Logs in plain lines that hold no words of a reader: no question, no search, no form."""

from __future__ import annotations

import logging
import time
import traceback
from pathlib import Path
from typing import Any

_DEEPEST = 8


class Lines(logging.Formatter):
    """One line a record; of an exception its class and where it went through, never its message.

    An exception's message may quote what somebody typed; the places in the code do not. Times are
    those of UTC, and say so.
    """

    converter = time.gmtime  # type: ignore[assignment]  # typeshed knows one of its two forms
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name is logging's
        """The exception on one line."""
        kind, _, trace = ei
        frames = traceback.extract_tb(trace)[-_DEEPEST:]
        places = " < ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in reversed(frames))
        return f"{kind.__name__ if kind else 'nothing'} at {places}"

    def format(self, record: logging.LogRecord) -> str:
        """The record, without a line break."""
        record.exc_text = None
        return " | ".join(super().format(record).splitlines())


class NoWords(logging.Filter):
    """Of a request, a log keeps the method, the status and the address's pattern."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite a record that is about a request."""
        request = getattr(record, "request", None)
        if request is not None and record.name != "django.security.DisallowedHost":
            match = getattr(request, "resolver_match", None)
            route = match.route if match else "(no such address)"
            status = getattr(record, "status_code", "")
            record.msg, record.args = "%s %s /%s", (status, request.method, route)
        return True


_SETTING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": Lines, "format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {"no_words": {"()": NoWords}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "lines", "filters": ["no_words"]},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "consilium": {"level": "INFO"},
        # Django's own handlers would mail errors and print whole tracebacks.
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.db.backends": {"level": "WARNING"},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        "uvicorn": {"handlers": [], "level": "WARNING", "propagate": True},
    },
}


def logging_setting() -> dict[str, Any]:
    """Django's ``LOGGING``."""
    return _SETTING
