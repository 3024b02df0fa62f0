"""Units by all their spellings, with what is exact between them: 0.5 g is 500 mg, two weeks are 14 days."""

from __future__ import annotations

import re
from fractions import Fraction

_MILLI, _MICRO, _NANO, _PICO = (Fraction(1, 10**power) for power in (3, 6, 9, 12))
# Dimension, factor, spellings. Months and years are exact to each other, not to days.
_SPELLINGS: tuple[tuple[str, Fraction | int, str], ...] = (
    ("g", 1, "g gram gramme gm"), ("g", 1000, "kg kilogram kilogramme"), ("g", _MILLI, "mg milligram milligramme"),
    ("g", _MICRO, "mcg µg μg ug microgram microgramme"), ("g", _NANO, "ng nanogram"), ("g", _PICO, "pg picogram"),
    ("l", 1, "l litre liter"), ("l", Fraction(1, 10), "dl decilitre deciliter"),
    ("l", _MILLI, "ml millilitre milliliter cc"), ("l", _MICRO, "µl μl ul microlitre microliter"),
    ("mol", 1, "mol mole"), ("mol", _MILLI, "mmol millimole"), ("mol", _MICRO, "µmol μmol umol micromole"),
    ("mol", _NANO, "nmol nanomole"), ("mol", _PICO, "pmol"),
    ("molar", 1, "µm μm"),
    ("second", 1, "s sec second"), ("second", 60, "min minute"), ("second", 3600, "h hr hour"),
    ("second", 86400, "d day"), ("second", 604800, "wk week"), ("month", 1, "mo month"), ("month", 12, "y yr year"),
    ("month", 120, "decade"),
    ("m", Fraction(1, 100), "cm centimetre centimeter"), ("m", _MILLI, "mm millimetre millimeter"),
    ("m", 1, "m metre meter"), ("m", 1000, "km kilometre kilometer"), ("m", _NANO, "nm"),
    ("mmhg", 1, "mmhg"), ("kpa", 1, "kpa"), ("cmh2o", 1, "cmh2o"), ("iu", 1, "iu"), ("unit", 1, "unit u"),
    ("%", 1, "% percent"), ("point", 1, "point"), ("°c", 1, "°c c celsius"), ("°f", 1, "°f f fahrenheit"), ("°", 1, "° degree"),
    ("fold", 1, "fold times"), ("meq", 1, "meq"), ("kcal", 1, "kcal calorie"), ("gy", 1, "gy"), ("msv", 1, "msv"),
    ("bpm", 1, "bpm"), ("m2", 1, "m2 m²"), ("mosm", 1, "mosm"), ("person-year", 1, "person-year patient-year"),
    ("tablet", 1, "tablet"), ("puff", 1, "puff"), ("drop", 1, "drop"), ("capsule", 1, "capsule"),
)  # fmt: skip
_KNOWN = {
    word: (dimension, Fraction(factor)) for dimension, factor, words in _SPELLINGS for word in words.split()
}
_LONGEST = sorted((w for w in _KNOWN if w.isascii() or w[0] in "°µμm"), key=len, reverse=True)
_SPELT = "|".join(w + "s?" if len(w) > 2 else re.escape(w) for w in _LONGEST)
_ONE = (
    rf"(?:international\sunits?|per\scent|percentage\spoints?|degrees\scelsius|(?:{_SPELT})|hrs|mos|yrs"
    rf"|wks)(?![^\W\d_]|\d)"
)
_BELOW = rf"(?:\s?/\s?|\s?per\s)(?:1\.73\s?)?(?:{_ONE})"
# "5 mg/kg", "5 mg per kg", "38 °C", "6-week", "three-fold", "30 x10^9/L".
UNIT = rf"(?:\s?[x×]\s?10\^?(?P<power>\d{{1,2}}))?(?:\s?-?\s?(?P<unit>{_ONE}))?(?P<below>(?:{_BELOW}){{0,3}})"
RATE = {"day": "day", "week": "week", "month": "month", "year": "year", "hour": "hour", "night": "day"}


def known(word: str) -> tuple[str, Fraction]:
    """The dimension that a spelling stands for and how much of it."""
    folded = re.sub(r"\s+", " ", word.lower()).strip()
    folded = {
        "per cent": "%",
        "international unit": "iu",
        "international units": "iu",
        "degrees celsius": "°c",
    }.get(folded, folded)
    if folded.startswith("percentage point"):
        folded = "point"
    return _KNOWN.get(folded) or _KNOWN[folded.removesuffix("s")]


def canonical(unit: str | None, below: str, power: str | None) -> tuple[str, Fraction]:
    """One name and one factor for a unit with everything under its line."""
    name, factor = known(unit) if unit else ("", Fraction(1))
    if power:
        factor *= 10 ** int(power)
    for part in re.findall(rf"(?:/|per)\s?(1\.73\s?)?({_ONE})", below, re.IGNORECASE):
        under, much = known(part[1])
        name, factor = f"{name}/{part[0].strip()}{under}", factor / much
    return name, factor
