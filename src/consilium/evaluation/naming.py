"""How far the lexicon knows the words of questions: which name a topic, and which words it does not know."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from consilium.errors import MalformedSource
from consilium.lexicon.concepts import Lexicon
from consilium.lexicon.recognise import read_question

_TOPICS = frozenset(
    "condition sign symptom drug class vaccine organism procedure test device score".split()  # noqa: SIM905
)
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Naming:
    """What a set of questions came to.

    Attributes:
        questions: how many there were.
        named: how many name a condition, drug, test or other topic.
        words: how many words they have that may carry a topic, known or not.
        unknown: those that no concept accounts for and that are no plain English, with how often each stands.
        plain: the same of words that are plain English, and may be somebody's word for a disease.
    """

    questions: int
    named: int
    words: int
    unknown: Counter[str]
    plain: Counter[str]


def naming(questions: Iterable[str], lexicon: Lexicon) -> Naming:
    """Read every question as the plan of an answer does."""
    asked = named = words = 0
    unknown, plain = Counter[str](), Counter[str]()
    for question in questions:
        reading = read_question(question, lexicon)
        asked += 1
        named += any(lexicon.concepts[c].kind in _TOPICS for c in reading.concepts)
        words += len(reading.mentions)
        for word in {token.folded for token in reading.rest}:
            if len(word) < _SHORTEST or word in lexicon.common or not word.isalpha():
                continue
            words += 1
            (plain if word in lexicon.ordinary else unknown)[word] += 1
    return Naming(asked, named, words, unknown, plain)


def questions_in(path: Path) -> Iterator[str]:
    """The questions of a file: one a line, as text or as JSON with ``question``.

    Raises:
        MalformedSource: the file cannot be read, or a line is no question.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        raise MalformedSource(f"{path} cannot be read as questions: {fault}.") from fault
    for number, line in enumerate(lines, 1):
        if line.startswith("{"):
            try:
                yield str(json.loads(line)["question"])
            except (ValueError, KeyError) as fault:
                raise MalformedSource(f"{path}: line {number} is no object with a question.") from fault
        elif line.strip():
            yield line
