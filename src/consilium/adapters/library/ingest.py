"""Take works from files into a library: what was read stays, whatever happens, and is not read again."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from consilium.adapters.library import works_index
from consilium.adapters.library.folder import Folder, Refresh, Report, writing
from consilium.adapters.library.journal import Entry, Tally, skips
from consilium.adapters.library.reading import File, Part, parts_beside
from consilium.adapters.library.store import Store
from consilium.adapters.library.works import Taken
from consilium.adapters.sources.readings import Deleted
from consilium.errors import LibraryError

# Records of one transaction, or bytes of text; a killed run reads at most so many again.
_BATCH, _BYTES = 2000, 16_000_000


@dataclass(slots=True)
class Outcome:
    """What came of one file.

    Attributes:
        known: whether it had been read to its end before, so that it was not read again.
        resumed: how much of it an earlier run had taken in.
        fault: why it could not be read to its end; what was read before that is kept.
    """

    file: File
    tally: Tally = field(default_factory=Tally)
    known: bool = False
    resumed: int = 0
    fault: str | None = None
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an ingest is.

    Attributes:
        file: the number of the file that is being read, from 0.
        position: how many bytes of it have been read.
        read: how many records this run has read.
        known: whether the file was passed over, for it had been read before.
    """

    file: int
    position: int
    read: int
    known: bool = False


Tell = Callable[[Progress], None]


def ingest(
    folder: Folder,
    files: Sequence[File],
    refresh: Refresh,
    report: Report,
    tell: Tell,
    *,
    again: bool = False,
    patience: float = -1,
) -> list[Outcome]:
    """Take in what the files hold, in their order; what came of each.

    Works are written some thousands a transaction, together with how far their file has been read. A file that
    cannot be read to its end is reported; what stood before that place is kept, and the other files are read.

    Args:
        report: is told in words what takes time.
        again: read files anew that have been read before.
        patience: for how many seconds to wait where another process writes; less than none: as long as it takes.

    Raises:
        LibraryError: the library cannot be written, or its disk is full; what was written before is kept.
    """
    outcomes = [Outcome(file) for file in files]
    with writing(folder, report, patience=patience):
        store = Store(folder.database, write=True)
        try:
            parts = parts_beside(files, {} if again else store.files_read())
            with works_index.Growing(folder, store) as index:
                for written in _taken(store, parts, outcomes):
                    index.follow()
                    tell(written)
                report("Finishing the index …")
                if store.works.any:
                    index.finished()
        finally:
            store.close()
        refresh(folder.headings())
    return outcomes


def tried(folder: Folder, files: Sequence[File], tell: Tell) -> list[Outcome]:
    """Read the files and write nothing: what would come of each, were it the only one."""
    outcomes = [Outcome(file) for file in files]
    store = Store(folder.database) if folder.database.exists() else None
    read = 0
    try:
        for part in parts_beside(files, store.files_read() if store else {}):
            outcome, read = outcomes[part.file], read + part.read
            taken = store.works.tried(part.items) if store else Taken(new=len(part.items))
            outcome.tally += _told(part) + Tally.of(taken)
            outcome.known, outcome.fault = part.known, part.fault
            tell(Progress(part.file, part.position, read, part.known))
    finally:
        if store:
            store.close()
    return outcomes


def _taken(store: Store, parts: Iterable[Part], outcomes: Sequence[Outcome]) -> Iterator[Progress]:
    """Write what is read, some thousands at once; how far that is after each."""
    waiting: dict[int, Part] = {}
    read = records = size = 0
    for part in parts:
        outcome, read = outcomes[part.file], read + part.read
        outcome.known, outcome.fault = part.known, part.fault
        if part.digest and not part.known:
            waiting[part.file] = waiting[part.file] + part if part.file in waiting else part
        records, size = records + part.read, size + part.size
        if records >= _BATCH or size >= _BYTES:
            _write(store, waiting.values(), outcomes)
            waiting.clear()
            records = size = 0
        yield Progress(part.file, part.position, read, part.known)
    _write(store, waiting.values(), outcomes)


def _write(store: Store, parts: Iterable[Part], outcomes: Sequence[Outcome]) -> None:
    try:
        batches = []
        for part in parts:
            outcome = outcomes[part.file]
            entry = outcome.entry or _begun(store, outcome, part)
            done = dataclasses.replace(
                entry,
                done=entry.done + part.read,
                finished=part.finished,
                tally=entry.tally + _told(part),
            )
            batches.append((part.items, done))
        for part, entry in zip(parts, store.take(batches), strict=True):
            outcomes[part.file].entry = entry
            outcomes[part.file].tally = entry.tally
    except LibraryError as fault:
        raise LibraryError(
            f"{fault} What was read until then is kept; run the command again and it goes on from there."
        ) from fault


def _begun(store: Store, outcome: Outcome, part: Part) -> Entry:
    """The entry of a file of which the first part of this run is written."""
    file = outcome.file
    key = (part.digest, file.how, file.collection)
    before = store.read_before(key) if part.resumed else None
    outcome.resumed = before.done if before else 0
    return before or Entry(*key, str(file.path))


def _told(part: Part) -> Tally:
    """What a reader gave, before anything came of it."""
    deleted = sum(isinstance(item, Deleted) for item in part.items)
    return Tally(read=part.read, asked=deleted, skipped=skips(part.skipped))
