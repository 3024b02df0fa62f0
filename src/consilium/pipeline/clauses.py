"""Divide a question into the things that it asks, so that a sentence may answer one of them.

"Bacterial vaginosis: treatment, and should the partner be treated?" asks two things about one
topic. What stands before a colon belongs to all; a clause that names no condition is about the
conditions of the first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from consilium.domain.question import Term

_ASKS = r"(?:is|are|does|do|did|what|when|who|which|how|should|can|could|why|where|need|needs|has|have)"
_BREAK = re.compile(rf";|\?\s|,?\s+and\s+(?={_ASKS}\b)|,\s+(?:and\s+)?(?={_ASKS}\b)", re.IGNORECASE)
# "My gallbladder is inflamed, …": what is told before the first question belongs to all of them.
_STORY = re.compile(
    r"(?!"
    + _ASKS
    + r"\b)[^?;:]*?(?:\b(?:is|are|was|were|has|have|had|am|got|gets?|feels?|keeps?|started|won'?t|can'?t|"
    r"hurts?|aches?)\b|'(?:s|m|ve)\b)[^?;:]*?(?:[.;]\s|,?\s(?:and\s)?(?=" + _ASKS + r"\b))",
    re.IGNORECASE,
)
_TOPIC = frozenset({"condition", "organism", "sign", "symptom", "anatomy", "word", "plain"})
SHARED = -1


def part_at(text: str, position: int) -> int:
    """The number of the clause at a place of the text; ``SHARED`` before a colon."""
    colon = text.find(": ")
    if 0 <= position < colon:
        return SHARED
    story = _STORY.match(text)
    if story and 0 <= position < story.end():
        return SHARED
    start = max(colon, story.end() if story else colon)
    return sum(match.end() <= position for match in _BREAK.finditer(text) if match.end() > start)


def clauses_of(terms: Sequence[Term]) -> list[list[Term]]:
    """The terms of each clause with those it takes over; one clause if nothing divides them."""
    shared = [term for term in terms if term.part == SHARED]
    parts = sorted({term.part for term in terms if term.part != SHARED})
    if not parts:
        return [list(terms)]
    first = [term for term in terms if term.part == parts[0] and term.kind in _TOPIC]
    made = [shared] if shared and SHARED < 0 < parts[0] else []
    for number in parts:
        own = [term for term in terms if term.part == number]
        taken = [] if shared or any(term.kind in _TOPIC for term in own) else first
        made.append([*shared, *(t for t in taken if t not in own), *own])
    return made
