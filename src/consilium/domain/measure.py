"""What a decision looked at: values, what each was held against, and whether it passed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

Value = float | str


class Measured(NamedTuple):
    """One value with what it was held against; whoever decides by it declares it.

    Attributes:
        floor: a number that the value must reach or may not exceed, or in words what it has to be.
        sign: how the two are compared: ≥, ≤, or "is" for words.
    """

    name: str
    value: Value
    floor: Value
    passed: bool
    sign: str = "is"


def at_least(name: str, value: float, floor: float) -> Measured:
    """A value that must reach ``floor``."""
    return Measured(name, value, floor, value >= floor, "≥")


def at_most(name: str, value: float, most: float) -> Measured:
    """A value that may not exceed ``most``."""
    return Measured(name, value, most, value <= most, "≤")


@dataclass(frozen=True, slots=True)
class Place:
    """Where one way of searching put a sentence: its rank, from 1, and its score."""

    rank: int
    score: float


@dataclass(frozen=True, slots=True)
class Traits:
    """What pertinence is told by, each from 0 to 1 (see ``pipeline/pertinence.py``).

    Attributes:
        relevance: the index's score beside that of the best candidate.
        source: the score of the best sentence of the same source beside the best of all.
        opens: whether the first topic of the sentence is the question's.
        apart: whether it is about a disease of its own, where the question names none.
        stray: how many of its partners, which it would bring along, are off the topic.
    """

    relevance: float
    source: float
    opens: float
    apart: float
    stray: float
