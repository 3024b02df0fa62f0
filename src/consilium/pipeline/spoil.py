"""Known errors for measuring vigilance: one statement, made wrong in one way.

The kinds are those that verification has to catch in any case: a number, a negation, a direction.
The result is only ever shown to a reviewer who is told of it at once; nothing of it is kept.
"""

from __future__ import annotations

import re

_NUMBER = re.compile(r"(?<![\w.,])\d+(?![\w]|[.,]\d)")
_NOT = re.compile(r"\b(is|are|was|were|do|does|did|should|must|can|may|will) not\b")
_VERB = re.compile(r"\b(is|are|was|were|should|must|can|may|will)\b(?! not)")
_OPPOSITES = (
    ("increase", "reduce"),
    ("higher", "lower"),
    ("above", "below"),
    ("more", "fewer"),
    ("before", "after"),
)
_WORDS = re.compile(r"\b(" + "|".join(word for pair in _OPPOSITES for word in pair) + r")(s|d)?\b")


def spoilt(text: str, seed: int) -> tuple[str, str] | None:
    """A statement made wrong, and in which way; None where it offers no place for an error.

    Args:
        seed: chooses among the ways and the places; the same seed, the same error.
    """
    ways = [
        (kind, [m for m in pattern.finditer(text) if kind != "number" or m.group() != "0"])
        for kind, pattern in (("number", _NUMBER), ("negation", _NOT), ("direction", _WORDS))
    ]
    ways = [(kind, places) for kind, places in ways if places]
    if not ways and (verbs := list(_VERB.finditer(text))):
        ways = [("negation", verbs)]
    if not ways:
        return None
    kind, places = ways[seed % len(ways)]
    place = places[seed // len(ways) % len(places)]
    return kind, text[: place.start()] + _wrong(kind, place) + text[place.end() :]


def _wrong(kind: str, place: re.Match[str]) -> str:
    if kind == "number":
        return str(int(place.group()) * 10)
    if kind == "negation":
        return place.group(1) if place.re is _NOT else f"{place.group()} not"
    opposite = {a: b for pair in _OPPOSITES for a, b in (pair, pair[::-1])}
    return opposite[place.group(1)] + (place.group(2) or "")
