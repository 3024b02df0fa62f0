"""What a curator does to a library: add records, all or none, and take out of use what is theirs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from consilium.adapters.library.folder import Folder, Refresh, Report, writing
from consilium.adapters.library.store import Store
from consilium.adapters.sources.records import (
    Record,
    faults_between,
    faults_in,
    read_records,
)
from consilium.errors import LibraryError, MalformedSource

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
    return _digest_of({**store.records(LOCAL), **{record["id"]: record for record in records}})


def _digest_of(all_records: Mapping[str, Record]) -> str:
    text = json.dumps(sorted(all_records.items()), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def remove(
    folder: Folder, names: Sequence[str], collection: str | None, refresh: Refresh, report: Report
) -> tuple[int, int]:
    """Take works and records of one's own out of use, all or none; how many records and works.

    Every version stays in the store, so that what cites one can still show it.

    Args:
        collection: take out all works of that name as well.

    Raises:
        LibraryError: something that was named is not held, or ships with Consilium.
    """
    with writing(folder, report):
        store = Store(folder.database, write=True)
        try:
            mine = store.records(LOCAL)
            records = [name for name in names if name in mine]
            works = [name for name in names if name not in mine and store.works.holds(name)]
            _refuse(store, sorted({*names} - {*records} - {*works}))
            if records:
                left = {name: record for name, record in mine.items() if name not in records}
                store.drop(LOCAL, records, _digest_of(left))
            taken_back = store.take_back(works, collection)
        finally:
            store.close()
        if records or taken_back:
            report("Indexing …")
            refresh(folder.headings())
    return len(records), taken_back


def _refuse(store: Store, names: Sequence[str]) -> None:
    if not names:
        return
    ships = [name for name in names if store.record(name)]
    if ships:
        raise LibraryError(
            f"{', '.join(ships)}: ships with Consilium and cannot be removed; nothing was changed. "
            "To take a record out of use, add it with `status: withdrawn`."
        )
    raise LibraryError(f"The library has no {', '.join(names)}; nothing was changed.")
