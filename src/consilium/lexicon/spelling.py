"""Repair slips in a long word, towards a word that the lexicon or the library knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

# One slip in a word of at least five letters, two in one of at least ten; in one of four only
# towards a clinical name: short words have too many real neighbours.
_FOUR, _ONE_SLIP, _TWO_SLIPS = 4, 5, 10
# Letters that are taken for one another by ear: "tomografy", "cortizone", "presure".
_BY_EAR = (
    ("ph", "f"),
    ("y", "i"),
    ("z", "s"),
    ("ce", "se"),
    ("ci", "si"),
    ("ck", "k"),
    ("c", "k"),
    ("rh", "r"),
)
_DOUBLE = re.compile(r"(.)\1")


class Speller:
    """Proposes the nearest known word, or nothing."""

    def __init__(
        self,
        known: Iterable[str],
        frequency: Callable[[str], int] = lambda _: 0,
        names: frozenset[str] = frozenset(),
    ) -> None:
        """Index ``known`` folded words by the length of their sound.

        Args:
            frequency: how often the library uses a word; among equals the commoner is meant.
            names: the words of clinical names, towards which a word of four letters may be mended.
        """
        self._frequency = frequency
        self._names = names
        self._known = frozenset(word for word in known if len(word) >= _FOUR - 1)
        self._by_length: dict[int, list[tuple[str, str]]] = {}
        for word in sorted(self._known):
            heard = sound(word)
            self._by_length.setdefault(len(heard), []).append((heard, word))

    def nearest(self, word: str) -> str | None:
        """The known word within reach of ``word``; the commonest if several tie."""
        near = self.candidates(word)
        return near[0] if near else None

    def candidates(self, word: str) -> tuple[str, ...]:
        """The known words that sound nearest to ``word``, likeliest first; none if it is known."""
        if len(word) < _FOUR or word in self._known or not word.isalpha():
            return ()
        reach = 2 if len(word) >= _TWO_SLIPS else 1
        wanted = sound(word)
        found: list[tuple[int, int, int, str]] = []
        for length in range(len(wanted) - reach, len(wanted) + reach + 1):
            for heard, known in self._by_length.get(length, ()):
                if heard[0] != wanted[0] and heard[1:2] != wanted[1:2]:
                    continue
                if len(word) < _ONE_SLIP and known not in self._names:
                    continue
                distance = min(slips(wanted, heard, reach), slips(word, known, reach))
                if distance <= reach:
                    found.append((distance, slips(word, known, _TWO_SLIPS), -self._frequency(known), known))
        found.sort()
        return tuple(known for distance, _, _, known in found if distance == found[0][0])

    def names_near(self, word: str, reach: int) -> tuple[str, ...]:
        """The words of clinical names within ``reach`` slips, nearest first, though ``word`` be English."""
        if len(word) < _ONE_SLIP or not word.isalpha():
            return ()
        near = (
            (slips(word, name, reach), -self._frequency(name), name)
            for length in range(len(word) - reach, len(word) + reach + 1)
            for name in self._names_of(length)
            if word[0] in name[:2] and name != word  # "numonia" is heard like "pneumonia"
        )
        return tuple(name for distance, _, name in sorted(near) if distance <= reach)

    def _names_of(self, length: int) -> list[str]:
        return [name for name in self._names if len(name) == length]


def sound(word: str) -> str:
    """A word roughly as it is heard, so that slips by ear cost nothing."""
    for written, heard in _BY_EAR:
        word = word.replace(written, heard)
    return _DOUBLE.sub(r"\1", word)


def slips(one: str, other: str, most: int) -> int:
    """Optimal string alignment distance (insert, delete, replace, swap), capped at ``most``+1."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return last[-1]
