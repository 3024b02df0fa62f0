"""Numbers as people write them: digits with either decimal sign, words, fractions, so many in so many."""

from __future__ import annotations

import re
from fractions import Fraction

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_ONES = {word: value for value, word in enumerate(_SMALL.split())}
_TENS = {
    word: 10 * value
    for value, word in enumerate(
        ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), 2
    )
}
_POWERS = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
_PARTS = {
    "half": 2, "halves": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10,
}  # fmt: skip
_ORDINALS = {
    word: value
    for value, word in enumerate(
        ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"), 1
    )
}
_WORD = rf"(?:(?:{'|'.join(_TENS)})(?:[ -](?:{'|'.join(_SMALL.split()[1:10])}))?|{'|'.join(reversed(_SMALL.split()))})"
_POWER = rf"(?:[ -](?:{'|'.join(_POWERS)})\b)*"
# Not the 19 of COVID-19, the 2 of P2Y12 or the 4 of CD4; but the 21 of 8-21, the 5 of 0.5.
DIGITS = r"(?<![^\W\d_]-)(?<![^\W_])(?<!\d[.,])(?:(?<=[\s(,=:])-(?=[\d.]))?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)?(?:(?<=\d)[.,]|(?<![\w.])\.(?=\d))?\d+"
CARDINAL = rf"(?:{DIGITS}{_POWER}|\b{_WORD}{_POWER}\b)"
_FRACTION_OF = r"(?!\s?-?\s?(?:line|trimester|dose|generation|choice|option|stage|degree|molar|agent|drug|ventricle|month|week|day|year|time|attack|episode|course)\b)"
FRACTION = (
    rf"\b(?:(?:one|two|three|four|a)[ -])?(?:(?<=\ba )|(?<=[a-z][ -]))(?:third|quarter|fifth|sixth|eighth|tenth)s?\b{_FRACTION_OF}"
    r"|\b(?:one[ -]|a )?half\b(?![ -]?(?:life|lives|dose|hour|way))"
)
ANY_ORDINAL = re.compile(rf"\b(?:{'|'.join(_ORDINALS)}|\d+(?:st|nd|rd|th))\b")
ORDINAL = rf"\b(?:{'|'.join(_ORDINALS)}|\d+(?:st|nd|rd|th))(?=[ -](?:line|choice|trimester|dose|generation|episode|degree|stage|attempt)\b)"
SHARE = rf"{CARDINAL}\s(?:in|out\sof)(?:\severy)?\s{CARDINAL}(?!\s?(?:m?l|m?g|days?|weeks?|hours?|months?|years?|%)\b)"


def value(text: str) -> Fraction:
    """The value of a cardinal number in digits or words: "1,500", "1,5", "twenty-one", "3 million"."""
    power = 1
    words = re.split(r"[ -](?=[a-z])", text.strip().lower())
    while len(words) > 1 and words[-1] in _POWERS:
        power *= _POWERS[words.pop()]
    first = words[0]
    if first[0].isalpha():
        return Fraction(sum(_ONES.get(word, _TENS.get(word, 0)) for word in words) * power)
    if re.fullmatch(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?", first) and not first.startswith("0,"):
        first = first.replace(",", "")
    return Fraction(first.replace(",", ".")) * power


def share(text: str) -> Fraction:
    """A fraction in words or "so many in so many", as per cent."""
    numbers = re.findall(CARDINAL, text, re.IGNORECASE)
    if re.search(r"\s(?:in|of|every)\s", text) and len(numbers) == 2:
        whole = value(numbers[1])
        return 100 * value(numbers[0]) / whole if whole else Fraction(-1)
    words = re.findall(r"[a-z]+", text.lower())
    part = next(_PARTS[w.removesuffix("s")] for w in words if w.removesuffix("s") in _PARTS)
    count = next((_ONES[w] for w in words if w in _ONES), 1)
    return Fraction(100 * count, part)


def ordinal(text: str) -> Fraction:
    """The place that an ordinal names."""
    digits = re.match(r"\d+", text)
    return Fraction(int(digits[0]) if digits else _ORDINALS[text.lower()])
