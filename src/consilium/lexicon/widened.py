"""The lexicon with what was added to it: what ships is asked first, and keeps its meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, Protocol, TypeVar

from consilium.lexicon.concepts import Concept, Lexicon
from consilium.lexicon.headings import turned
from consilium.lexicon.normalise import key

T = TypeVar("T")


class More(Protocol):
    """Concepts and names beside those that ship, looked up one at a time."""

    @property
    def fingerprint(self) -> str:
        """What differs as soon as anything in it does."""

    def ids(self) -> Iterator[str]:
        """The ids of its own concepts."""

    def concept(self, name: str) -> Concept | None:
        """One of its own concepts by id."""

    def names(self, first: str) -> Sequence[tuple[tuple[str, ...], str]]:
        """Names by their first word, longest first, each with its concept."""

    def short(self, word: str) -> Sequence[tuple[str, tuple[str, ...]]]:
        """What a short name may mean, with the words that decide it."""

    def above(self, concept: str) -> frozenset[str] | None:
        """All that one of its own concepts is a kind of."""

    def below(self, concept: str) -> frozenset[str]:
        """Its own concepts that are kinds of any concept."""

    def heading(self, text: str) -> str | None:
        """The concept of a MeSH heading."""

    def called(self, name: str) -> str | None:
        """The one of its own concepts with this preferred name."""


class _Layered(Mapping[str, T], Generic[T]):
    """What ships, then what was added."""

    def __init__(
        self, first: Mapping[str, T], more: Callable[[str], T | None], ids: Callable[[], Iterator[str]]
    ) -> None:
        self._first, self._more, self._ids = first, more, ids

    def __getitem__(self, name: str) -> T:
        found = self._first[name] if name in self._first else self._more(name)
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        yield from self._first
        yield from self._ids()

    def __len__(self) -> int:
        return sum(1 for _ in self)


@dataclass(frozen=True, kw_only=True)
class Widened(Lexicon):
    """The lexicon that ships, with ``more``."""

    shipped: Lexicon
    more: More

    @cached_property
    def ancestors(self) -> Mapping[str, frozenset[str]]:
        """Every concept's parents, their parents and so on."""
        return _Layered(self.shipped.ancestors, self.more.above, self.more.ids)

    @cached_property
    def children(self) -> Mapping[str, frozenset[str]]:
        """Every concept's descendants of any depth."""
        none: frozenset[str] = frozenset()

        def both(concept: str) -> frozenset[str] | None:
            return (self.shipped.children.get(concept, none) | self.more.below(concept)) or None

        return _Layered({}, both, lambda: iter(()))

    def family(self, concept: str) -> int:
        """How many kinds there are; of a concept that ships, as it ships: what is narrow was measured so."""
        own = concept in self.shipped.concepts
        return self.shipped.family(concept) if own else len(self.more.below(concept))

    @cached_property
    def by_topic(self) -> dict[str, str]:
        """Concept id by a record's topic slug."""
        return self.shipped.by_topic

    @cached_property
    def by_mesh(self) -> Mapping[str, str]:
        """Concept id by MeSH heading; one that was renamed is found by its name of before."""

        def added(heading: str) -> str | None:
            words = key(turned(heading) or heading)
            names = self.more.names(words[0]) if words else ()
            return self.more.heading(heading) or next((c for name, c in names if name == words), None)

        return _Layered(self.shipped.by_mesh, added, lambda: iter(()))

    @cached_property
    def by_name(self) -> Mapping[str, str]:
        """Concept id by preferred name."""
        return _Layered(self.shipped.by_name, self.more.called, lambda: iter(()))

    def further(self, first: str) -> Sequence[tuple[tuple[str, ...], str]]:
        """Names beside those that ship, by first word, longest first."""
        return self.more.names(first)

    def further_short(self, word: str) -> Sequence[tuple[str, tuple[str, ...]]]:
        """Ambiguous short names beside those that ship."""
        return self.more.short(word)


def widened(shipped: Lexicon, more: More) -> Widened:
    """``shipped`` with ``more``: its own names, words and spelling stay as they are."""
    return Widened(
        concepts=_Layered(shipped.concepts, more.concept, more.ids),
        common=shipped.common,
        fingerprint=more.fingerprint,
        ordinary=shipped.ordinary,
        phrases=shipped.phrases,
        short=shipped.short,
        scattered=shipped.scattered,
        shipped=shipped,
        more=more,
    )
