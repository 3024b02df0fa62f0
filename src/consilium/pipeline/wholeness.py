"""What of a work can be shown as it stands: a whole sentence, an item of a guideline's list, a row of its table."""

from __future__ import annotations

import re

from consilium.domain.evidence import Candidate, StatementKind
from consilium.pipeline.checks.form import is_plain

# A sentence that can be shown: begun and ended as one, of a length to be read, in words and not in figures.
_WHOLE = re.compile(r"[A-Z0-9“\"'(≥>α-ω].*[.!)\]”\"]$", re.DOTALL)
_FEWEST, _FEWEST_OF_A_LIST, _MOST, _CHARACTERS = 5, 4, 75, 480
# What a line ends with that a reader of documents cut in two.
_CUT = re.compile(
    r"(?:[:,;–-]|\b(?:and|or|after|before|of|with|to|the|a|an|in|on|for|by|from|at|than|if|is|are))$"
)
_CLOSED = re.compile(r"[.!)\]”\"]$")
_FIGURES = 0.45
_DOSES = re.compile(
    r"\d\s?(?:mg|mcg|micrograms?|g|units?|iu|ml)\b|"
    r"\b(?:every|once|twice|times)\b.*\b(?:hours?|day|daily|week)\b|\b\d+ ?hourly\b|\bdaily\b",
    re.IGNORECASE,
)


def doses(text: str) -> bool:
    """Whether a text says how much is given, or how often."""
    return bool(_DOSES.search(text))


def is_whole(text: str, fewest: int = _FEWEST) -> bool:
    """Whether a text can be shown as a sentence."""
    words = text.split()
    figures = sum(any(c.isdigit() for c in word) for word in words) / max(1, len(words))
    return (
        bool(_WHOLE.match(text))
        and fewest <= len(words) <= _MOST
        and len(text) <= _CHARACTERS
        and figures <= _FIGURES
        and is_plain(text)
        and text.count("(") == text.count(")")
    )


def is_of_a_list(candidate: Candidate) -> bool:
    """Whether it is an item of a guideline's list, or a row of its table, where no full stop is set."""
    sentence = candidate.sentence
    if not candidate.source.issues_advice:
        return False
    advises = sentence.kind is StatementKind.RECOMMENDATION
    cell = max(sentence.text.split(" | "), key=len).strip()
    closed = cell if _CLOSED.search(cell) else f"{cell}."
    return not _CUT.search(cell) and is_whole(closed, _FEWEST_OF_A_LIST if advises else _FEWEST)
