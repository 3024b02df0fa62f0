"""How many people a study took in, or studies a review, as its own words say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from consilium.domain.evidence import Sentence

_PEOPLE = (
    r"(?:patients?|people|persons?|participants?|subjects?|individuals?|adults?|children|infants?|neonates?|"
    r"newborns?|women|men|girls|boys|adolescents?|students?|pupils?|volunteers?|volunteers|mothers?|couples?|"
    r"residents?|outpatients?|inpatients?|veterans?|smokers?|drinkers?|workers?|nurses|physicians|doctors|"
    r"caregivers?|carers?|parents?|survivors?|users?|males?|females?|babies|toddlers|teenagers|athletes"
    r")"
)
_UNITS = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SPELT = rf"(?:(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_UNITS[:9])}))?|{'|'.join(_UNITS)})"
_NUMBER = rf"(?P<n>\d{{1,7}}|(?:{'|'.join(_UNITS[:9])}) hundred(?:(?: and)? {_SPELT})?|{_SPELT})"
# What a number of something else is followed by: "30 weeks of gestation, 3,188 women".
_ELSE = r"(?!\d|of\b|to\b|weeks?\b|months?\b|years?\b|days?\b|hours?\b|minutes?\b|mg\b|percent\b|centres?\b|centers?\b|sites\b)"
_WHOM = rf"{_NUMBER}\s+(?:{_ELSE}[\w/-]+,?\s+){{0,5}}?{_PEOPLE}\b"
_NOT_ALL = r"(?<!to )(?<!of )(?<!or )(?<!than )(?<!with )(?<!aged )(?<!other )(?<!and )(?<![-–.,/=<>±\d])"
_BETWEEN = r"[^;]{0,90}?"
_TAKEN_IN = (
    r"(?:randomi[sz]ed|randomly|allocated|assigned|enrol+ed|recruited|included|stud(?:ied|y)|entered|treated)"
)
# The likeliest first: how many were randomised; how many took part.
_SIZES = tuple(
    re.compile(expression, re.IGNORECASE)
    for expression in (
        rf"\ba total of {_WHOM}{_BETWEEN}\b(?:randomi[sz]ed|randomly|allocated|assigned)",
        rf"{_NOT_ALL}\b{_WHOM}{_BETWEEN}\b(?:were|was)\s+(?:[\w-]+\s+){{0,5}}?(?:randomi[sz]ed|randomly|allocated|assigned)",
        rf"\b(?:randomi[sz]ed|randomly (?:assigned|allocated)|assigned|allocated)\s+{_WHOM}",
        rf"\ba total of {_WHOM}",
        rf"\b(?:enrol+ed|recruited|included|studied)\s+{_WHOM}",
        rf"^(?:[^;]{{0,60}}, )?{_WHOM}{_BETWEEN}\b(?:were|was)\s+(?:[\w-]+\s+){{0,2}}?{_TAKEN_IN}",
        rf"^(?:[^;]{{0,60}}, )?{_WHOM}{_BETWEEN}\b(?:participated|took part|received|underwent|completed|entered)",
        rf"\b(?:trial|study)\b[^;]{{0,80}}?\b(?:in|among|with|on|of) {_WHOM}",
        rf"\b(?:trial|study) (?:included|comprised|enrol+ed|recruited|involved) {_WHOM}",
    )
)
_STUDIES = re.compile(
    r"(?P<n>\d{1,4})\s+(?:[\w-]+\s+){0,4}?(?:studies|trials|rcts|articles|reports|papers)\b"
    r"[^.;]{0,60}?\b(?:were|was|met|are)\s+(?:[\w-]+\s+)?(?:included|identified|eligible|inclusion|analy[sz]ed|pooled|selected)|"
    r"\b(?:included|identified|pooled|analy[sz]ed)\s+(?P<m>\d{1,4})\s+(?:[\w-]+\s+){0,4}?(?:studies|trials|rcts)\b",
    re.IGNORECASE,
)
# What a part of a study, or another study, took in is not its size.
_OTHER = re.compile(
    r"\b(?:per (?:group|arm)|each (?:group|arm)|in (?:each|both) (?:group|arm)|will be|aim to|plan(?:ned)? to|required|needed|"
    r"sample size|power|previous(?:ly)?|pilot|of whom|withdrew|dropped|excluded|completed|declined|died|"
    r"matched|normal|controls?|of the)\b",
    re.IGNORECASE,
)
_LEAST, _MOST = 4, 2_000_000
_YEAR = re.compile(
    r"\b(?:in|since|during|until|from|between|of|by|to|and|january|february|march|april|may|june|july|august|september|october|"
    r"november|december|spring|summer|autumn|winter) (?:19|20)\d\d$",
    re.IGNORECASE,
)
_GROUPED = re.compile(r"(?<=\d)[,\u2009\u202f\u00a0 ](?=\d{3}(?!\d))")
_FURTHER = 150  # sentences after the abstract that are looked at


def participants_in(work: Iterable[Sentence]) -> int | None:
    """How many people a study took in, as its abstract says, else its text; None where it does not say."""
    return next(_found(list(work)), None)


def _found(work: list[Sentence]) -> Iterator[int]:
    abstract = [_bare(one.text) for one in work if one.passage == work[0].passage]
    for part in (abstract, [_bare(one.text) for one in work[len(abstract) : len(abstract) + _FURTHER]]):
        for expression in _SIZES:
            for text in part:
                match = expression.search(text)
                if match and not _OTHER.search(text[: match.end() + 10]):
                    number = _value(match["n"])
                    if _YEAR.search(text[: match.end("n")]):
                        continue
                    if _LEAST <= number <= _MOST:
                        yield number


def _bare(text: str) -> str:
    """A text without what stands in brackets, and with its numbers in one piece."""
    return _GROUPED.sub("", re.sub(r"\s*[(\[][^()\[\]]*[)\]]", "", text))


def _value(said: str) -> int:
    """A number in digits or words."""
    if said.isdigit():
        return int(said)
    total = 0
    for word in re.split(r"[\s-]+", said.lower()):
        if word == "hundred":
            total *= 100
        elif word in _UNITS:
            total += _UNITS.index(word) + 1
        elif word in _TENS:
            total += 10 * (_TENS.index(word) + 2)
    return total


def studies_in(work: Iterable[Sentence]) -> int | None:
    """How many studies a review took in, as it says."""
    for one in work:
        if match := _STUDIES.search(one.text):
            return int(match["n"] or match["m"])
    return None
