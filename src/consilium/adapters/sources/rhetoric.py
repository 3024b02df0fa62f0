"""What each sentence of an abstract without labels does, told by its words and its place.

Weights of words were fitted on abstracts with labels (``tools/fit_roles.py``, which also says how well);
abstracts go from background to conclusion, so the best such path through the sentences is taken. That words
and place tell the roles of an abstract's sentences is long known (Hirohata et al., IJCNLP 2008).
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from importlib import resources

from consilium.domain.role import Role

ORDER = (Role.BACKGROUND, Role.AIM, Role.METHODS, Role.RESULTS, Role.CONCLUSION)
PLACES = 8
# Fewer sentences than these are no whole abstract: neither words nor place say much.
FEWEST = 3
# One letter for one: all else makes ``translate`` many times slower.
_SPACED = str.maketrans("0123456789.,;:()[]{}'\"-/+–", "0" * 10 + " " * 16)
# What stands after an abstract and is none of it.
_MATTER = re.compile(
    r"NCT ?\d{6}|ISRCTN|[Cc]linical ?[Tt]rials?\.gov|[Tt]rial regist|online version of (?:this|the)|DRKS\d|ACTRN|ChiCTR"
    r"|UMIN|EudraCT|^Key ?words?\b|[Cc]opyright|All rights reserved|©|[Ss]upplementa\w+ (?:material|information)"
    r"|PROSPERO|^(?:Registered|Registration|Funded by|Funding)\b"
)
_NONE = [0.0] * len(ORDER)
# A step back along the order costs this much; lists of aims and methods do take one now and then.
_BACK = 4.0
Weights = dict[str, tuple[float, ...]]


def words_of(sentence: str, place: int, count: int) -> list[str]:
    """What tells the role of the sentence at ``place`` of ``count``: its words, its opening and its place."""
    words = sentence.lower().translate(_SPACED).split()
    first = words[0] if words else ""
    words += (
        f"^{first}",
        f"^{first} {words[1] if len(words) > 1 else ''}",
        f"@{place * PLACES // count}",
        f"@-{min(count - 1 - place, 3)}",
    )
    return words


@cache
def _weights() -> Weights:
    text = resources.files("consilium.adapters.sources").joinpath("role_words.json").read_text("utf-8")
    return {word: tuple(row) for word, row in json.loads(text)["words"].items()}


def roles_in(sentences: Sequence[str], allowed: tuple[Role, ...] = ()) -> list[Role]:
    """The role of each sentence of a stretch without labels, or under a label that names several roles."""
    count = len(sentences)
    while count > 1 and _MATTER.search(sentences[count - 1]):
        count -= 1
    if count < FEWEST and not allowed:
        return [Role.OTHER] * len(sentences)
    states = [place for place, role in enumerate(ORDER) if not allowed or role in allowed]
    if not states:
        return [allowed[0]] * len(sentences)
    path = _best([_scores(sentences[n], n, count) for n in range(count)], states)
    return [ORDER[state] for state in path] + [Role.METHODS] * (len(sentences) - count)


def _scores(sentence: str, place: int, count: int) -> list[float]:
    held = _weights()
    rows = [held[word] for word in set(words_of(sentence, place, count)) if word in held]
    return [sum(column) for column in zip(*rows, strict=True)] or _NONE


def _best(scores: list[list[float]], states: list[int]) -> list[int]:
    """The path of the highest score, in which a step back has its price."""
    held = {state: scores[0][state] for state in states}
    trails: list[dict[int, int]] = []
    for row in scores[1:]:
        top = max(states, key=held.__getitem__)
        anywhere = held[top] - _BACK
        best, source = anywhere, top
        trail: dict[int, int] = {}
        reached: dict[int, float] = {}
        for state in states:
            if held[state] > best:
                best, source = held[state], state
            reached[state], trail[state] = best + row[state], source
        held = reached
        trails.append(trail)
    state = max(held, key=held.__getitem__)
    path = [state]
    for trail in reversed(trails):
        state = trail[state]
        path.append(state)
    return path[::-1]
