"""What a word such as "not" or "may" governs, and whether a claim puts the same words under it as its sentences do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from consilium.pipeline.checks.alignment import Saying, closest, saying
from consilium.pipeline.checks.wording import Wording

_REACH = 9
_HEADS = 2
_UNDER, _FREE, _EITHER = "under", "free", "either"


@dataclass(frozen=True, slots=True)
class Scope:
    """One governing word: where it stands, what it governs, and what stands before it in its clause."""

    first: int
    after: int
    words: str
    inside: tuple[int, ...]
    before: tuple[int, ...]

    def heads(self, said: Wording) -> frozenset[str]:
        """The keys of the first words that are governed."""
        carrying = [n for n in self.inside if said.words[n].carries][:_HEADS]
        return frozenset(key for n in carrying for key in said.words[n].keys)

    def keys(self, said: Wording) -> frozenset[str]:
        """The keys of all words of its clause that carry something."""
        both = (*self.before, *self.inside)
        return frozenset(key for n in both if said.words[n].carries for key in said.words[n].keys)


def scopes(said: Wording, cue: re.Pattern[str], skip: re.Pattern[str] | None = None) -> list[Scope]:
    """Each place where a governing word stands, with its scope to the end of the clause."""
    skipped = {n for first, after, _ in said.matches(skip) for n in range(first, after)} if skip else set()
    found = []
    for first, after, words in said.matches(cue):
        if first in skipped:
            continue
        clause = said.words[first].clause
        inside = tuple(
            n for n in range(after, min(len(said.words), after + _REACH)) if said.words[n].clause <= clause
        )
        before = tuple(n for n in range(max(0, first - _REACH), first) if said.words[n].clause == clause)
        found.append(Scope(first, after, words, inside, before))
    return found


def states(said: Wording, found: Iterable[Scope]) -> list[str]:
    """Of each word whether it is under a governing word, free of one, or before one, where it may be either."""
    state = [_FREE] * len(said.words)
    made = list(found)
    for scope in made:
        for n in scope.before:
            state[n] = _EITHER
    for scope in made:
        for n in (*scope.inside, *range(scope.first, scope.after)):
            state[n] = _UNDER
    return state


def strayed(
    claim: Wording,
    mine: Sequence[Scope],
    cited: Sequence[Wording],
    theirs: Sequence[Sequence[Scope]],
    *,
    extra: frozenset[str] = frozenset(),
) -> Iterator[tuple[str, bool]]:
    """The words that are governed in the claim and free in its sentences, or the other way round.

    Yields:
        The word, and whether the claim is where it is governed.
    """
    state = states(claim, mine)
    there = [(said, states(said, found)) for said, found in zip(cited, theirs, strict=True)]
    heads = extra.union(
        *(s.heads(claim) for s in mine),
        *(s.heads(said) for said, found in zip(cited, theirs, strict=True) for s in found),
    )
    for n, word in enumerate(claim.words):
        if state[n] == _EITHER or not word.carries or not word.keys & heads:
            continue
        here = saying(claim, n, n + 1, state[n])
        same, other = _split(here, word.keys, there)
        if other and closest(here, other) > closest(here, same) or other and not same:
            yield word.text, state[n] == _UNDER


def _split(
    here: Saying, keys: frozenset[str], there: Sequence[tuple[Wording, list[str]]]
) -> tuple[list[Saying], list[Saying]]:
    same: list[Saying] = []
    other: list[Saying] = []
    for said, state in there:
        for n, word in enumerate(said.words):
            if word.keys & keys:
                made = saying(said, n, n + 1, state[n])
                if state[n] in {_EITHER, here.sense}:
                    same.append(made)
                if state[n] not in {_EITHER, here.sense}:
                    other.append(made)
    return same, other
