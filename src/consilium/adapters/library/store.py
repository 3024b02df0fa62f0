"""The store of sources: SQLite, the truth from which every index can be rebuilt.

Sources are versioned. A version is never overwritten, so that a citation finds its sentence
again; ``current`` marks the one that answers rest on. Evidence records stand in tables of this
module, works in those of ``works``; an id is of one of them.
"""

from __future__ import annotations

import datetime
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from consilium.adapters.library import journal, ledger, works
from consilium.adapters.library.journal import Entry, Key, Reads
from consilium.adapters.library.ledger import Ledger
from consilium.adapters.library.sqlite_faults import translated
from consilium.adapters.library.works import Prepared, Works
from consilium.adapters.sources.readings import Deleted
from consilium.adapters.sources.records import Record
from consilium.adapters.sources.stored import sentences_of, source_of
from consilium.domain.change import StatusChange
from consilium.domain.evidence import Sentence, Source
from consilium.errors import LibraryError

_SCHEMA = """
create table if not exists source (
    id text not null,
    version integer not null,
    collection text not null,
    current integer not null check (current in (0, 1)),
    record text not null,
    primary key (id, version)
) strict;
create unique index if not exists one_current on source (id) where current = 1;
create table if not exists collection (
    name text primary key,
    generation integer not null,
    digest text not null
) strict;
"""
# 2: the ledger of changes. 3: works, and the journal of what was read. A store of an earlier layout is
# read as it is, and brought up by its next writer, which only adds to it.
_LAYOUT = 3
# Works of a file, and how far the file has been read with them.
Batch = tuple[Sequence[Prepared | Deleted], Entry]
_CACHE = 16_384  # KiB of pages that a writer holds; the system caches the rest of the file


class Store:
    """Reads and writes the store of one library folder."""

    def __init__(self, path: Path, *, write: bool = False) -> None:
        """Open ``path``; with ``write`` it is created if it is not there.

        Raises:
            LibraryError: the file cannot be opened, or it is no library.
        """
        self.path = path
        with translated(path):
            self._db = self._open(path, write)
            layout = self._db.execute("pragma user_version").fetchone()[0]
        if layout > _LAYOUT:
            raise LibraryError(f"{path} was written by a newer Consilium; upgrade to read it.")
        self.works = Works(self._db, there=layout >= 3)
        self._cached = lru_cache(maxsize=4096)(self._load)

    @staticmethod
    def _open(path: Path, write: bool) -> sqlite3.Connection:
        if write:
            db = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
            db.execute("pragma journal_mode = wal")
            db.execute("pragma synchronous = full")
            db.execute(f"pragma cache_size = -{_CACHE}")
            if db.execute("pragma user_version").fetchone()[0] <= _LAYOUT:
                db.executescript(_SCHEMA + ledger.SCHEMA + works.SCHEMA + journal.SCHEMA)
                db.execute(f"pragma user_version = {_LAYOUT}")
            return db
        frozen = "" if os.access(path.parent, os.W_OK) else "&immutable=1"
        uri = f"{path.resolve().as_uri()}?mode=ro{frozen}"
        return sqlite3.connect(uri, uri=True, timeout=30, check_same_thread=False)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _load(self, source_id: str) -> tuple[Source, dict[str, Sentence]] | None:
        with translated(self.path):
            row = self._db.execute(
                "select record, version, collection from source where id = ? and current = 1",
                (source_id,),
            ).fetchone()
            found = row and (json.loads(row[0]), *row[1:])
            found = found or self.works.current(source_id)
        return _parsed(*found) if found else None

    def source(self, source_id: str) -> Source | None:
        """The current version of a source, or None."""
        found = self._cached(source_id)
        return found[0] if found else None

    def sentence(self, sentence_id: str) -> Sentence | None:
        """A sentence of the current version of its source, or None."""
        found = self._cached(sentence_id.split("#", maxsplit=1)[0])
        return found[1].get(sentence_id) if found else None

    def sentences(self, source_id: str) -> Sequence[Sentence]:
        """All sentences of a source in order."""
        found = self._cached(source_id)
        return tuple(found[1].values()) if found else ()

    def sources(self) -> Iterator[Source]:
        """The current sources of evidence records, in the order of their ids."""
        for source, _ in self.everything():
            yield source

    def everything(self) -> Iterator[tuple[Source, tuple[Sentence, ...]]]:
        """The current evidence records as sources with their sentences, in the order of their ids."""
        with translated(self.path):
            rows = self._db.execute(
                "select record, version, collection from source where current = 1 order by id"
            )
            for row in rows:
                source, sentences = _parsed(json.loads(row[0]), *row[1:])
                yield source, tuple(sentences.values())

    def record(self, source_id: str) -> Record | None:
        """The current record of a source as it was added, or None."""
        with translated(self.path):
            row = self._db.execute(
                "select record from source where id = ? and current = 1", (source_id,)
            ).fetchone()
        return json.loads(row[0]) if row else None

    def records(self, collection: str | None = None) -> dict[str, Record]:
        """The current records by id, of one collection or of all."""
        with translated(self.path):
            rows = self._db.execute(
                "select id, record from source where current = 1 "
                "and (?1 is null or collection = ?1) order by id",
                (collection,),
            ).fetchall()
        return {name: json.loads(text) for name, text in rows}

    def version(self, source_id: str, version: int) -> tuple[Source, dict[str, Sentence]] | None:
        """One version of a source, current or not, with its sentences by id."""
        with translated(self.path):
            row = self._db.execute(
                "select record, version, collection from source where id = ? and version = ?",
                (source_id, version),
            ).fetchone()
            found = (json.loads(row[0]), *row[1:]) if row else self.works.version(source_id, version)
        return _parsed(*found) if found else None

    def generations(self) -> dict[str, int]:
        """The generation of each collection, of records and of works, by name."""
        with translated(self.path):
            held = dict(self._db.execute("select name, generation from collection"))
            return dict(sorted((held | self.works.generations()).items()))

    def digests(self) -> dict[str, str]:
        """The digest of each collection of evidence records, by name."""
        with translated(self.path):
            return dict(self._db.execute("select name, digest from collection order by name"))

    def changes(self, after: int, limit: int) -> tuple[StatusChange, ...]:
        """What has changed about sources since entry ``after``, the oldest first."""
        with translated(self.path):
            return ledger.entries(self._db, after, limit)

    def replace(self, collection: str, records: Iterable[Record], digest: str) -> int:
        """Make ``records`` the whole of a collection, in one transaction; the new generation.

        Changed records get a new version; records that are no longer there stop being current
        and stay readable.
        """
        with translated(self.path), self._transaction() as notes:
            kept = {self._written(collection, record, notes) for record in records}
            for gone, version, record in self._db.execute(
                "select id, version, record from source where collection = ? and current = 1 order by id",
                (collection,),
            ).fetchall():
                if gone not in kept:
                    self._db.execute("update source set current = 0 where id = ?", (gone,))
                    notes.vanished(json.loads(record), version)
            return self._advance(collection, digest)

    def add(self, collection: str, records: Iterable[Record], digest: str) -> int:
        """Add or renew records of a collection, in one transaction; the new generation."""
        with translated(self.path), self._transaction() as notes:
            for record in records:
                self._written(collection, record, notes)
            return self._advance(collection, digest)

    def drop(self, collection: str, names: Iterable[str], digest: str) -> int:
        """Make records of a collection current no more, in one transaction; the new generation."""
        with translated(self.path), self._transaction() as notes:
            for name in names:
                version, record = self._db.execute(
                    "update source set current = 0 where id = ? and current = 1 returning version, record",
                    (name,),
                ).fetchone()
                notes.vanished(json.loads(record), version)
            return self._advance(collection, digest)

    def take(self, batches: Iterable[Batch]) -> list[Entry]:
        """Take in works, and note in the journal how far their files have been read, in one transaction."""
        with translated(self.path), self._transaction() as notes:
            entries = []
            for items, entry in batches:
                entries.append(entry.after(self.works.take(entry.collection, items, notes)))
                journal.write(self._db, entries[-1])
            self._cached.cache_clear()
            return entries

    def take_back(self, names: Iterable[str], collection: str | None) -> int:
        """Make works current no more, and all of a collection, in one transaction; how many were."""
        with translated(self.path), self._transaction() as notes:
            self._cached.cache_clear()
            if collection:
                names = [*names, *self.works.ids(collection)]
                journal.forget(self._db, collection)
            return self.works.take("", [Deleted(name) for name in names], notes).deleted

    def read_files(self) -> Reads:
        """How many files of works were read, how many of them to the end, and when the last was."""
        with translated(self.path):
            return journal.reads(self._db)

    def files_read(self) -> dict[Key, int | None]:
        """How much of each file was taken in; None where all of it was."""
        with translated(self.path):
            return journal.read_files(self._db)

    def read_before(self, key: Key) -> Entry | None:
        """How far a file has been read; None where it never was."""
        with translated(self.path):
            return journal.find(self._db, key)

    def _written(self, collection: str, record: Record, notes: Ledger) -> str:
        """Make a record the current version of its source unless it is that already; its id."""
        name: str = record["id"]
        text = json.dumps(record, ensure_ascii=False, sort_keys=True)
        last = self._db.execute(
            "select version, current, record from source where id = ? order by version desc limit 1", (name,)
        ).fetchone()
        version, current, before = last or (0, 0, None)
        if not last and (work := self.works.current(name)):
            self.works.take(collection, [Deleted(name)], notes)
            version = work[1]
        if not current or before != text:
            self._db.execute("update source set current = 0 where id = ?", (name,))
            self._db.execute(
                "insert into source values (?, ?, ?, 1, ?)", (name, version + 1, collection, text)
            )
            earlier = json.loads(before) if before else None
            notes.written(earlier, record, version + 1, was_away=bool(version and not current))
        return name

    def _advance(self, collection: str, digest: str) -> int:
        row = self._db.execute(
            "insert into collection values (?, 1, ?) on conflict (name) do update set "
            "generation = generation + (digest <> excluded.digest), digest = excluded.digest "
            "returning generation",
            (collection, digest),
        ).fetchone()
        self._cached.cache_clear()
        return int(row[0])

    @contextmanager
    def _transaction(self) -> Iterator[Ledger]:
        self._db.execute("begin immediate")
        try:
            notes = Ledger(self._db, f"{datetime.datetime.now(datetime.UTC):%Y-%m-%dT%H:%M:%SZ}")
            yield notes
            notes.settle()
        except BaseException:
            self._db.rollback()
            raise
        self._db.execute("commit")


def _parsed(record: Record, version: int, collection: str) -> tuple[Source, dict[str, Sentence]]:
    sentences = {sentence.id: sentence for sentence in sentences_of(record)}
    return source_of(record, version=version, collection=collection), sentences
