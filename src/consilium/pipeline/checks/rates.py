"""How often: "twice daily", "2 times a day", "every 12 hours", "8-hourly", "bd"."""

from __future__ import annotations

import re
from fractions import Fraction

from consilium.pipeline.checks.numerals import CARDINAL, value
from consilium.pipeline.checks.units import RATE, known

_ADVERBS = {
    "hourly": "hour", "daily": "day", "nightly": "day", "weekly": "week", "fortnightly": "fortnight", "monthly": "month",
    "yearly": "year", "annually": "year", "annual": "year",
}  # fmt: skip
_LATIN = {"od": 1, "qd": 1, "bd": 2, "bid": 2, "tds": 3, "tid": 3, "qds": 4, "qid": 4}
_COUNTS = {"once": 1, "twice": 2, "thrice": 3}
_SPAN = "hours?|hrs?|h|days?|d|weeks?|wks?|months?|years?|minutes?|min"
_TIMES = rf"(?:(?:once|twice|thrice|{CARDINAL}\stimes)[\s-])"
RATES = (
    rf"{CARDINAL}[\s-]?(?:hour|day|week|month)ly\b"
    rf"|\bevery\s(?:other\s(?:day|week)|{CARDINAL}\s?-?\s?(?:to\s|-|or\s)?(?:{CARDINAL}\s?)?(?:{_SPAN})\b)|\balternate\s(?:days|weeks)\b"
    rf"|{_TIMES}?(?:\b(?:an?|per|each|every|in\s(?:a|one))\s(?:{'|'.join(RATE)})\b(?!-)|\b(?:{'|'.join(_ADVERBS)})\b)"
    rf"|(?<=[a-z])/(?:day|d|week|wk)\b|\b(?:{'|'.join(_LATIN)})\b"
)


def rate(text: str) -> tuple[Fraction, str]:
    """How many in which time, or how long from one to the next."""
    words = text.lower().strip().lstrip("/")
    if words in _LATIN:
        return Fraction(_LATIN[words]), "per day"
    if re.match(r"every other|alternate", words):
        return 2 * known("week" if "week" in words else "day")[1], "every second"
    numbers = re.findall(CARDINAL, words)
    if numbers and (
        words.startswith("every ")
        or (re.search(r"(?:hour|day|week|month)ly$", words) and "times" not in words)
    ):
        return _interval(words, numbers)
    count = next((Fraction(many) for word, many in _COUNTS.items() if word in words), None)
    span = next((RATE.get(word, word) for word in re.findall(r"[a-z]+", words)[::-1] if word in RATE), "")
    span = (
        span
        or next((span for word, span in _ADVERBS.items() if word in words), "")
        or {"d": "day", "wk": "week"}[words]
    )
    return (count or (value(numbers[0]) if numbers else Fraction(1))), f"per {span}"


def _interval(words: str, numbers: list[str]) -> tuple[Fraction, str]:
    name = re.findall(r"[a-z]+", words)[-1]
    name = {"hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month"}.get(name, name)
    dimension, factor = known(name)
    # Two ends ("every 4 to 6 hours") are one value that only the same two ends equal.
    pair = value(numbers[0]) * factor + (value(numbers[1]) * factor * 10**9 if len(numbers) > 1 else 0)
    return pair, f"every {dimension}"
