"""What each sentence of an abstract without labels does, told by its words and its place.

Weights of words were fitted on abstracts with labels (``tools/fit_roles.py``, which also says how well);
abstracts go from background to conclusion, so the best such path through the sentences is taken. That words
and place tell the roles of an abstract's sentences is long known (Hirohata et al., IJCNLP 2008).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib import resources
from itertools import repeat

from consilium.domain.role import Role

ORDER = (Role.BACKGROUND, Role.AIM, Role.METHODS, Role.RESULTS, Role.CONCLUSION)
_BACKGROUND, _AIM = 0, 1
PLACES = 8
# Fewer sentences than these are no whole abstract: neither words nor place say much.
FEWEST = 3
# One letter for one: all else makes ``translate`` many times slower.
_SPACED = str.maketrans("0123456789.,;:()[]{}'\"-/+–", "0" * 10 + " " * 16)
# What stands after an abstract and is none of it.
_MATTER = (
    "NCT0", "ISRCTN", "linicalTrial", "linical Trials.gov", "rial regist", "rials Regist", "online version of", "DRKS0",
    "ACTRN", "ChiCTR", "UMIN0", "EudraCT", "opyright", "All rights reserved", "©", "upplementary material",
    "upplementary information", "PROSPERO",
)  # fmt: skip
_OPENED = ("Key words", "Keywords", "Key Words", "Registered", "Registration", "Funded by", "Funding")
# Under "BACKGROUND" abstracts often end with their aim; whoever says so in these words tells an aim.
_AIMS = frozenset(
    {"aim", "aims", "aimed", "objective", "objectives", "purpose", "sought", "hypothesized", "hypothesised"}
)
_ROOM = 18
_HALF, _MASK = 1 << (_ROOM - 1), (1 << _ROOM) - 1
# A step back along the order costs this much, in hundredths as the weights are; lists of aims and methods do take one now and then.
_BACK = 400


def words_in(sentences: Sequence[str]) -> list[list[str]]:
    """What tells the role of each sentence: how it opens, and its words."""
    # All at once: to translate a sentence costs as much as to translate ten.
    lines = "\n".join(sentences).lower().translate(_SPACED).split("\n")
    return [_opened(line.split()) for line in lines]


def _opened(words: list[str]) -> list[str]:
    if words:
        first = "^" + words[0]
        words += (first, f"{first} {words[1]}") if len(words) > 1 else (first,)
    return words


def places_of(place: int, count: int) -> tuple[str, str]:
    """What tells the role of the sentence at ``place`` of ``count`` by where it stands."""
    return f"@{place * PLACES // count}", f"@-{min(count - 1 - place, 3)}"


@cache
def _weights() -> dict[str, int]:
    """The weights of each word, its five in one number, so that to add up words is to add up numbers."""
    text = resources.files("consilium.adapters.sources").joinpath("role_words.json").read_text("utf-8")
    return {word: packed(row) for word, row in json.loads(text)["words"].items()}


def packed(row: Sequence[float]) -> int:
    """Weights in hundredths, one after the other, each with room for the sum over a long sentence."""
    return sum(round(100 * weight) << (_ROOM * place) for place, weight in enumerate(row))


def unpacked(total: int) -> list[int]:
    """The sums of weights in hundredths from the sum of packed ones."""
    row = []
    for _ in ORDER:
        total += _HALF
        row.append((total & _MASK) - _HALF)
        total >>= _ROOM
    return row


def roles_in(sentences: Sequence[str], allowed: tuple[Role, ...] = ()) -> list[Role]:
    """The role of each sentence of a stretch without labels, or under a label that names several roles."""
    count = len(sentences)
    while count > 1 and _is_matter(sentences[count - 1]):
        count -= 1
    if count < FEWEST and not allowed:
        return [Role.OTHER] * len(sentences)
    states = [place for place, role in enumerate(ORDER) if not allowed or role in allowed]
    if not states:
        return [allowed[0]] * len(sentences)
    get = _weights().get
    words = words_in(sentences[:count])
    scores = [
        unpacked(_placed(place, count) + sum(map(get, held, repeat(0)))) for place, held in enumerate(words)
    ]
    path = _best(scores, states)
    if not allowed:
        path = [
            _AIM if state == _BACKGROUND and not _AIMS.isdisjoint(held) else state
            for state, held in zip(path, words, strict=True)
        ]
    return [ORDER[state] for state in path] + [Role.METHODS] * (len(sentences) - count)


@lru_cache(maxsize=2048)
def _placed(place: int, count: int) -> int:
    return sum(_weights().get(name, 0) for name in places_of(place, count))


def _is_matter(sentence: str) -> bool:
    return sentence.startswith(_OPENED) or any(cue in sentence for cue in _MATTER)


def _best(scores: list[list[int]], states: list[int]) -> list[int]:
    """The path of the highest score, in which a step back has its price."""
    held = [scores[0][state] for state in states]
    trails: list[list[int]] = []
    numbers = range(len(states))
    for row in scores[1:]:
        best = max(held)
        source = held.index(best)
        best -= _BACK
        trail = []
        for number in numbers:
            if held[number] > best:
                best, source = held[number], number
            trail.append(source)
            held[number] = best + row[states[number]]
        trails.append(trail)
    number = held.index(max(held))
    path = [states[number]]
    for trail in reversed(trails):
        number = trail[number]
        path.append(states[number])
    return path[::-1]
