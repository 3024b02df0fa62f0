"""Names whose words stand apart or the other way round: "my lung has collapsed".

People describe what they have in their own order. A name of two to four content words counts
as named where its words follow one another with nothing but function words between them. Used
for questions only: a source is read strictly.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from consilium.lexicon.normalise import Token

MOST_WORDS = 4
# Words that may stand between; "after", "without" and "or" may not: they part what they join.
FUNCTION_WORDS = frozenset(
    [
        "a",
        "an",
        "the",
        "my",
        "your",
        "his",
        "her",
        "our",
        "their",
        "its",
        "this",
        "that",
        "some",
        "any",
        "in",
        "on",
        "of",
        "at",
        "to",
        "with",
        "from",
        "by",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "being",
        "has",
        "have",
        "had",
        "having",
        "got",
        "get",
        "gets",
        "getting",
        "goes",
        "going",
        "go",
        "went",
        "i",
        "he",
        "she",
        "we",
        "they",
        "it",
        "me",
        "him",
        "them",
        "who",
        "which",
        "what",
        "up",
        "out",
        "so",
        "very",
        "really",
        "all",
        "just",
        "keep",
        "keeps",
        "kept",
        "feel",
        "feels",
        "feeling",
        "do",
        "does",
        "did",
        "doe",
    ]
)
# What is said by a "not" cannot be told from its opposite once the order is lost.
DENIALS = frozenset(["no", "not", "never", "cant", "wont", "dont", "without", "less", "non", "lack", "un"])
_ENDING = re.compile(r"(?:ing|ed|ly|er|e)$")
_SHORTEST = 4


def stem(folded: str) -> str:
    """A folded word without its ending, where enough is left: "collapsed" and "collapse" meet."""
    short = _ENDING.sub("", folded)
    return short if len(short) >= _SHORTEST else folded


def bag(words: Iterable[str]) -> str | None:
    """The key of a name: its content words, stemmed and sorted; None if too few or too many."""
    words = list(words)
    if DENIALS.intersection(words):
        return None
    stems = sorted({stem(word) for word in words if word not in FUNCTION_WORDS})
    return " ".join(stems) if 2 <= len(stems) <= MOST_WORDS else None


def spans(words: tuple[Token, ...], known: dict[str, str]) -> Iterator[tuple[int, int, str]]:
    """Where names of ``known`` are scattered: (first token, token after the last, concept)."""
    content = [i for i, word in enumerate(words) if word.folded not in FUNCTION_WORDS]
    taken = -1
    for place, first in enumerate(content):
        if first <= taken:
            continue
        for length in range(MOST_WORDS, 1, -1):
            run = content[place : place + length]
            if len(run) < length or any(words[i].parts for i in range(first + 1, run[-1] + 1)):
                continue
            concept = known.get(" ".join(sorted({stem(words[i].folded) for i in run})))
            if concept:
                yield first, run[-1] + 1, concept
                taken = run[-1]
                break
