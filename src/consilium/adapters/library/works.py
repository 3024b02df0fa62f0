"""Works in the store: an article or guideline in its own words, every version, and in what order they changed.

What is known of a work stands in ``work``, small enough to count a million of; its text, packed, in
``work_text``. ``work_change`` numbers the transactions that wrote works, so that an index learns what it lacks;
the mark of a change is a digest of all that was done up to it.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, cast

from consilium.adapters.library.ledger import Ledger
from consilium.adapters.sources.readings import Deleted, Skipped
from consilium.adapters.sources.works import Work

SCHEMA = """
create table if not exists work (
    number integer primary key,
    id text not null,
    version integer not null,
    collection text not null,
    current integer not null check (current in (0, 1)),
    change integer not null,
    kind text not null,
    design text not null,
    status text not null,
    year integer,
    licence text,
    language text,
    jurisdiction text,
    quoted integer not null,
    unique (id, version)
) strict;
create index if not exists work_by_change on work (change);
create table if not exists work_text (number integer primary key, record blob not null) strict;
create table if not exists work_change (number integer primary key, mark text not null) strict;
create table if not exists work_collection (
    name text primary key,
    generation integer not null,
    digest text not null
) strict;
"""
COUNTED = ("kind", "design", "status", "year", "licence", "language", "jurisdiction", "quoted", "collection")
# Level 1 halves what is stored; a higher one saves a tenth more and takes twice the time.
_LEVEL = 1
HELD_AS_RECORD = "The library has an evidence record of this id, which stands."


class Prepared(NamedTuple):
    """A work as it is written: made where files are read, so that whoever writes does nothing else.

    Attributes:
        claims: whether it says that it supersedes others.
    """

    id: str
    about: tuple[Any, ...]
    text: bytes
    digest: bytes
    claims: bool


@dataclass(slots=True)
class Taken:
    """What became of the works of a batch."""

    new: int = 0
    replaced: int = 0
    same: int = 0
    deleted: int = 0
    skipped: list[Skipped] = field(default_factory=list)


def prepared(work: Work) -> Prepared:
    """A work, ready to be written."""
    text = json.dumps(work, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    about = work["source"]
    status = "retracted" if about.get("retracted") else about.get("status") or "unknown"
    known = (work["kind"], about["publication_type"], status, about.get("year"), work["licence"])
    more = (about.get("language"), about.get("jurisdiction"), int(bool(work.get("quoted"))))
    digest = hashlib.sha256(text).digest()
    return Prepared(work["id"], known + more, text, digest, bool(about.get("supersedes")))


def unpacked(record: bytes) -> dict[str, Any]:
    """A work as it was stored."""
    loaded: dict[str, Any] = json.loads(zlib.decompress(record))
    return loaded


class Works:
    """The works of one store; it writes only inside a transaction that the store has begun."""

    def __init__(self, db: sqlite3.Connection, *, there: bool) -> None:
        """``there``: whether the store has these tables; one of an earlier layout that is only read has not."""
        self._db, self._there = db, there

    def _rows(self, query: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> Iterator[tuple[Any, ...]]:
        yield from self._db.execute(query, values) if self._there else ()

    def current(self, name: str) -> tuple[dict[str, Any], int, str] | None:
        """The current version of a work, its number and its collection, or None."""
        return self._one("id = ? and current = 1", (name,))

    def version(self, name: str, version: int) -> tuple[dict[str, Any], int, str] | None:
        """One version of a work, current or not."""
        return self._one("id = ? and version = ?", (name, version))

    def _one(self, where: str, values: Sequence[Any]) -> tuple[dict[str, Any], int, str] | None:
        found = self._rows(
            f"select record, version, collection from work join work_text using (number) where {where}",  # noqa: S608
            values,
        )
        row = next(found, None)
        return (unpacked(row[0]), row[1], row[2]) if row else None

    def all(self, collection: str | None = None) -> Iterator[tuple[int, Work]]:
        """Every current work with its version, in the order of their ids; one is in memory at a time."""
        for record, version in self._rows(
            "select record, version from work join work_text using (number) where current = 1 "
            "and (?1 is null or collection = ?1) order by id",
            (collection,),
        ):
            yield version, cast("Work", unpacked(record))

    def holds(self, name: str) -> bool:
        """Whether a work is current."""
        return next(self._rows("select 1 from work where id = ? and current = 1", (name,)), None) is not None

    def ids(self, collection: str) -> Iterator[str]:
        """The ids of the current works of a collection."""
        for (name,) in self._rows(
            "select id from work where current = 1 and collection = ? order by id", (collection,)
        ):
            yield name

    def changed(self, after: int) -> Iterator[tuple[int, Work]]:
        """The current works that were written after a change, with their versions, the earliest first."""
        for record, version in self._rows(
            "select record, version from work join work_text using (number) "
            "where change > ? and current = 1 order by change, number",
            (after,),
        ):
            yield version, cast("Work", unpacked(record))

    def outdated(self, after: int) -> Iterator[str]:
        """The works of which a version from before that change is current no more."""
        for (name,) in self._rows("select distinct id from work where change > ? and current = 0", (after,)):
            yield name

    @property
    def change(self) -> tuple[int, str]:
        """The number and the mark of the last change; 0 where there never was a work."""
        found = self._rows("select number, mark from work_change order by number desc limit 1")
        number, mark = next(found, (0, ""))
        return number, mark

    def has_come_by(self, change: int, mark: str) -> bool:
        """Whether this store once was in the state of that change: what was made from it then can be gone on from."""
        found = self._rows("select 1 from work_change where number = ? and mark = ?", (change, mark))
        return next(found, None) is not None

    @property
    def any(self) -> bool:
        """Whether any work is current."""
        return next(self._rows("select 1 from work where current = 1 limit 1"), None) is not None

    def counted(self, column: str) -> dict[str | int | None, int]:
        """How many current works there are of each kind, design, status, year, licence, language, country."""
        assert column in COUNTED  # noqa: S101 - it is put into the query
        rows = self._rows(f"select {column}, count(*) from work where current = 1 group by 1")  # noqa: S608
        return {row[0]: row[1] for row in rows}

    def generations(self) -> dict[str, int]:
        """The generation of each collection of works, by name."""
        return {row[0]: row[1] for row in self._rows("select name, generation from work_collection")}

    def take(self, collection: str, batch: Sequence[Prepared | Deleted], notes: Ledger) -> Taken:
        """Write a batch: works that differ from what is held become current, deleted ones cease to be."""
        taken, (last, mark), touched = Taken(), self.change, _Touched()
        change = last + 1
        for item in batch:
            if isinstance(item, Deleted):
                taken.deleted += self._retired(item.id, change, notes, touched)
            else:
                self._written(collection, item, change, notes, touched, taken)
        for name, digest in touched.items():
            mark = self._advance(name, digest, mark)
        if touched:
            self._db.execute("insert into work_change values (?, ?)", (change, mark))
        return taken

    def tried(self, batch: Sequence[Prepared | Deleted]) -> Taken:
        """What would become of a batch, if it were written."""
        taken = Taken()
        for item in batch:
            found = self._rows(
                "select record from work join work_text using (number) where id = ? and current = 1",
                (item.id,),
            )
            held = next(found, None)
            if isinstance(item, Deleted):
                taken.deleted += held is not None
            elif held is None:
                taken.new += 1
            elif zlib.decompress(held[0]) == item.text:
                taken.same += 1
            else:
                taken.replaced += 1
        return taken

    def _written(
        self,
        collection: str,
        item: Prepared,
        change: int,
        notes: Ledger,
        touched: _Touched,
        taken: Taken,
    ) -> None:
        last = self._db.execute(
            "select number, version, current, record, collection from work join work_text using (number) "
            "where id = ? order by version desc limit 1",
            (item.id,),
        ).fetchone()
        if not last and self._db.execute("select 1 from source where id = ?", (item.id,)).fetchone():
            taken.skipped.append(Skipped(item.id, HELD_AS_RECORD))
            return
        number, version, current, packed, held = last or (0, 0, 0, b"", collection)
        before = zlib.decompress(packed) if packed else b""
        if current and held == collection and before == item.text:
            taken.same += 1
            return
        if current:
            self._db.execute("update work set current = 0, change = ? where number = ?", (change, number))
            touched.note(held, f"-{item.id}")
        # The counter of rows goes on by itself: nothing is ever taken out of these tables.
        row = self._db.execute(
            "insert into work (id, version, collection, current, change, kind, design, status, year, licence, "
            "language, jurisdiction, quoted) values (?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (item.id, version + 1, collection, change, *item.about),
        )
        self._db.execute(
            "insert into work_text values (?, ?)", (row.lastrowid, zlib.compress(item.text, _LEVEL))
        )
        touched.note(collection, f"{item.id} {version + 1} {item.digest.hex()}")
        taken.replaced += bool(current)
        taken.new += not current
        if before or item.claims:
            earlier = json.loads(before) if before else None
            notes.written(earlier, json.loads(item.text), version + 1, was_away=bool(version and not current))
        else:
            notes.came(item.id)

    def _retired(self, name: str, change: int, notes: Ledger, touched: _Touched) -> bool:
        """Make a work current no more; whether it was."""
        row = self._db.execute(
            "select number, version, record, collection from work join work_text using (number) "
            "where id = ? and current = 1",
            (name,),
        ).fetchone()
        if row:
            self._db.execute("update work set current = 0, change = ? where number = ?", (change, row[0]))
            notes.vanished(unpacked(row[2]), row[1])
            touched.note(row[3], f"-{name}")
        return bool(row)

    def _advance(self, collection: str, what: Any, mark: str) -> str:
        """Raise the generation of a collection; the mark once what was done to it is in it."""
        row = self._db.execute("select digest from work_collection where name = ?", (collection,)).fetchone()
        self._db.execute(
            "insert into work_collection values (?, 1, ?) on conflict (name) do update set "
            "generation = generation + 1, digest = excluded.digest",
            (collection, _chained(row[0] if row else "", what)),
        )
        return _chained(mark, what)


class _Touched(dict[str, Any]):
    """What a batch does to each collection, as a digest that grows."""

    def note(self, collection: str, what: str) -> None:
        self.setdefault(collection, hashlib.sha256()).update(f"{what}\n".encode())


def _chained(before: str, what: Any) -> str:
    return hashlib.sha256(before.encode() + what.digest()).hexdigest()
