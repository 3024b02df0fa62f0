"""Whether what a library holds is sound: the file, every record, every work, and the indexes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from consilium.adapters.library import works_index
from consilium.adapters.library.folder import Folder
from consilium.adapters.library.sqlite_faults import translated
from consilium.adapters.library.store import Store
from consilium.adapters.sources.records import faults_between, faults_in
from consilium.adapters.sources.work_lines import fault_in
from consilium.domain.evidence import SourceStatus
from consilium.errors import IndexMismatch

_USED = {SourceStatus.CURRENT, SourceStatus.LIVING}
# Most works say nothing of their standing: only what is known to be out of use is named.
_UNSAID = {*(status.value for status in _USED), SourceStatus.UNKNOWN.value}
_EVERY = 10_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found; a note where it is not a fault."""

    said: str
    is_fault: bool = False


def check(folder: Folder, store: Store, tell: Callable[[int], None]) -> Iterator[Finding]:
    """What is unsound, and what is not current; works are gone through one by one.

    Args:
        tell: is told how many works have been checked.
    """
    with translated(folder.database):
        database = sqlite3.connect(f"{folder.database.resolve().as_uri()}?mode=ro", uri=True)
        for (said,) in database.execute("pragma quick_check"):
            if said != "ok":
                yield Finding(f"{folder.database.name}: {said}", is_fault=True)
        database.close()
    yield from _records(store)
    yield from _works(store, tell)
    yield from (Finding(f"{name}: {notice.told()}") for name, notice in store.notices.affected(store))
    yield from _indexes(folder, store)


def _records(store: Store) -> Iterator[Finding]:
    records = list(store.records().values())
    faults = [fault for record in records for fault in faults_in(record, record["id"])]
    faults += faults_between(records)
    yield from (Finding(fault, is_fault=True) for fault in faults)
    unchecked = 0
    for source in store.sources():
        unchecked += not source.status_checked
        if source.status not in _USED:
            by = f" by {', '.join(source.superseded_by)}" if source.superseded_by else ""
            yield Finding(f"{source.id}: {source.status.value}{by}")
    yield Finding(f"Currency not checked: {unchecked} sources.")


def _works(store: Store, tell: Callable[[int], None]) -> Iterator[Finding]:
    number = 0
    for number, (_, work) in enumerate(store.works.all(), 1):
        if fault := fault_in(work):
            yield Finding(f"{work['id']}: {fault}", is_fault=True)
            continue
        about = work["source"]
        status = "retracted" if about.get("retracted") else about.get("status") or "unknown"
        if status not in _UNSAID:
            by = ", ".join(about.get("superseded_by") or ())
            yield Finding(f"{work['id']}: {status}" + (f" by {by}" if by else ""))
        if number % _EVERY == 0:
            tell(number)
    if number:
        yield Finding(f"Works checked: {number:,}.")


def _indexes(folder: Folder, store: Store) -> Iterator[Finding]:
    try:
        works_index.opened(folder.passages())
    except IndexMismatch as fault:
        yield Finding(str(fault), is_fault=True)
        return
    if works_index.is_behind(folder, store):
        yield Finding("The index lacks works that the store holds: run `consilium library rebuild`.")
