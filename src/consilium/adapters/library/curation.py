"""What a curator does to a library: add records, all or none, and check what is there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from consilium.adapters.library.folder import Folder, writing
from consilium.adapters.library.store import Store
from consilium.adapters.sources.records import (
    Record,
    faults_between,
    faults_in,
    read_records,
)
from consilium.domain.evidence import SourceStatus
from consilium.errors import MalformedSource

LOCAL = "local"
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Added:
    """How many records of a call were new, changed, or there already."""

    new: int
    changed: int
    same: int


def add(folder: Folder, store: Store, files: Sequence[Path]) -> Added:
    """Check every record of ``files``, then add them in one transaction.

    Raises:
        MalformedSource: a record is wrong; the message lists where and why, nothing was added.
        LibraryError: the store cannot be written.
    """
    records = _sound(store, files)
    counts = _counts(store, records)
    with writing(folder, lambda _: None):
        writer = Store(folder.database, write=True)
        try:
            writer.add(LOCAL, records, _digest(writer, records))
        finally:
            writer.close()
    return counts


def tried(store: Store, files: Sequence[Path]) -> Added:
    """What adding the files would come to; nothing is written.

    Raises:
        MalformedSource: a record is wrong; the message lists where and why.
    """
    return _counts(store, _sound(store, files))


def _sound(store: Store, files: Sequence[Path]) -> list[Record]:
    """Every record of the files, if all are sound together with what is held."""
    records: list[Record] = []
    faults: list[str] = []
    for path in files:
        for place, record in read_records(path):
            found = faults_in(record, place)
            faults += found
            if not found:
                records.append(record)
    held = frozenset(s.id for _, sentences in store.everything() for s in sentences)
    mine = frozenset(item["id"] for record in records for item in record["statements"])
    faults += faults_between(records, held - mine) if not faults else []
    if faults:
        more = f"\n  and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
        listed = "\n".join(f"  {fault}" for fault in faults[:_SHOWN])
        raise MalformedSource(f"Nothing was added; put these right first:\n{listed}{more}")
    return records


def _counts(store: Store, records: Sequence[Record]) -> Added:
    counts = {"new": 0, "changed": 0, "same": 0}
    for record in records:
        before = store.record(record["id"])
        counts["new" if before is None else "same" if before == record else "changed"] += 1
    return Added(**counts)


def _digest(store: Store, records: Sequence[Record]) -> str:
    """The digest of the local collection once ``records`` are in it, whatever their order."""
    all_records = {**store.records(LOCAL), **{record["id"]: record for record in records}}
    text = json.dumps(sorted(all_records.items()), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def check(store: Store) -> tuple[list[str], list[str]]:
    """Faults of the records held, and notes on what is not current."""
    records = list(store.records().values())
    faults = [fault for record in records for fault in faults_in(record, record["id"])]
    faults += faults_between(records)
    notes = []
    unchecked = 0
    for source in store.sources():
        unchecked += not source.status_checked
        if source.status not in {SourceStatus.CURRENT, SourceStatus.LIVING}:
            by = f" by {', '.join(source.superseded_by)}" if source.superseded_by else ""
            notes.append(f"{source.id}: {source.status.value}{by}")
    notes.append(f"Currency not checked: {unchecked} sources.")
    return faults, notes
