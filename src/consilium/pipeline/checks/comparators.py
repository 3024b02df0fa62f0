"""More than, at least, under, up to: how an amount is compared, from the words on both sides of it."""

from __future__ import annotations

import re

# The order matters: "no more than" before "more than", "not over" before "over".
_BEFORE = (
    ("≤",
        r"(?:no|not) (?:more|greater|longer|higher|later|older) than|not (?:over|above|exceed(?:ing)?)|at "
        r"most|up to|maximum(?: of)?|max|"
          r"to a maximum(?: of)?|within|[≤]|<=|until|never more than|a limit of|inside"),
    ("≥", (
        r"(?:no|not) (?:less|fewer|lower|shorter|younger|earlier) than|not (?:under|below)|at least"
        r"|minimum(?: of)?|[≥]|>=|at or above"
    )),
    (">", (
        r"more than|greater than|higher than|longer than|older than|larger than|over|above|exceed(?:s|ing"
        r"|ed)?|[>]|beyond|in excess of"
    )),
    ("<", r"less than|fewer than|lower than|shorter than|younger than|smaller than|under|below|[<]|not yet"),
)  # fmt: skip
_AFTER = (
    (
        "≥",
        r"or (?:more(?! than)|over|above|older|higher|greater|longer|later|beyond|up|upwards)"
        r"|(?<![,)] )and (?:over|above|older|up|upwards|onwards|beyond|more(?! than))|\+|plus|at (?:the )?least|minimum",
    ),
    (
        "≤",
        r"or (?:less(?! than)|under|below|younger|fewer|lower|shorter|earlier|smaller)"
        r"|(?<![,)] )and (?:under|below|younger|less(?! than))|at (?:the )?most|maximum|max",
    ),
)
_LEAD = (
    r"(?:\s(?:a|an|the|about|around|approximately|age|of|age of|roughly|some|nearly|almost|another|total "
    r"of|threshold of))*\s?[~(]?$"
)
_BEFORES = [(sign, re.compile(rf"(?<![\w])(?:{words}){_LEAD}")) for sign, words in _BEFORE]
# "Aged 50 years or over", "65s and over", "2 years of age or older".
_AFTERS = [
    (
        sign,
        re.compile(
            rf"(?:\s?\([^()]{{1,30}}\)|\))?(?:s|\s?(?:years?|months?|weeks?|days?)\b)?(?:\s(?:of age|old|a "
            rf"day|per day|daily))?,?\s?(?:{words})(?!\w)"
        ),
    )
    for sign, words in _AFTER
]
# "10 Hounsfield units or less": whatever the unit is called.
_FAR = [
    ("≥", re.compile(r"(?:\s[a-z]+){1,2}\sor (?:more|over|above|higher|greater)\b(?! than)")),
    ("≤", re.compile(r"(?:\s[a-z]+){1,2}\sor (?:less|fewer|under|below|lower)\b(?! than)")),
]
_TIMES = frozenset({"second", "month"})


def bounds(text: str, start: int, end: int, unit: str) -> frozenset[str]:
    """The ways in which the comparator of the amount at a place can be read."""
    for sign, pattern in (*_AFTERS, *_FAR):
        if pattern.match(text[end:]):
            return frozenset(sign)
    before = text[max(0, start - 40) : start]
    for sign, pattern in _BEFORES:
        found = pattern.search(before)
        if not found:
            continue
        # "Over 72 weeks" is mostly "during"; "until 6 months", "within 4 hours" are upper ends.
        during = found[0].startswith("over") and unit in _TIMES and not re.search(r"\bage|old", text)
        return frozenset({sign, "="}) if during else frozenset(sign)
    # "From 16 years" is a lower end, "fell from 33%" is none.
    return frozenset("≥=") if before.endswith("from ") and unit in {"", *_TIMES} else frozenset("=")
