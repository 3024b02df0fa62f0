"""The chain: what is hashed, the head that stands for the whole log, and the entries one by one."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

from django.db import DatabaseError

from consilium.adapters.contract.codec import digest
from consilium.site.audit.details import reference
from consilium.site.audit.models import AuditEntry

FORMAT = "consilium/audit/1"
GENESIS = "sha256:" + "0" * 64
_PAGE = 500
# What reading a row can raise that somebody filled by hand (SQLite takes anything).
_UNREADABLE = (ValueError, TypeError, DatabaseError)


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry's number and hash: whoever holds it can tell whether the log up to there is the same."""

    sequence: int
    hash: str

    def __str__(self) -> str:
        """As it is written and read: ``12:sha256:…``."""
        return f"{self.sequence}:{self.hash}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read one.

        Raises:
            ValueError: it is none.
        """
        sequence, _, hashed = text.strip().partition(":")
        if not (sequence.isascii() and sequence.isdigit() and hashed.startswith("sha256:")):
            raise ValueError("A head is SEQUENCE:sha256:HASH.")
        return cls(int(sequence), reference(hashed))


def body(entry: AuditEntry, sequence: int | None = None) -> dict[str, Any]:
    """What is hashed of an entry; ``sequence``: as if it stood there."""
    at = entry.at.astimezone(datetime.UTC)
    return {
        "format": FORMAT,
        "sequence": entry.sequence if sequence is None else sequence,
        "at": at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "action": entry.action,
        "subject": entry.subject,
        "actor": entry.actor,
        "details": entry.details,
        "previous": entry.previous,
    }


def digest_of(entry: AuditEntry, sequence: int | None = None) -> str:
    """The hash that an entry must have: SHA-256 of the canonical JSON (RFC 8785) of its ``body``."""
    return digest(body(entry, sequence))


def head() -> Head:
    """The newest entry; number 0 where there is none yet."""
    newest = AuditEntry.objects.order_by("-sequence").values_list("sequence", "hash").first()
    return Head(*newest) if newest else Head(0, GENESIS)


def entries(after: int | None = None) -> Iterator[tuple[int, AuditEntry | None]]:
    """Every entry by its number, page by page; None for one that cannot be read at all."""
    while page := _page(after):
        yield from page
        after = page[-1][0]


def _page(after: int | None) -> list[tuple[int, AuditEntry | None]]:
    rows = AuditEntry.objects.order_by("sequence")
    rows = rows if after is None else rows.filter(sequence__gt=after)
    try:
        return [(entry.sequence, entry) for entry in rows[:_PAGE]]
    except _UNREADABLE:
        return [(number, _one(number)) for number in rows.values_list("sequence", flat=True)[:_PAGE]]


def _one(sequence: int) -> AuditEntry | None:
    try:
        return AuditEntry.objects.get(sequence=sequence)
    except _UNREADABLE:
        return None
