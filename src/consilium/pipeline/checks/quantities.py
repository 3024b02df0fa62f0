"""The amounts of a text, each with its value, unit, comparator and interval, however they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from consilium.pipeline.checks import comparators
from consilium.pipeline.checks.numerals import (
    CARDINAL,
    FRACTION,
    ORDINAL,
    SHARE,
    ordinal,
    share,
    value,
)
from consilium.pipeline.checks.rates import RATES, rate
from consilium.pipeline.checks.units import UNIT, canonical, known

# Words that make a name of the number behind them: "type 2", "stage III".
LABELS = (
    "type",
    "grade",
    "stage",
    "phase",
    "class",
    "level",
    "group",
    "category",
    "day",
    "version",
    "tier",
    "step",
)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6}
_FACTORS = {
    "halv": Fraction(1, 2),
    "doubl": Fraction(2),
    "tripl": Fraction(3),
    "trebl": Fraction(3),
    "quadr": Fraction(4),
}
_SINGLE = "|".join(
    rf"(?<={before} )an? (?:hour|day|week|month|year)\b"
    for before in ("within", "after", "least", "than", "for", "about", "every", "half", "most")
)
_MASTER = re.compile(
    rf"(?P<share>{SHARE})|(?P<single>{_SINGLE})|(?P<rate>{RATES})|(?P<fraction>{FRACTION})"
    rf"|(?P<ordinal>{ORDINAL})"
    r"|(?P<label>\b(?:"
    + "|".join(LABELS)
    + r")s?\s(?:(?:i{1,3}|iv|vi?)|\d+)(?![\w.,/]\w|[%\w]|-?\d|\s?(?:m?g|ml|%|to|or|-)\b))"
    r"|(?P<factor>\b(?:halv|doubl|tripl|trebl|quadrupl)(?:ed|es|ing)\b|\btwice (?=as|the)|\b(?P<fold>two"
    r"|three|four|five|six|ten)fold\b)"
    rf"|(?P<number>{CARDINAL}(?!-?(?:st|nd|rd|th)\b)){UNIT}"
)
_LIST = re.compile(
    r"\s?(?:,|/|-|–|\bor\b|\band\b|\bto\b|\bv\b|\bvs\b|\bversus\b|\bcompared (?:with|to)\b|\bthan\b"
    r"|\bthen\b|\s)+\s?"
)
_ONE_ALONE = re.compile(
    r"\s(?:of|another|or more|who|that|which|with|in|is|and|can|should|may|has|had|was|to|for|from)\b|\W*$"
    r"|[.,;:]"
)
_RATIO = re.compile(r"(?:\brr|\b(?:risk|rate) ratio|\brelative risk)(?: \(rr\))?\s?(?:of|was|=|:|,)?\s?$")
_PORTION = re.compile(r"\b(?:by|fewer|less|lower|smaller)\b[^,;.]{0,12}$")
_AGE = re.compile(r"\b(?:ag(?:e|es|ed)|older than|younger than|over|under|above|below)\s(?:of\s)?$")
_AGED = re.compile(r"\s(?:(?:or|and) (?:over|older|above|younger|under)|and up)\b|s\b")
_EQUAL = frozenset("=")
# "Up to 15% in adults and 30% in children": the second may be meant so too.
_BOTH = re.compile(r"[^,;:.()\d]{0,30}\band [^,;:.()\d]{0,12}")


@dataclass(frozen=True, slots=True)
class Quantity:
    """One amount of a text.

    Attributes:
        low: the value in the base of its unit; with ``high`` the lower end of an interval.
        bare: the number as it is written, without its unit.
        bounds: the ways in which its comparator can be read ("=", "<", "≤", ">", "≥").
        alike: other exact ways to say it: "halved" is "RR 0.5".
        loose: whether an age, or "from … to", which may also be read without its unit or as two numbers.
    """

    low: Fraction
    unit: str
    words: str
    start: int
    end: int
    high: Fraction | None = None
    bare: Fraction | None = None
    bounds: frozenset[str] = _EQUAL
    alike: frozenset[tuple[Fraction, str]] = frozenset()
    loose: bool = False

    def equals(self, other: Quantity) -> bool:
        """Whether both are the same amount, comparators aside."""
        if (self.high is None) != (other.high is None):
            return False
        if self._readings() & other._readings():
            return True
        mine = {*self.alike, (self.low, self.unit)}
        return self.high is None and bool(mine & {*other.alike, (other.low, other.unit)})

    def _readings(self) -> set[tuple[Fraction, Fraction | None, str]]:
        """Value and unit as they are written, and in years for an age ("aged 50 or over")."""
        years = (
            {(12 * self.low, self.high and 12 * self.high, "month")}
            if self.loose and not self.unit
            else set()
        )
        return {(self.low, self.high, self.unit), *years}


def quantities(text: str) -> tuple[Quantity, ...]:
    """All amounts of a text in plain lower case, in order."""
    found = [one for match in _MASTER.finditer(text) if (one := _read(text, match))]
    _share_units(text, found)
    made: list[Quantity] = []
    for quantity in _with_intervals(text, found):
        bounds = comparators.bounds(text, quantity.start, quantity.end, quantity.unit)
        if made and bounds == _EQUAL:
            bounds |= _taken_over(text[made[-1].end : quantity.start], made[-1], quantity)
        if quantity.high is not None and text[: quantity.start].endswith("within "):
            bounds |= _EQUAL  # "within 48-72 hours" is "in 48-72 hours"
        made.append(replace(quantity, bounds=bounds))
    return tuple(made)


def _taken_over(between: str, before: Quantity, here: Quantity) -> frozenset[str]:
    """The comparator that an amount may share with the one before: "under 70 mg/dL (3.9 mmol/L)"."""
    shared = re.fullmatch(r"\s?\(", between) or (before.unit == here.unit and _BOTH.fullmatch(between))
    return before.bounds if shared else frozenset()


def _read(text: str, match: re.Match[str]) -> Quantity | None:
    if match["number"]:
        return _number(text, match)
    if match["factor"]:
        return _factor(match)
    words, start, end = match[0].strip(), *match.span()
    much, unit = _named(match)
    half = unit == "%" and much == 50 and _portion(text, start, end)
    same = frozenset({(Fraction(1, 2), "times")} if half else ())
    bare = Fraction(1) if match["single"] else much
    return Quantity(much, unit, words, start, end, bare=bare, alike=same)


def _named(match: re.Match[str]) -> tuple[Fraction, str]:
    """The value and unit of what is said in words: "an hour", "twice daily", "third", "type 2", "one in five"."""
    words = match[0].strip()
    if match["single"]:
        unit, much = known(words.split()[1])
        return much, unit
    if match["rate"]:
        return rate(match["rate"])
    if match["ordinal"]:
        return ordinal(match["ordinal"]), "ordinal"
    if match["label"]:
        name, number = words.split()
        return Fraction(_ROMAN[number] if number in _ROMAN else int(number)), name.removesuffix("s")
    return share(words), "%"


def _factor(match: re.Match[str]) -> Quantity:
    words, start, end = match[0].strip(), *match.span()
    if match["fold"]:
        much = value(match["fold"])
    else:
        much = next((f for stem, f in _FACTORS.items() if words.startswith(stem)), Fraction(2))
    half = {(Fraction(1, 2), "times")} if much == Fraction(1, 2) else {(much, "fold")}
    return Quantity(much, "fold", words, start, end, alike=frozenset(half))


def _portion(text: str, start: int, end: int) -> bool:
    return bool(_PORTION.search(text[:start]) or re.match(r"\s(?:fewer|less|lower|reduction)\b", text[end:]))


def _number(text: str, match: re.Match[str]) -> Quantity | None:
    start, end = match.span()
    if match["number"] == "one" and not match["unit"] and _ONE_ALONE.match(text[match.end("number") :]):
        return None
    bare = value(match["number"])
    unit, factor = canonical(match["unit"], match["below"] or "", match["power"])
    if re.search(r"/second$", unit) and re.search(r"(?:/|per)\s?(?:day|d|week|wk)$", match[0]):
        end, (unit, factor) = match.start("below"), canonical(match["unit"], "", match["power"])
    same = set()
    if (bare == Fraction(1, 2) and _RATIO.search(text[:start])) or (
        unit == "%" and bare == 50 and _portion(text, start, end)
    ):
        same.add((Fraction(1, 2), "times"))
    aged = unit in {"", "month"} and bool(_AGE.search(text[:start]) or _AGED.match(text[end:])) and bare < 120
    return Quantity(
        bare * factor, unit, text[start:end].strip(), start, end, bare=bare, alike=frozenset(same), loose=aged
    )


def _share_units(text: str, found: list[Quantity]) -> None:
    """Give "2.5, 5 or 10 mg" its unit throughout."""
    for place in range(len(found) - 2, -1, -1):
        here, after = found[place], found[place + 1]
        plain = here.unit == "" and not here.loose and here.bare is not None and after.bare
        sure = after.unit == "%" and re.match(r"\s?(?:ci|confidence)", text[after.end :])
        listed = (
            plain
            and not sure
            and after.unit not in {"", "ordinal"}
            and not after.unit.startswith(("per ", "every"))
        )
        if (
            listed
            and after.low
            and _LIST.fullmatch(text[here.end : after.start])
            and here.bare is not None
            and after.bare
        ):
            factor = after.low / after.bare
            found[place] = replace(here, low=here.bare * factor, unit=after.unit, loose=after.loose)


def _with_intervals(text: str, found: Sequence[Quantity]) -> Iterator[Quantity]:
    place = 0
    while place < len(found):
        here = found[place]
        after = found[place + 1] if place + 1 < len(found) else None
        before = text[max(0, here.start - 9) : here.start]
        if after and here.unit == after.unit and here.bare is not None and after.bare is not None:
            between = text[here.end : after.start]
            spanned = re.fullmatch(r"\s?(?:-|–|to)\s?", between) or (
                re.fullmatch(r"\sand\s", between) and before.endswith("between ")
            )
            if spanned:
                words = text[here.start : after.end].strip()
                loose = here.loose or before.endswith("from ")
                yield replace(here, high=after.low, words=words, end=after.end, bare=None, loose=loose)
                place += 2
                continue
        yield here
        place += 1
