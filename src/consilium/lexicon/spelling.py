"""Repair one slip in a long word, towards a word that the lexicon or the library knows."""

from __future__ import annotations

from collections.abc import Iterable

# One slip in a word of at least six letters; two in one of at least ten. Shorter words have
# too many real neighbours ("ileum", "ilium").
_ONE_SLIP, _TWO_SLIPS = 6, 10


class Speller:
    """Proposes the nearest known word, or nothing."""

    def __init__(self, known: Iterable[str]) -> None:
        """Index ``known`` folded words by length, in sorted order."""
        self._known = frozenset(word for word in known if len(word) >= _ONE_SLIP - 1)
        self._by_length: dict[int, list[str]] = {}
        for word in sorted(self._known):
            self._by_length.setdefault(len(word), []).append(word)

    def nearest(self, word: str) -> str | None:
        """The known word within reach of ``word``; the first in the alphabet if several tie."""
        if len(word) < _ONE_SLIP or word in self._known or not word.isalpha():
            return None
        reach = 2 if len(word) >= _TWO_SLIPS else 1
        best: tuple[int, str] | None = None
        for length in range(len(word) - reach, len(word) + reach + 1):
            for known in self._by_length.get(length, ()):
                if known[0] != word[0] and known[1:2] != word[1:2]:
                    continue
                distance = slips(word, known, reach)
                if distance <= reach and (best is None or (distance, known) < best):
                    best = distance, known
        return best[1] if best else None


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
