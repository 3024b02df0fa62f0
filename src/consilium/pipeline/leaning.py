"""What a sentence in its authors' words hangs on, and what takes some of it back.

"However, this was not sustained" says nothing alone, and what stands before it says too much: both are shown
together, or neither is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from consilium.domain.evidence import Sentence
from consilium.pipeline import tables

_MOST = 2  # sentences before, through which one may hang on another
_TAKEN_BACK = 1


def leans(text: str) -> bool:
    """Whether a sentence hangs on the one before it."""
    rules, lowered = tables.load("own_words"), text.lower()
    return tables.cued(rules["leans"], lowered) and not tables.cued(rules["stands"], lowered)


def takes_back(text: str) -> bool:
    """Whether a sentence qualifies the finding before it."""
    rules, lowered = tables.load("own_words"), text.lower()
    return tables.cued(rules["takes_back"], lowered) and not tables.cued(rules["no_finding"], lowered)


def bound(sentence: Sentence, work: Sequence[Sentence]) -> Sentence:
    """A sentence of a work with what it may not be parted from: what it hangs on, and what takes it back."""
    at = next((place for place, one in enumerate(work) if one.id == sentence.id), None)
    if at is None or sentence.role is None:
        return sentence
    before = _before(at, work)
    after = [one for one in work[at + 1 : at + 1 + _TAKEN_BACK] if _beside(sentence, one)]
    after = [one for one in after if takes_back(one.text)]
    names = tuple(one.id for one in (*before, *after))
    return replace(sentence, pairs_with=names) if names else sentence


def hangs(sentence: Sentence, work: Sequence[Sentence]) -> bool:
    """Whether a sentence hangs on something that does not stand beside it, so that it cannot be shown."""
    if not leans(sentence.text):
        return False
    first = next((one for one in work if one.id in sentence.pairs_with), sentence)
    return leans(first.text)


def _before(at: int, work: Sequence[Sentence]) -> list[Sentence]:
    """The sentences that one hangs on, in reading order; none where they cannot be shown either."""
    found: list[Sentence] = []
    while leans(work[at].text) and len(found) < _MOST and at > 0 and _beside(work[at], work[at - 1]):
        at -= 1
        found.insert(0, work[at])
    return [] if leans(work[at].text) else found


def _beside(one: Sentence, other: Sentence) -> bool:
    """Whether two sentences stand in one section, and both may be shown."""
    return (
        one.passage == other.passage
        and one.heading == other.heading
        and other.role is not None
        and other.role.may_be_cited
    )
