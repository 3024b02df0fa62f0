"""Recompute the whole chain and name every entry that was changed, moved or taken away.

Whoever can write to the database can also compute hashes anew. A chain that was rewritten to its
end, or cut off, holds together; only a head that was kept elsewhere shows it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection

from consilium.site.audit import triggers
from consilium.site.audit.chain import GENESIS, Head, digest_of, entries
from consilium.site.audit.models import AuditEntry

UNREADABLE = "cannot be read; something that is no entry was put there"
IMPOSSIBLE = "has a number that the log never gives"
MISSING = "missing"
CHANGED = "was changed: what it says does not give its hash"
REWRITTEN = "was rewritten, perhaps with some before it: the entry after it follows another"
FOREIGN = "was rewritten: it does not begin the chain"
MOVED = "is out of order: it was written as entry {place}"
NOT_AS_KEPT = "rewritten: the head that was kept elsewhere is another"
CUT_OFF = "missing at the end: a head that was kept elsewhere says that they were there"
# Looking for the place of a moved entry takes the square of this many hashes.
_TRIED = 200


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """What is wrong with an entry, or with a run of them."""

    first: int
    last: int
    words: str

    @property
    def where(self) -> str:
        """The entry, or the entries, by number."""
        return f"entry {self.first}" if self.first == self.last else f"entries {self.first} to {self.last}"

    def __str__(self) -> str:
        """For the operator."""
        return f"{self.where}: {self.words}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verifying found.

    Attributes:
        entries: how many there are.
        head: the newest.
        faults: by the number of the entry; the first is the first that does not hold.
        unguarded: triggers that are not in place.
    """

    entries: int
    head: Head
    faults: tuple[Fault, ...]
    unguarded: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether everything holds."""
        return not self.faults and not self.unguarded


def verify(heads: Iterable[Head] = ()) -> Verdict:
    """Read the whole log; ``heads``: those that were kept elsewhere."""
    walk = _Walk()
    kept = sorted(heads, key=lambda head: head.sequence)
    wanted = {head.sequence for head in kept}
    hashes: dict[int, str | None] = {0: GENESIS} if 0 in wanted else {}
    for sequence, entry in entries():
        walk.take(sequence, entry)
        if sequence in wanted:
            hashes[sequence] = entry.hash if entry else None
    faults = [*walk.named(), *_against(kept, hashes, walk.head)]
    return Verdict(walk.count, walk.head, tuple(sorted(faults)), triggers.missing(connection))


def _against(kept: list[Head], hashes: dict[int, str | None], newest: Head) -> list[Fault]:
    """The first head that is not as it was kept, and what the last one says was cut off."""
    faults, same = [], 0
    for head in kept:
        if head.sequence > newest.sequence:
            continue
        if hashes.get(head.sequence, head.hash) != head.hash:
            faults.append(Fault(min(same + 1, head.sequence), head.sequence, NOT_AS_KEPT))
            break
        same = head.sequence
    if kept and kept[-1].sequence > newest.sequence:
        faults.append(Fault(newest.sequence + 1, kept[-1].sequence, CUT_OFF))
    return faults


@dataclass(slots=True)
class _Walk:
    """The way along the chain, one entry after the other."""

    count: int = 0
    head: Head = field(default_factory=lambda: Head(0, GENESIS))
    faults: dict[int, Fault] = field(default_factory=dict)
    changed: list[AuditEntry] = field(default_factory=list)
    gaps: list[int] = field(default_factory=list)

    def take(self, sequence: int, entry: AuditEntry | None) -> None:
        """Look at the next entry."""
        self.count += 1
        if sequence < 1:
            self._fault(sequence, IMPOSSIBLE)
            return
        before = self.head.sequence
        if sequence > before + 1:
            self.faults[before + 1] = Fault(before + 1, sequence - 1, MISSING)
            self.gaps += range(before + 1, min(sequence, before + 1 + _TRIED))
        if entry is None:
            self._fault(sequence, UNREADABLE)
            self.head = Head(sequence, "")
            return
        follows, self.head = self.head.hash, Head(sequence, entry.hash)
        if _given(entry) != entry.hash:
            self._fault(sequence, CHANGED)
            self.changed += [entry] if len(self.changed) < _TRIED else []
        elif sequence == before + 1 and entry.previous != follows:
            self._fault(*((before, REWRITTEN) if before else (sequence, FOREIGN)))

    def _fault(self, sequence: int, words: str) -> None:
        self.faults.setdefault(sequence, Fault(sequence, sequence, words))

    def named(self) -> list[Fault]:
        """Every fault; an entry that fits another place is told apart from one that was changed."""
        places = [*(entry.sequence for entry in self.changed), *self.gaps[:_TRIED]]
        for entry in self.changed:
            place = next((place for place in places if _given(entry, place) == entry.hash), None)
            if place is not None:
                self.faults[entry.sequence] = Fault(entry.sequence, entry.sequence, MOVED.format(place=place))
        return list(self.faults.values())


def _given(entry: AuditEntry, sequence: int | None = None) -> str:
    """The hash that an entry's contents give; "" if they are nothing that can be hashed."""
    try:
        return digest_of(entry, sequence)
    except (ValueError, TypeError, AttributeError, OverflowError):
        return ""
