"""Short forms in a sentence, and what its work says that they stand for.

Long forms are found as by Schwartz and Hearst, A simple algorithm for identifying abbreviation definitions in
biomedical text (PSB 2003).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from consilium.domain.evidence import Sentence, Source
from consilium.lexicon.concepts import Lexicon
from consilium.lexicon.normalise import fold
from consilium.pipeline import tables

_SHORT = re.compile(r"(?<![\w-])(?=[\w+]*[A-Z][\w+]*[A-Z0-9])[A-Za-z][A-Za-z0-9]{1,9}(?![\w-]*[a-z]{4})")
_DEFINED = re.compile(r"\(\s*([A-Za-z][\w-]{1,9})\s*[);,]")
_WORD = 5
_NUMERAL = re.compile(r"[IVX]+|[A-Z]\d*|P\d+|T\d+|n\d+|[A-Za-z]+\d{3,}")


def unspelt(sentence: Sentence, source: Source, lexicon: Lexicon) -> tuple[str, ...]:
    """The short forms of a sentence that neither it nor its title spells out and that nobody knows by heart."""
    usual = set(tables.load("own_words")["usual"].split())
    beside = f"{sentence.text} {source.title}"
    spelt = {short for short, _ in definitions(beside)}
    found: dict[str, None] = {}
    for match in _SHORT.finditer(sentence.text):
        short = match.group().removesuffix("s")
        if (
            short in usual
            or match.group() in usual
            or short in spelt
            or short in source.title
            or _NUMERAL.fullmatch(short)
        ):
            continue
        if not _known(short, lexicon):
            found[short] = None
    return tuple(found)


def _known(short: str, lexicon: Lexicon) -> bool:
    """Whether the lexicon has it as a name of one thing only."""
    word = fold(short)
    if len(short) >= _WORD and (word in lexicon.common or word in lexicon.ordinary or word in lexicon.words):
        return True  # a word in capitals is no short form
    return any(words == (word,) for words, _ in lexicon.phrases.get(word, ())) and word not in lexicon.short


def expanded(shorts: Iterable[str], work: Iterable[Sentence]) -> dict[str, str]:
    """What a work says that its short forms stand for, as far as it does."""
    wanted = set(shorts)
    found: dict[str, str] = {}
    for one in work:
        if not wanted - found.keys():
            break
        for short, meaning in definitions(one.text):
            if short.removesuffix("s") in wanted:
                found.setdefault(short.removesuffix("s"), meaning)
    return found


def definitions(text: str) -> list[tuple[str, str]]:
    """The short forms that a text defines in brackets, with the words before them that they stand for."""
    found = []
    for match in _DEFINED.finditer(text):
        meaning = _meaning(match[1], text[: match.start()])
        if meaning:
            found.append((match[1], meaning))
    return found


def _meaning(short: str, before: str) -> str | None:
    """The shortest run of words before a short form that holds its letters in order, begun by the first."""
    letters = [c for c in short.lower() if c.isalnum()]
    most = min(len(letters) + 5, len(letters) * 2)
    words = before.split()[-most:]
    text = " ".join(words)
    at = len(text)
    for place, letter in enumerate(reversed(letters)):
        first = place == len(letters) - 1
        at -= 1
        while at >= 0 and (text[at].lower() != letter or (first and at > 0 and text[at - 1].isalnum())):
            at -= 1
        if at < 0:
            return None
    meaning = text[at:].strip(" ,;:(")
    return meaning if len(meaning) > len(short) and short.lower() not in meaning.lower().split() else None
