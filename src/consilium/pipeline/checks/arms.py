"""What is compared with what: "less with apixaban than with warfarin" is not the same the other way round."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from consilium.pipeline.checks.faults import Fault, Reason
from consilium.pipeline.checks.wording import Wording

_THAN = re.compile(
    r"\bthan\b|\b(?:compared|in comparison) (?:with|to)\b|\b(?:versus|vs?|relative to|over)\b(?! \d)"
)
# How many words on each side tell what is compared.
_BEFORE, _AFTER = 9, 3
Sides = tuple[frozenset[str], frozenset[str]]


def faults(claim: Wording, cited: Sequence[Wording]) -> Iterator[Fault]:
    """Comparisons of a claim whose two sides have changed places."""
    theirs = [sides for said in cited for sides in _comparisons(said)]
    for first, second in _comparisons(claim):
        same = any(second & after for _, after in theirs)
        turned = any(second & before and first & after for before, after in theirs)
        if turned and not same:
            yield Fault(Reason.MOVED, "The claim compares the same two the other way round.")


def _comparisons(said: Wording) -> Iterator[Sides]:
    """The keys on both sides of each comparison, without those that stand on both."""
    for first, after, _ in said.matches(_THAN):
        segment = said.words[first].segment
        before = _keys(said, range(max(0, first - _BEFORE), first), segment)
        behind = [n for n in range(after, len(said.words)) if said.words[n].carries][:_AFTER]
        second = _keys(said, behind, segment)
        if before - second and second - before:
            yield before - second, second - before


def _keys(said: Wording, places: Sequence[int], segment: int) -> frozenset[str]:
    inside = (said.words[n] for n in places)
    return frozenset(
        key for word in inside if word.carries and word.segment == segment and word.names for key in word.keys
    )
