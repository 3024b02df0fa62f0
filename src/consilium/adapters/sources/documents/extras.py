"""Libraries that read documents are an extra; without it a clear message says what to install."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from consilium.errors import ConfigurationError


@contextmanager
def needs(library: str) -> Iterator[None]:
    """Import ``library`` within; where it is missing, say how to get it."""
    try:
        yield
    except ImportError as fault:
        raise ConfigurationError(
            f"To read this kind of document, {library} is needed: pip install 'consilium[docs]'."
        ) from fault
