"""Keep the head of the log in a file that the database's owner does not hold.

The file is only ever appended to: on another machine's disk, or on a medium that is written once.
A line is a moment and a head.
"""

from __future__ import annotations

import datetime
import os
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from consilium.errors import AuditBroken, ConfigurationError
from consilium.site.audit.chain import GENESIS, Head, head
from consilium.site.audit.models import AuditEntry

# What may be rewritten unseen is what was recorded since the newest line: a day's, or this many.
EVERY = datetime.timedelta(days=1)
EVERY_ENTRIES = 1000


@dataclass(frozen=True, slots=True)
class Anchor:
    """A head as it was at a moment."""

    at: datetime.datetime
    head: Head

    def __str__(self) -> str:
        """As it is written and read."""
        return f"{self.at.astimezone(datetime.UTC):%Y-%m-%dT%H:%M:%SZ} {self.head}"

    @classmethod
    def parse(cls, line: str) -> Anchor:
        """Read one.

        Raises:
            ValueError: it is none.
        """
        at, _, rest = line.partition(" ")
        moment = datetime.datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError("An anchor's moment is in UTC: 2026-01-31T12:00:00Z.")
        return cls(moment, Head.parse(rest))


@dataclass(frozen=True, slots=True)
class Kept:
    """What a file of anchors holds.

    Attributes:
        anchors: the oldest first.
        others: the numbers of lines that are none: one that broke off, a remark.
    """

    anchors: tuple[Anchor, ...]
    others: tuple[int, ...]


def anchor(*, now: bool = False) -> Head | None:
    """Append the head to the file of ``CONSILIUM_AUDIT_ANCHOR`` where it is due: daily, or every 1,000 entries.

    Args:
        now: whether it is due in any case.

    Returns:
        The head that was appended; None if none was due, nothing is new, or no file is set.

    Raises:
        AuditBroken: the newest head in the file is not in the log; nothing is appended.
        ConfigurationError: the file cannot be read or written.
        TransactionManagementError: inside a transaction, whose entries may never come to be.
    """
    path: Path | None = settings.ENVIRONMENT.audit_anchor
    if path is None:
        return None
    if connection.in_atomic_block:
        raise TransactionManagementError("What is anchored has to be committed.")
    moment, newest = timezone.now(), head()
    kept = kept_in(path)
    if kept and kept.anchors:
        last = kept.anchors[-1]
        if _hash_of(last.head.sequence) != last.head.hash:
            raise AuditBroken(
                f"The log does not hold the head {last.head.sequence} that {path} keeps: entries were rewritten "
                "or taken away. Nothing was added to the file; `consilium audit verify` says more."
            )
        new = newest.sequence - last.head.sequence
        if new == 0 or not (now or new >= EVERY_ENTRIES or moment - last.at >= EVERY):
            return None
    _append(path, Anchor(moment, newest))
    return newest


def kept_in(path: Path) -> Kept | None:
    """What a file of anchors holds; None where there is no such file.

    Raises:
        ConfigurationError: it cannot be read.
    """
    try:
        lines = path.read_text("utf-8", "replace").splitlines()
    except FileNotFoundError:
        return None
    except OSError as fault:
        raise ConfigurationError(
            f"The anchor file {path} cannot be read: {fault.strerror or fault}."
        ) from fault
    anchors, others = [], []
    for number, line in enumerate(lines, 1):
        try:
            anchors.append(Anchor.parse(line))
        except ValueError:
            others.append(number)
    return Kept(tuple(anchors), tuple(others))


def _hash_of(sequence: int) -> str | None:
    if sequence == 0:
        return GENESIS
    return AuditEntry.objects.filter(sequence=sequence).values_list("hash", flat=True).first()


def _append(path: Path, line: Anchor) -> None:
    """One write to the end, so that two processes do not write into each other's line."""
    try:
        broken_off = path.exists() and path.stat().st_size and not path.read_bytes().endswith(b"\n")
        out = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(out, f"{chr(10) if broken_off else ''}{line}\n".encode())
            os.fsync(out)
        finally:
            os.close(out)
    except OSError as fault:
        raise ConfigurationError(
            f"The anchor file {path} cannot be written: {fault.strerror or fault}."
        ) from fault
