"""What a word such as "not" or "may" governs, and whether a claim puts the same words under it as its sentences do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from consilium.pipeline.checks.alignment import Saying, closest, saying
from consilium.pipeline.checks.wording import Wording

_REACH = 9
_HEADS = 3
# How much closer the opposite has to be before it is taken for what the claim says.
_MARGIN = 1.2
_UNDER, _FREE, _EITHER = "under", "free", "either"


@dataclass(frozen=True, slots=True)
class Cue:
    """A family of governing words.

    Attributes:
        words: all of them.
        skip: what looks like one and is none.
        predicate: those that also speak about what stands before them ("codeine is contraindicated").
        open: those whose words may be governed or not ("unless", "except").
        noun: those that end where the next verb begins ("without fever it is").
        cancels: whether what is governed twice is not governed at all ("do not avoid").
    """

    words: re.Pattern[str]
    skip: re.Pattern[str]
    predicate: re.Pattern[str]
    open: re.Pattern[str]
    noun: re.Pattern[str]
    cancels: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """One governing word: where it stands, what it governs, and what stands before it in its clause."""

    first: int
    after: int
    words: str
    inside: tuple[int, ...]
    before: tuple[int, ...]
    predicate: bool
    open: bool

    def head(self, said: Wording, other: frozenset[str]) -> frozenset[str]:
        """The keys of the first governed word that the other text has too."""
        inside = self.inside
        if self.predicate:  # "is contraindicated in children": what follows is no object
            stop = next((n for n in inside if _LINK.match(said.words[n].text)), None)
            inside = tuple(n for n in inside if stop is None or n < stop)
        carrying = [said.words[n].keys for n in inside if said.words[n].carries][:_HEADS]
        return next((keys for keys in carrying if keys & other), frozenset())

    def keys(self, said: Wording) -> frozenset[str]:
        """The stems of all words of its clause that carry something."""
        both = (*self.before, *self.inside)
        return frozenset(said.words[n].stem for n in both if said.words[n].carries)


_LINK = re.compile(r"(?:in|for|with|to|at|on|by|from|after|before|during|because|among|as|when|if)$")
_VERB = re.compile(r"(?:is|are|was|were|has|have|had|should|may|can|could|will|must|might|does|do|did)$")


def scopes(said: Wording, cue: Cue) -> list[Scope]:
    """Each place where a governing word stands, with its scope to the end of the clause."""
    skipped = {n for first, after, _ in said.matches(cue.skip) for n in range(first, after)}
    found = []
    for first, after, words in said.matches(cue.words):
        if first in skipped:
            continue
        clause = said.words[first].clause
        if after < len(said.words) and (_opens(said, first) or not _paused(said, after)):
            clause = max(clause, said.words[after].clause)  # "not when data are missing"
        inside = [
            n for n in range(after, min(len(said.words), after + _REACH)) if said.words[n].clause <= clause
        ]
        if cue.noun.match(words):
            stop = next((n for n in inside if _VERB.match(said.words[n].text)), len(said.words))
            inside = [n for n in inside if n < stop]
        before = tuple(
            n
            for n in range(max(0, first - _REACH), first)
            if said.words[n].clause == said.words[first].clause
        )
        predicate, loose = bool(cue.predicate.match(words)), bool(cue.open.match(words))
        found.append(Scope(first, after, words, tuple(inside), before, predicate, loose))
    return [replace(scope, inside=_short_of(said, scope, found)) for scope in found]


def _short_of(said: Wording, scope: Scope, found: Sequence[Scope]) -> tuple[int, ...]:
    """The scope up to where the next governing word begins a part of its own ("never smoked and have no …")."""
    for later in found:
        if later.first in scope.inside:
            start = later.first
            while start > scope.after and (
                _VERB.match(said.words[start - 1].text) or said.words[start - 1].text in {"and", "or", "be"}
            ):
                start -= 1
            if start < later.first:
                return tuple(n for n in scope.inside if n < start)
    return scope.inside


def _opens(said: Wording, n: int) -> bool:
    """Whether a word is the first of its segment: "Usually, it resolves"."""
    return n == 0 or said.words[n - 1].segment != said.words[n].segment


def _paused(said: Wording, n: int) -> bool:
    """Whether a mark stands before a word."""
    return bool(re.search(r"[,:;.()]", said.text[said.words[n - 1].end : said.words[n].start]))


def states(said: Wording, found: Iterable[Scope], cue: Cue) -> list[str]:
    """Of each word whether it is governed, free, or where it may be either."""
    made = list(found)
    times = [sum(n in scope.inside for scope in made if not scope.open) for n in range(len(said.words))]
    either = {n for scope in made if scope.predicate for n in scope.before}
    loose = {n for scope in made if scope.open for n in scope.inside}
    loose.update(n for scope in made for n in range(scope.first, scope.after))
    return [
        _EITHER
        if n in loose or (n in either and not many)
        else _UNDER
        if many % 2 or (many and not cue.cancels)
        else _FREE
        for n, many in enumerate(times)
    ]


def strayed(
    claim: Wording,
    mine: Sequence[Scope],
    cited: Sequence[Wording],
    theirs: Sequence[Sequence[Scope]],
    cue: Cue,
) -> Iterator[tuple[str, bool]]:
    """The words that are governed in the claim and free in its sentences, or the other way round.

    Yields:
        The word, and whether the claim is where it is governed.
    """
    state = states(claim, mine, cue)
    there = [(said, states(said, found, cue)) for said, found in zip(cited, theirs, strict=True)]
    everything = frozenset[str]().union(*(said.keys for said in cited))
    heads = frozenset[str]().union(
        *(scope.head(claim, everything) for scope in mine),
        *(scope.head(said, claim.keys) for said, found in zip(cited, theirs, strict=True) for scope in found),
    )
    for n, word in enumerate(claim.words):
        if state[n] == _EITHER or not word.carries or not word.keys & heads:
            continue
        here = saying(claim, n, n + 1, state[n])
        same, other = _split(here, word.keys, there)
        if other and (not same or closest(here, other) > _MARGIN * closest(here, same)):
            yield word.text, state[n] == _UNDER


def _split(
    here: Saying, keys: frozenset[str], there: Sequence[tuple[Wording, list[str]]]
) -> tuple[list[Saying], list[Saying]]:
    same: list[Saying] = []
    other: list[Saying] = []
    for said, state in there:
        for n, word in enumerate(said.words):
            if word.keys & keys:
                (same if state[n] in {_EITHER, here.sense} else other).append(
                    saying(said, n, n + 1, state[n])
                )
    return same, other
