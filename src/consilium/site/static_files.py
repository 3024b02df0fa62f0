"""Files for browsers, sent whole.

WhiteNoise hands over an open file, which Django, asked by ASGI, reads to its end anyway, and warns of
it. The files are small, and browsers keep them for ever.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]  # it is untyped
    """Serves the collected files."""

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> HttpResponse:
        """A file, or what stands for it: 304, a part, a redirection."""
        found = WhiteNoiseMiddleware.serve(static_file, request)
        whole = HttpResponse(found.getvalue(), status=found.status_code, headers=dict(found.items()))
        if not found.has_header("Content-Type"):
            del whole["Content-Type"]
        found.close()
        return whole
