"""The ledger of changes: what a transaction of the store altered about sources held before.

It is written in the transaction that makes the change, so that neither can be there without the
other. What nobody could have cited is not noted: a source that is new changes nothing but the
standing of the editions that it says it supersedes.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from consilium.adapters.sources.records import Record
from consilium.adapters.sources.stored import sentences_of, source_of
from consilium.adapters.sources.works import is_work
from consilium.domain.change import ChangeKind, StatusChange
from consilium.domain.evidence import Sentence, Source, SourceStatus

SCHEMA = """
create table if not exists status_changes (
    id integer primary key autoincrement,
    at text not null,
    source text not null,
    version integer not null,
    kind text not null,
    was text,
    now text,
    why text not null,
    sentence text
) strict;
"""
# How far from use a status puts a source, and what that is called; a step back restores it.
_GRAVITY = {
    SourceStatus.RETRACTED: (4, ChangeKind.RETRACTED),
    SourceStatus.WITHDRAWN: (3, ChangeKind.WITHDRAWN),
    SourceStatus.SUPERSEDED: (2, ChangeKind.SUPERSEDED),
    SourceStatus.EXPIRED: (2, ChangeKind.EXPIRED),
    SourceStatus.PARTLY_SUPERSEDED: (1, ChangeKind.SUPERSEDED),
}
_IN_USE = (0, ChangeKind.RESTORED)


class Note(NamedTuple):
    """One thing that differs between two versions of a record."""

    kind: ChangeKind
    was: str | None
    now: str | None
    why: str
    sentence: str | None = None


class Ledger:
    """What one transaction notes; ``settle`` is its last act."""

    def __init__(self, db: sqlite3.Connection, at: str) -> None:
        """``at``: the moment of the transaction, as entries carry it."""
        self._db, self._at = db, at
        self._new: set[str] = set()
        self._editions: list[tuple[str, Record]] = []

    def written(self, before: Record | None, after: Record, version: int, *, was_away: bool) -> None:
        """A record became the current one of its source; ``before`` is the last one, if any."""
        name = after["id"]
        if before is None:
            self.came(name)
        else:
            if was_away:
                self._note(
                    name, version, Note(ChangeKind.RESTORED, None, _status(after), "It is held again.")
                )
            for note in between(before, after):
                self._note(name, version, note)
        known = set((before or {"source": {}})["source"].get("supersedes") or ())
        claimed = after["source"].get("supersedes") or ()
        self._editions += [(older, after) for older in claimed if older not in known]

    def came(self, name: str) -> None:
        """A source is new, and says nothing of others."""
        self._new.add(name)

    def learnt(self, source: str, version: int, note: Note) -> None:
        """Something was learnt about a source that is not in its record."""
        self._note(source, version, note)

    def vanished(self, record: Record, version: int) -> None:
        """A source is no longer in the library."""
        why = "It is no longer in the collection that held it."
        self._note(record["id"], version, Note(ChangeKind.VANISHED, _status(record), None, why))

    def settle(self) -> None:
        """Note the editions that were replaced, now that all records of the transaction are known."""
        for claimed, newer in self._editions:
            for older in dict.fromkeys((claimed, slug(claimed))):
                if older not in self._new and older != newer["id"] and (version := self._version(older)):
                    work = newer["source"]
                    year = f" ({work['year']})" if work.get("year") else ""
                    why = f"“{work['title']}”{year} says that it supersedes it."
                    self._note(older, version, Note(ChangeKind.NEW_EDITION, older, newer["id"], why))

    def _version(self, source: str) -> int | None:
        row = self._db.execute(
            "select max(version) from (select version from source where id = ?1 "
            "union all select version from work where id = ?1)",
            (source,),
        ).fetchone()
        return int(row[0]) if row[0] else None

    def _note(self, source: str, version: int, note: Note) -> None:
        self._db.execute(
            "insert into status_changes (at, source, version, kind, was, now, why, sentence) "
            "values (?, ?, ?, ?, ?, ?, ?, ?)",
            (self._at, source, version, note.kind.value, note.was, note.now, note.why, note.sentence),
        )


def slug(edition: str) -> str:
    """An edition as an id may name it: "NICE NG80 (2017)" is ``nice-ng80``."""
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"\(.*", "", edition).lower()).strip("-")


def entries(db: sqlite3.Connection, after: int, limit: int) -> tuple[StatusChange, ...]:
    """The entries after a cursor; none in a store of before the ledger."""
    if not db.execute("select 1 from sqlite_schema where name = 'status_changes'").fetchone():
        return ()
    rows = db.execute(
        "select id, at, source, version, kind, was, now, why, sentence from status_changes "
        "where id > ? order by id limit ?",
        (after, limit),
    )
    return tuple(
        StatusChange(name, at, source, version, ChangeKind(kind), was, now, why, sentence)
        for name, at, source, version, kind, was, now, why, sentence in rows
    )


def between(before: Record, after: Record) -> Iterator[Note]:
    """What a reader of the earlier record must be told that the later one says otherwise."""
    old, new = source_of(before), source_of(after)
    yield from _standing(old, new)
    yield from _warnings(before["source"], after["source"])
    after_ = sentences_of(after)
    if is_work(before) or is_work(after):
        yield from _words(sentences_of(before), frozenset(s.text for s in after_))
    else:
        yield from _statements(sentences_of(before), {s.id: s for s in after_})


def _standing(old: Source, new: Source) -> Iterator[Note]:
    (was, _), (now, kind) = _GRAVITY.get(old.status, _IN_USE), _GRAVITY.get(new.status, _IN_USE)
    if old.status is new.status or was == now == 0:
        return
    kind = ChangeKind.RESTORED if now < was else kind
    by = f" by {', '.join(new.superseded_by)}" if new.superseded_by else ""
    why = new.status_note or f"Its record says: {new.status.value.replace('_', ' ')}{by}."
    yield Note(kind, old.status.value, new.status.value, why)


def _warnings(old: Record, new: Record) -> Iterator[Note]:
    """Expressions of concern and published corrections."""
    was, now = old.get("concern"), new.get("concern")
    if now and now != was:
        yield Note(ChangeKind.CONCERN, was, now, now)
    elif was and not now:
        yield Note(ChangeKind.RESTORED, was, None, "The expression of concern is no longer in its record.")
    known = old.get("errata") or ()
    for erratum in new.get("errata") or ():
        if erratum not in known:
            yield Note(ChangeKind.CORRECTED, None, str(erratum), str(erratum))


def _statements(before: Iterable[Sentence], after: dict[str, Sentence]) -> Iterator[Note]:
    for old in before:
        new = after.get(old.id)
        if new is None:
            why = "The statement is no longer in the record."
            yield Note(ChangeKind.TEXT_CHANGED, told(old), None, why, old.id)
        elif told(old) != told(new):
            same = old.text == new.text
            why = "Its grade or conditions read differently." if same else "The statement reads differently."
            yield Note(ChangeKind.TEXT_CHANGED, told(old), told(new), why, old.id)


def _words(before: Iterable[Sentence], after: frozenset[str]) -> Iterator[Note]:
    """Sentences of a work that are not in it any more; one that only moved reads as it did."""
    for old in before:
        if old.text not in after:
            yield Note(
                ChangeKind.TEXT_CHANGED, told(old), None, "The sentence is no longer in the work.", old.id
            )


def told(sentence: Sentence) -> str:
    """All of a statement that a claim shows: its text, whom it is about, its conditions and grade."""
    grade = sentence.grade
    facts = [f"{sentence.kind.value}, {sentence.origin.value}"]
    facts += [fact for fact in (sentence.population, sentence.setting, *sentence.qualifiers) if fact]
    facts += [grade.native] if grade.native else []
    facts += [
        f"{name} {value}"
        for name, value in (
            ("strength", grade.strength.value),
            ("direction", grade.direction.value),
            ("certainty", grade.certainty.value),
        )
        if value not in {"none", "not_stated"}
    ]
    return f"{sentence.text} [{'; '.join(facts)}]"


def _status(record: Record) -> str:
    return source_of(record).status.value
