"""Cut the sections of a long work into passages of at most 250 words, at the ends of sentences."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from consilium.adapters.sources.sentences import ends_of
from consilium.adapters.sources.works import Section
from consilium.domain.role import Role

MOST_WORDS = 250


@dataclass(frozen=True, slots=True)
class Stretch:
    """Text under one heading that does one thing.

    Attributes:
        label: the headings over it, the outermost first, parted by " > ".
        text: its blocks, parted by newlines.
        place: where a reader finds it: "#sec-3" or "p. 12".
    """

    label: str | None
    role: Role
    text: str
    place: str | None = None


def cut(stretches: Iterable[Stretch], first: int = 0) -> Iterator[Section]:
    """The sections that stretches become, their passages numbered from ``first``; a sentence is never cut."""
    passage = first
    for stretch in stretches:
        for text, ends in _pieces(stretch.text):
            made: Section = {
                "passage": passage,
                "label": stretch.label,
                "role": stretch.role.value,
                "text": text,
                "ends": ends,
            }
            if stretch.place is not None:
                made["place"] = stretch.place
            yield made
            passage += 1


def _pieces(text: str) -> Iterator[tuple[str, list[int]]]:
    ends = ends_of(text)
    counts = [len(text[a:b].split()) for a, b in zip([0, *ends], ends, strict=False)]
    total = sum(counts)
    if total <= MOST_WORDS:
        if total:
            yield _piece(text, 0, ends)
        return
    # Pieces of much the same size: the last is no leftover of three words.
    enough = total / math.ceil(total / MOST_WORDS)
    begin, words, taken = 0, 0, list[int]()
    for end, more in zip(ends, counts, strict=True):
        if taken and (words >= enough or words + more > MOST_WORDS):
            yield _piece(text, begin, taken)
            begin, words, taken = taken[-1], 0, []
        taken.append(end)
        words += more
    if words:
        yield _piece(text, begin, taken)


def _piece(text: str, begin: int, ends: list[int]) -> tuple[str, list[int]]:
    held = text[begin : ends[-1]]
    led = len(held) - len(held.lstrip())
    held = held.strip()
    return held, [*(end - begin - led for end in ends[:-1]), len(held)]
