"""MeSH beside a library: one SQLite file with the headings as they were given and as they are looked up.

The file is written aside and never changed. What is looked up was compiled against one version of
the lexicon that ships; for another it is compiled again, from the headings in the file.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from consilium.adapters.library.sqlite_faults import translated
from consilium.errors import LibraryError
from consilium.lexicon.concepts import Concept, Lexicon
from consilium.lexicon.headings import Heading
from consilium.lexicon.widening import Widening, below, widen

PUBLISHER = "U.S. National Library of Medicine, Medical Subject Headings"
_TABLES = ("given", "concept", "names", "short", "above", "below", "heading", "called")
_SCHEMA = "".join(
    f"create table {name} (name text primary key, value text not null) strict, without rowid;"
    for name in ("about", *_TABLES)
)
_REMEMBERED = 4096
Row = tuple[str, str]


@dataclass(frozen=True, slots=True)
class About:
    """Where the headings come from, and what they came to.

    Attributes:
        digest: the SHA-256 of the XML.
        year: the year of MeSH, or None where the file does not say.
        added: the day on which it was added.
        headings: how many headings the file has.
        concepts: how many concepts of their own they made.
        names: how many names were added to concepts that ship.
        left: how many headings and narrower meanings were left out, by the reason.
        made_for: the lexicon and the rules that they were compiled with.
    """

    file: str
    digest: str
    year: int | None
    added: str
    headings: int = 0
    concepts: int = 0
    names: int = 0
    left: tuple[tuple[str, int], ...] = ()
    made_for: str = ""

    @property
    def edition(self) -> str:
        """The edition in words."""
        return f"MeSH {self.year}" if self.year else "MeSH, of a year that its file does not state"


class Headings:
    """Reads one such file; satisfies ``lexicon.widened.More``."""

    def __init__(self, path: Path) -> None:
        """Open ``path``.

        Raises:
            LibraryError: it is not there, or damaged.
        """
        self.path = path
        try:
            uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
            self._db = sqlite3.connect(uri, uri=True, check_same_thread=False)
            row = self._db.execute("select value from about").fetchone()
            kept = json.loads(row[0])
            self.about = About(**{**kept, "left": tuple(map(tuple, kept["left"]))})
        except (sqlite3.DatabaseError, TypeError, ValueError) as fault:
            raise LibraryError(
                f"The MeSH headings in {path} are missing or damaged ({fault}). Add the file again with "
                "`consilium library add mesh FILE`, or take them out with `consilium library remove mesh`."
            ) from fault
        self.names = lru_cache(_REMEMBERED)(self._names)
        self.short = lru_cache(_REMEMBERED)(self._short)
        self.concept = lru_cache(_REMEMBERED)(self._concept)
        self.above = lru_cache(_REMEMBERED)(self._above)
        self.below = lru_cache(_REMEMBERED)(self._below)

    @property
    def fingerprint(self) -> str:
        """What differs as soon as the headings, the lexicon that ships or the rules do."""
        return hashlib.sha256(f"{self.about.digest} {self.about.made_for}".encode()).hexdigest()[:16]

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def given(self) -> Iterator[Heading]:
        """The headings as they were given."""
        for (value,) in self._db.execute("select value from given order by name"):
            yield Heading.from_list(json.loads(value))

    def ids(self) -> Iterator[str]:
        """The ids of its concepts, in order."""
        for (name,) in self._db.execute("select name from concept order by name"):
            yield name

    def heading(self, text: str) -> str | None:
        """The concept of a heading."""
        found: str | None = self._value("heading", text)
        return found

    def called(self, name: str) -> str | None:
        """The concept with this preferred name."""
        found: str | None = self._value("called", name)
        return found

    def _concept(self, name: str) -> Concept | None:
        found = self._value("concept", name)
        return Concept.from_dict(found) if found else None

    def _names(self, first: str) -> Sequence[tuple[tuple[str, ...], str]]:
        return tuple((tuple(words), concept) for words, concept in self._value("names", first) or ())

    def _short(self, word: str) -> Sequence[tuple[str, tuple[str, ...]]]:
        return tuple((concept, tuple(context)) for concept, context in self._value("short", word) or ())

    def _above(self, concept: str) -> frozenset[str] | None:
        found = self._value("above", concept)
        return None if found is None else frozenset(found)

    def _below(self, concept: str) -> frozenset[str]:
        return frozenset(self._value("below", concept) or ())

    def _value(self, table: str, name: str) -> Any:
        try:
            row = self._db.execute(f"select value from {table} where name = ?", (name,)).fetchone()  # noqa: S608
        except sqlite3.DatabaseError as fault:
            raise LibraryError(f"The MeSH headings in {self.path} are damaged ({fault}).") from fault
        return json.loads(row[0]) if row else None


@cache
def rules() -> str:
    """The digest of what decides how headings are compiled."""
    digest = hashlib.sha256()
    for name in ("headings.py", "widening.py", "normalise.py"):
        digest.update(resources.files("consilium.lexicon").joinpath(name).read_bytes())
    return digest.hexdigest()


def made_for(shipped: Lexicon) -> str:
    """What a file has to be compiled for, to fit this lexicon and this version."""
    return hashlib.sha256(f"{shipped.fingerprint} {rules()}".encode()).hexdigest()[:16]


def write(path: Path, given: Iterable[Heading], shipped: Lexicon, about: Callable[[], About]) -> About:
    """Write the headings and what they come to into ``path``, which must not be there yet.

    Args:
        about: where they come from; asked when all headings have been read.
    """
    db = sqlite3.connect(path, isolation_level=None)
    try:
        db.executescript(f"pragma journal_mode = off; pragma synchronous = off; begin;{_SCHEMA}")
        rows = ((heading.ui, _dumped(heading.to_list())) for heading in given)
        db.executemany("insert or replace into given values (?, ?)", rows)

        def kept() -> Iterator[Heading]:
            for (value,) in db.execute("select value from given order by name"):
                yield Heading.from_list(json.loads(value))

        made = widen(kept, shipped)
        for table, found in _compiled(made):
            db.executemany(f"insert into {table} values (?, ?)", found)  # noqa: S608 - a name of ours
        told = _told(about(), made, db.execute("select count(*) from given").fetchone()[0], shipped)
        db.execute("insert into about values ('about', ?)", (_dumped(asdict(told)),))
        db.execute("commit")
    finally:
        db.close()
    return told


def put(folder: Path, given: Iterable[Heading], shipped: Lexicon, about: Callable[[], About]) -> Path:
    """Write headings into a file of their own in ``folder``: aside first, then renamed.

    Raises:
        LibraryError: it cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    scratch = folder / f"building-{os.getpid()}"
    scratch.unlink(missing_ok=True)
    try:
        with translated(scratch):
            told = write(scratch, given, shipped, about)
        with scratch.open("rb") as file:
            os.fsync(file.fileno())
        return scratch.rename(folder / f"{told.digest[:16]}-{told.made_for}.sqlite3")
    finally:
        scratch.unlink(missing_ok=True)


def compiled_again(path: Path, shipped: Lexicon) -> Path:
    """The headings of a file compiled for another lexicon, beside it."""
    before = Headings(path)
    try:
        return put(path.parent, before.given(), shipped, lambda: before.about)
    finally:
        before.close()


def _told(about: About, made: Widening, headings: int, shipped: Lexicon) -> About:
    return About(
        about.file,
        about.digest,
        about.year,
        about.added,
        headings,
        len(made.concepts),
        made.added,
        tuple(sorted(made.left.items())),
        made_for(shipped),
    )


def _compiled(made: Widening) -> Iterator[tuple[str, Iterable[Row]]]:
    by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for words, concept in made.names.items():
        by_first.setdefault(words[0], []).append((words, concept))
    called: dict[str, str] = {}
    for own in sorted(made.concepts.values(), key=lambda c: c.id):
        called.setdefault(own.name, own.id)
    longest_first = ((f, sorted(e, key=lambda entry: (-len(entry[0]), entry))) for f, e in by_first.items())
    yield "concept", ((c.id, _dumped(_plain(c))) for c in made.concepts.values())
    yield "names", ((first, _dumped(entries)) for first, entries in longest_first)
    yield "short", ((word, _dumped([sense])) for word, sense in made.short.items())
    yield "above", ((c, _dumped(sorted(ids))) for c, ids in made.above.items())
    yield "below", ((c, _dumped(ids)) for c, ids in below(made).items())
    yield "heading", ((heading, _dumped(c)) for heading, c in made.headings.items())
    yield "called", ((name, _dumped(c)) for name, c in called.items())


def _plain(concept: Concept) -> dict[str, Any]:
    return {name: value for name, value in asdict(concept).items() if value}


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
