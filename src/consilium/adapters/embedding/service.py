"""An embedding service: where it is and what it is asked for; needs no numpy."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

HERE = ("localhost", "127.0.0.1", "::1")  # this machine


@dataclass(frozen=True, slots=True)
class Service:
    """A service that speaks OpenAI's ``/v1/embeddings``.

    Attributes:
        dimension: of the vectors that the model gives; an answer of another one is refused.
        patience: seconds in which a request must be answered, all tries and waits together.
    """

    url: str
    model: str
    dimension: int
    key: str | None = None
    query_prefix: str = ""
    document_prefix: str = ""
    patience: float = 10.0


def is_safe(url: str) -> bool:
    """Whether what is sent to an address can be read on the way by nobody."""
    try:
        parts = urlsplit(url)
        here = parts.scheme == "http" and parts.hostname in HERE
        return url.isascii() and bool(parts.hostname) and (parts.scheme == "https" or here)
    except ValueError:
        return False
