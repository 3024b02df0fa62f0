"""What another wording may not change: numbers, drugs, negations, direction, strength, conditions.

These checks find what is certainly wrong. They cannot say that a wording is right: word overlap
does not tell support from contradiction, so that stays a person's judgement.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from consilium.lexicon.concepts import Lexicon
from consilium.lexicon.recognise import read

Drugs = Callable[[str], frozenset[str]]
_DRUG_KINDS = frozenset({"drug", "class", "vaccine"})
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NEGATION = re.compile(
    r"\b(no|not|never|without|neither|nor|cannot|can't|don't|avoid|against)\b", re.IGNORECASE
)
_MEASURE = re.compile(r"\d\s?-?([%°]|[a-zµμ]+)((?:\s?/\s?\w+)*)", re.IGNORECASE)
_UNITS = {
    "microgram": "mcg µg μg", "milligram": "mg", "gram": "g", "kilogram": "kg", "millilitre": "ml milliliter",
    "litre": "l liter", "mmol": "millimole", "mmhg": "", "cm": "centimetre centimeter", "mm": "millimetre millimeter",
    "iu": "", "unit": "u", "%": "percent", "°": "", "second": "s sec", "minute": "min", "hour": "h hr",
    "day": "d", "week": "wk", "month": "mo", "year": "y yr", "fold": "", "times": "",
}  # fmt: skip
# "Twice daily" is an amount as much as "2 a day" is.
_SPELT = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|single|once|twice|thrice|half|halve\w*|"
    r"doubl\w*|tripl\w*|quarter|third|hourly|daily|nightly|weekly|monthly|yearly|annual\w*"
)
_CANONICAL = {word: unit for unit, words in _UNITS.items() for word in (unit, *words.split())}
# Which way a sentence points. Each word counts: swapping one for its opposite changes two counts.
_DIRECTION = {
    "more": r"increas\w*|rais\w*|rises?|higher|greater|more|longer|larger|older|over|above|exceed\w*|at least|[>≥]",
    "less": r"decreas\w*|reduc\w*|lower\w*|less|fewer|shorter|smaller|younger|under|below|at most|up to|[<≤]",
    "better": r"improv\w*|better|benefi\w*|effective|superior",
    "worse": r"wors\w*|harm\w*|ineffective|inferior",
    "before": r"before|prior to",
    "after": r"after|following",
}
# How firmly it speaks, and on what condition. A kind of word that was there stays; none is added.
_STRENGTH = {
    "firm advice": r"must|shall|should|ought|recommend\w*|offer\w*|requir\w*|needs?|needed|mandatory",
    "soft advice": r"consider\w*|suggest\w*|may|might|could|option\w*",
    "doubt": r"probabl\w*|possibl[ey]|likely|appears?|seems?|uncertain\w*|unclear|insufficient|limited",
    "certainty": r"prov(?:es?|ed|en)|safe(?:ly|ty)?|guarante\w*|cur(?:es?|ed|ing)|rul(?:es?|ed|ing) out|always|definit\w*",
    "condition": r"only|unless|except\w*|until",
}


def numbers(text: str) -> list[str]:
    """The numbers of a text, sorted, each as often as it stands there."""
    return sorted(_NUMBER.findall(text))


def negations(text: str) -> int:
    """How often a text negates."""
    return len(_NEGATION.findall(text))


def drugs_in(text: str, lexicon: Lexicon) -> frozenset[str]:
    """The drugs, classes and vaccines that a text names."""
    return _named(text, lexicon, _DRUG_KINDS)


def _named(text: str, lexicon: Lexicon, kinds: frozenset[str]) -> frozenset[str]:
    return frozenset(c for c in read(text, lexicon).concepts if lexicon.concepts[c].kind in kinds)


def altered(text: str, worded: str, drugs: Drugs) -> Iterator[str]:
    """Which of invariant 6 a wording breaks: "other numbers", "other drugs", a negation."""
    if numbers(text) != numbers(worded):
        yield "other numbers"
    if negations(text) != negations(worded):
        yield "a negation lost or added"
    if drugs(text) != drugs(worded):
        yield "other drugs"


def reworded(text: str, worded: str, lexicon: Lexicon) -> Iterator[str]:
    """What no reader of whatever audience may be told otherwise: invariant 6, and the amounts."""
    yield from altered(text, worded, lambda words: drugs_in(words, lexicon))
    if numbers(text) == numbers(worded) and _measures(text) != _measures(worded):
        yield "other units"
    if Counter(_words(_SPELT, text)) != Counter(_words(_SPELT, worded)):
        yield f"another amount ({_difference([_SPELT], text, worded)})"


def departures(text: str, worded: str, lexicon: Lexicon) -> Iterator[str]:
    """Everything in which a statement says other than its sentence, each as a phrase for an editor."""
    yield from reworded(text, worded, lexicon)
    people = frozenset({"population"})
    if _named(text, lexicon, people) != _named(worded, lexicon, people):
        yield "other people"
    if any(_count(p, text) != _count(p, worded) for p in _DIRECTION.values()):
        yield f"another direction ({_difference(_DIRECTION.values(), text, worded)})"
    for name, pattern in _STRENGTH.items():
        if bool(_count(pattern, text)) != bool(_count(pattern, worded)):
            yield f"{name} lost or added ({_difference([pattern], text, worded)})"


def beyond(texts: Iterable[str], worded: str, drugs: Drugs) -> Iterator[str]:
    """What a statement names that none of its sentences does: "numbers", "drugs"."""
    whole = list(texts)
    if set(numbers(worded)) - {n for text in whole for n in numbers(text)}:
        yield "numbers"
    if drugs(worded) - frozenset().union(*(drugs(text) for text in whole)):
        yield "drugs"


def _measures(text: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for word, per in _MEASURE.findall(text.lower()):
        unit = _CANONICAL.get(word) or _CANONICAL.get(word.removesuffix("s"))
        if unit:
            found[unit + re.sub(r"\s", "", per)] += 1
    return found


def _words(pattern: str, text: str) -> list[str]:
    return re.findall(rf"(?<!\w)(?:{pattern})(?!\w)", text.lower())


def _count(pattern: str, text: str) -> int:
    return len(_words(pattern, text))


def _difference(patterns: Iterable[str], text: str, worded: str) -> str:
    """The words that went and came, for an editor: "without “should”; with “may”"."""
    was = Counter(word for p in patterns for word in _words(p, text))
    now = Counter(word for p in patterns for word in _words(p, worded))
    parts = [
        f"{how} {', '.join(f'“{word}”' for word in sorted(words))}"
        for how, words in (("without", was - now), ("with", now - was))
        if words
    ]
    return "; ".join(parts)
