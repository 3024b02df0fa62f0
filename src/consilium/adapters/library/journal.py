"""The journal of files: how far each has been read, written with what was read from it.

A file is known by the digest of its bytes, the way in which it is read and the collection that it goes to, so
that it is known again under another name, and read again when it, or what was said of it, is another.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from consilium.adapters.library.works import Taken
from consilium.adapters.sources.readings import Skipped

SCHEMA = """
create table if not exists journal (
    digest text not null,
    how text not null,
    collection text not null,
    file text not null,
    done integer not null,
    finished integer not null check (finished in (0, 1)),
    at text not null,
    tally text not null,
    primary key (digest, how, collection)
) strict;
"""
# The digest of a file, how it is read, and where what is in it goes.
Key = tuple[str, str, str]
_PLACES = 5  # that are named of each reason


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of what was read.

    Attributes:
        read: all that a reader gave: works, what it skipped, what is deleted.
        asked: how many works the files say are deleted; ``deleted`` counts those that were held.
        skipped: by reason, how many, and the first places.
    """

    read: int = 0
    new: int = 0
    replaced: int = 0
    same: int = 0
    asked: int = 0
    deleted: int = 0
    skipped: dict[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)

    @classmethod
    def of(cls, taken: Taken) -> Tally:
        """What became of the works of a batch."""
        numbers = (taken.new, taken.replaced, taken.same)
        return cls(0, *numbers, deleted=taken.deleted, skipped=skips(taken.skipped))

    @property
    def kept(self) -> int:
        """How many works were read that the library now holds."""
        return self.new + self.replaced + self.same

    def __add__(self, other: Tally) -> Tally:
        """Both together."""
        numbers = {
            name: getattr(self, name) + getattr(other, name)
            for name in ("read", "new", "replaced", "same", "asked", "deleted")
        }
        counts = Counter({why: count for why, (count, _) in self.skipped.items()})
        counts.update({why: count for why, (count, _) in other.skipped.items()})
        places = {
            why: tuple(place for tally in (self, other) for place in tally.skipped.get(why, (0, ()))[1])[
                :_PLACES
            ]
            for why in counts
        }
        return Tally(**numbers, skipped={why: (counts[why], places[why]) for why in counts})


def skips(skipped: Iterable[Skipped]) -> dict[str, tuple[int, tuple[str, ...]]]:
    """What was skipped, by reason, with the first places."""
    found: dict[str, tuple[int, tuple[str, ...]]] = {}
    for item in skipped:
        count, places = found.get(item.reason, (0, ()))
        found[item.reason] = (count + 1, (*places, item.place)[:_PLACES])
    return found


@dataclass(frozen=True, slots=True)
class Entry:
    """How far a file has been read.

    Attributes:
        how: in what way it is read: the kind of file, what was said of it, the version of the reader.
        file: its name when it was read last.
        done: how much of what its reader gives has been taken in.
        at: when it was read last.
    """

    digest: str
    how: str
    collection: str
    file: str
    done: int = 0
    finished: bool = False
    at: str = ""
    tally: Tally = Tally()

    @property
    def key(self) -> Key:
        """What it is known by."""
        return self.digest, self.how, self.collection

    def after(self, taken: Taken) -> Entry:
        """The entry once what became of a batch is counted in it."""
        return dataclasses.replace(self, tally=self.tally + Tally.of(taken))


def find(db: sqlite3.Connection, key: Key) -> Entry | None:
    """The entry of a file, or None."""
    row = db.execute(
        "select file, done, finished, at, tally from journal where digest = ? and how = ? and collection = ?",
        key,
    ).fetchone()
    if row is None:
        return None
    told = json.loads(row[4])
    told["skipped"] = {why: (count, tuple(places)) for why, (count, places) in told["skipped"].items()}
    return Entry(*key, row[0], done=row[1], finished=bool(row[2]), at=row[3], tally=Tally(**told))


def read_files(db: sqlite3.Connection) -> dict[Key, int | None]:
    """How much of each file was taken in; None where all of it was."""
    if not db.execute("select 1 from sqlite_schema where name = 'journal'").fetchone():
        return {}
    rows = db.execute("select digest, how, collection, done, finished from journal")
    return {
        (digest, how, collection): None if finished else done
        for digest, how, collection, done, finished in rows
    }


def forget(db: sqlite3.Connection, collection: str) -> None:
    """Read the files of a collection again when they are added again; the caller has begun a transaction."""
    db.execute("delete from journal where collection = ?", (collection,))


class Reads(NamedTuple):
    """How many files were read, how many of them to the end, and when the last was."""

    files: int
    finished: int
    last: str | None


def reads(db: sqlite3.Connection) -> Reads:
    """What was read so far."""
    if not db.execute("select 1 from sqlite_schema where name = 'journal'").fetchone():
        return Reads(0, 0, None)
    files, finished, last = db.execute(
        "select count(*), coalesce(sum(finished), 0), max(at) from journal"
    ).fetchone()
    return Reads(files, finished, last)


def write(db: sqlite3.Connection, entry: Entry) -> None:
    """Note how far a file has been read; the caller has begun a transaction."""
    at = f"{datetime.datetime.now(datetime.UTC):%Y-%m-%dT%H:%M:%SZ}"
    told = json.dumps(dataclasses.asdict(entry.tally), ensure_ascii=False)
    db.execute(
        "insert or replace into journal values (?, ?, ?, ?, ?, ?, ?, ?)",
        (*entry.key, entry.file, entry.done, int(entry.finished), at, told),
    )
