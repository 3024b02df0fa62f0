"""Which saying of a sentence a saying of a claim answers to: the one whose words around it are the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from consilium.pipeline.checks.wording import Wording

# How far the words around a saying tell what it is about.
REACH = 9
_OTHER_CLAUSE = 0.3


@dataclass(frozen=True, slots=True)
class Saying:
    """Something said at one place of a text ("raised", "may"), with the words around it.

    Attributes:
        sense: what it says, in the terms of the check that found it.
        words: the words that say it.
        around: the keys of the words near it, nearer ones weighing more.
    """

    sense: str
    words: str
    around: dict[str, float]

    def closeness(self, other: Saying) -> float:
        """How far two sayings are about the same."""
        return sum(min(weight, other.around.get(key, 0.0)) for key, weight in self.around.items())


def saying(said: Wording, first: int, after: int, sense: str) -> Saying:
    """A saying with its surroundings."""
    here = said.words[first]
    around: dict[str, float] = {}
    for place in range(max(0, first - REACH), min(len(said.words), after + REACH)):
        word = said.words[place]
        if first <= place < after or not word.carries or word.segment != here.segment:
            continue
        distance = first - place if place < first else place - after + 1
        weight = 1 / (1 + distance) * (1 if word.clause == here.clause else _OTHER_CLAUSE)
        for key in word.keys:
            around[key] = max(around.get(key, 0.0), weight)
    return Saying(sense, said.text[here.start : said.words[after - 1].end], around)


def closest(mine: Saying, theirs: Sequence[Saying]) -> float:
    """How close the closest of some sayings is; 0 where none is about the same."""
    return max((mine.closeness(other) for other in theirs), default=0.0)
