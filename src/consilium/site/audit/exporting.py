"""The log as JSON Lines: each entry as it was hashed, with its hash, in the canonical form (RFC 8785)."""

from __future__ import annotations

from collections.abc import Iterator

import rfc8785

from consilium.site.audit.chain import body, entries

_UNREADABLE = (ValueError, TypeError, AttributeError, OverflowError)


def lines(after: int | None = None) -> Iterator[tuple[int, str | None]]:
    """Every entry by its number, as a line; None for one that cannot be read."""
    for sequence, entry in entries(after):
        try:
            yield sequence, rfc8785.dumps({**body(entry), "hash": entry.hash}).decode() if entry else None
        except _UNREADABLE:
            yield sequence, None
