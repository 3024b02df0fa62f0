"""Notices in the store: what registers say of works that the library holds or may come to hold.

They stand beside the records and are never written into them: a work that is added after its retraction is
retracted from the first, and one that a register reinstates is in use again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from consilium.adapters.library.ledger import Ledger, Note
from consilium.adapters.library.sqlite_faults import translated
from consilium.adapters.sources.works import source_of
from consilium.domain.change import ChangeKind
from consilium.domain.evidence import Source, SourceStatus
from consilium.domain.notice import Notice, NoticeKind, deciding

if TYPE_CHECKING:
    from consilium.adapters.library.store import Store

COLLECTION = "retractions"
_TABLES = (
    """create table if not exists notice (
    number integer primary key,
    register text not null,
    kind text not null,
    pmid text not null,
    doi text not null,
    day text not null,
    notice text not null,
    why text not null,
    checked text not null,
    unique (register, kind, pmid, doi, notice)
) strict""",
    "create index if not exists notice_by_pmid on notice (pmid) where pmid <> ''",
    "create index if not exists notice_by_doi on notice (doi) where doi <> ''",
    """create table if not exists register (
    number integer primary key,
    name text not null,
    digest text not null unique,
    checked text not null
) strict""",
    "create table if not exists checked (pmid text primary key, register text not null, day text not null) strict",
)
_FIELDS = "kind, register, pmid, doi, day, notice, why, checked"
_STATUS = {NoticeKind.RETRACTED: SourceStatus.RETRACTED, NoticeKind.WITHDRAWN: SourceStatus.WITHDRAWN}
_CHANGES = {
    NoticeKind.RETRACTED: ChangeKind.RETRACTED,
    NoticeKind.WITHDRAWN: ChangeKind.WITHDRAWN,
    NoticeKind.CONCERN: ChangeKind.CONCERN,
}


@dataclass(frozen=True, slots=True)
class Read:
    """Notices that were read: of which file or register, its digest, and the day.

    Attributes:
        about: the PMIDs that a register was asked about and knows: of these, no notice says that there is none.
    """

    name: str
    digest: str
    day: str
    about: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a file: how many notices were new, how many held already, and which sources they are about."""

    new: int
    same: int
    about: tuple[tuple[str, Notice], ...]


class Notices:
    """The notices of one store; it writes only inside a transaction that the store has begun."""

    def __init__(self, db: sqlite3.Connection, path: Path) -> None:
        """A store of before the first notice has no table for them, and is read as if it had an empty one."""
        self._db, self._path, self._there = db, path, False

    def about(self, pmid: str | None, doi: str | None) -> tuple[Notice, ...]:
        """The notices about a work, in the order in which they were read."""
        with translated(self._path):
            if not self._has_table():
                return ()
            rows = self._db.execute(
                f"select {_FIELDS} from notice where (pmid = ?1 and pmid <> '') or (doi = ?2 and doi <> '') "  # noqa: S608
                "order by number",
                (pmid or "", (doi or "").lower()),
            )
            return tuple(Notice(NoticeKind(kind), *rest) for kind, *rest in rows)

    def judged(self, source: Source) -> Source:
        """A source as it stands by its record and by all notices about it; the graver counts."""
        notice = deciding(self.about(source.pmid, source.doi))
        if notice is None:
            checked = source.retraction_checked or self._was_checked(source.pmid)
            return replace(source, retraction_checked=checked) if checked else source
        said = "; ".join(filter(None, (notice.told(), source.status_note)))
        status = _STATUS.get(notice.kind, source.status)
        if source.status is SourceStatus.RETRACTED or status is source.status:
            return replace(source, status_note=said)
        return replace(
            source, status=status, status_note=said, status_checked=True, status_checked_on=notice.checked,
            retraction_checked=True,
        )  # fmt: skip

    def generations(self) -> dict[str, int]:
        """How many files of notices have been read, under the name that answers show; nothing where none was."""
        if not self._has_table():
            return {}
        (number,) = self._db.execute("select max(number) from register").fetchone()
        return {COLLECTION: number} if number else {}

    def has_read(self, digest: str) -> bool:
        """Whether a file was read before."""
        found = self._has_table() and self._db.execute("select 1 from register where digest = ?", (digest,))
        return bool(found and found.fetchone())

    def affected(self, store: Store) -> Iterator[tuple[str, Notice]]:
        """Every source held that a register says something of, and what decides how it stands."""
        if self._has_table():
            pmids = frozenset(row[0] for row in self._db.execute("select distinct pmid from notice"))
            dois = frozenset(row[0] for row in self._db.execute("select distinct doi from notice"))
            for source in held_by(store):
                if (source.pmid or None) in pmids or ((source.doi or "").lower() or None) in dois:
                    found = self.about(source.pmid, source.doi)
                    if notice := deciding(found) or next(iter(found), None):
                        yield source.id, notice

    def take(self, notices: Iterable[Notice], file: Read, store: Store, notes: Ledger) -> Told:
        """Write the notices of a file, and note in the ledger what they change for sources that are held."""
        for statement in _TABLES:
            self._db.execute(statement)
        given = tuple(notices)
        pmids, dois = {n.pmid for n in given} - {""}, {n.doi for n in given} - {""}
        held = [s for s in held_by(store) if s.pmid in pmids or (s.doi or "").lower() in dois]
        before = [self.about(source.pmid, source.doi) for source in held]
        new = self._written(given, file.day)
        self._db.execute(
            "insert or ignore into register (name, digest, checked) values (?, ?, ?)",
            (file.name, file.digest, file.day),
        )
        self._db.executemany(
            "insert or replace into checked values (?, ?, ?)", ((p, file.name, file.day) for p in file.about)
        )
        about = []
        for source, earlier in zip(held, before, strict=True):
            later = self.about(source.pmid, source.doi)
            for note in _changes(source, earlier, later):
                notes.learnt(source.id, source.version, note)
            if notice := deciding(later) or next(iter(later), None):
                about.append((source.id, notice))
        return Told(new, len(given) - new, tuple(about))

    def _was_checked(self, pmid: str | None) -> bool:
        with translated(self._path):
            found = (
                pmid
                and self._has_table()
                and self._db.execute("select 1 from checked where pmid = ?", (pmid,))
            )
            return bool(found and found.fetchone())

    def _written(self, notices: Iterable[Notice], day: str) -> int:
        """Write notices, or the day on which they were last read; how many are new."""
        (before,) = self._db.execute("select count(*) from notice").fetchone()
        self._db.executemany(
            f"insert into notice ({_FIELDS}) values (?, ?, ?, ?, ?, ?, ?, ?) "  # noqa: S608
            "on conflict do update set day = excluded.day, why = excluded.why, checked = excluded.checked",
            ((n.kind.value, n.register, n.pmid, n.doi, n.day, n.notice, n.why, day) for n in notices),
        )
        (after,) = self._db.execute("select count(*) from notice").fetchone()
        return int(after) - int(before)

    def _has_table(self) -> bool:
        if not self._there:
            found = self._db.execute("select 1 from sqlite_schema where name = 'register'").fetchone()
            self._there = bool(found)
        return self._there


def held_by(store: Store) -> Iterator[Source]:
    """Every source that is held, as its record says: of evidence records, and of works one by one."""
    for source, _ in store.everything():
        yield source
    for version, work in store.works.all():
        yield source_of({**work}, version=version, collection="")


def _changes(source: Source, before: tuple[Notice, ...], after: tuple[Notice, ...]) -> Iterator[Note]:
    """What whoever cited a source must be told, now that other notices about it are known."""
    was, now = deciding(before), deciding(after)
    known = {(n.kind, n.notice) for n in before}
    if (was and was.kind) != (now and now.kind):
        kind = _CHANGES[now.kind] if now else ChangeKind.RESTORED
        if kind is not ChangeKind.RETRACTED or source.status is not SourceStatus.RETRACTED:
            said = now or next(n for n in reversed(after) if n.kind is NoticeKind.REINSTATED)
            yield Note(
                kind,
                was.kind.value if was else source.status.value,
                now.kind.value if now else None,
                said.told(),
            )
    for notice in after:
        if notice.kind is NoticeKind.CORRECTED and (notice.kind, notice.notice) not in known:
            known.add((notice.kind, notice.notice))
            yield Note(ChangeKind.CORRECTED, None, notice.notice or None, notice.told())
