"""What the eye of a reviewer must not slip over: numbers, negations, modal verbs, whom it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum


class Kind(StrEnum):
    """Why a piece of text is marked."""

    NUMBER = "number"
    NEGATION = "negation"
    MODAL = "modal"
    POPULATION = "population"


_PATTERNS = (
    (
        Kind.NEGATION,
        r"\b(?:no|not|never|without|neither|nor|none|cannot|can't|don't|avoid\w*|against|absen(?:t|ce)|exclud\w+|unless"
        r"|contraindicated)\b",
    ),
    (
        Kind.NUMBER,
        r"(?:[<>≤≥±]\s*)?\d+(?:[.,]\d+)*(?:\s*(?:%|mg|mcg|µg|g|kg|ml|mL|mmol|mm\s?Hg|units?|hours?|days?|weeks?|months?"
        r"|years?)(?:/\w+)*)?(?!\w)",
    ),
    (
        Kind.MODAL,
        r"\b(?:may|might|can|could|should|must|shall|would|will|probably|possibly|likely|unlikely|only|always|usually"
        r"|sometimes|rarely|consider|offer|recommend\w*|suggest\w*)\b",
    ),
    (
        Kind.POPULATION,
        r"\b(?:adults?|child(?:ren)?|infants?|neonates?|newborns?|women|woman|men|man|people|patients?|persons?|pregnan\w+"
        r"|adolescents?|older|elderly|aged)\b",
    ),
)
_ANY = re.compile("|".join(f"(?P<{kind.value}>{pattern})" for kind, pattern in _PATTERNS), re.IGNORECASE)


def emphasised(text: str) -> Iterator[tuple[Kind | None, str]]:
    """A text in pieces, each with why it is marked, or None; put together they are the text."""
    at = 0
    for found in _ANY.finditer(text):
        if found.start() > at:
            yield None, text[at : found.start()]
        yield Kind(str(found.lastgroup)), found.group()
        at = found.end()
    if at < len(text):
        yield None, text[at:]
