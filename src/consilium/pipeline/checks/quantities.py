"""Amounts of a claim against those of its sentences: value, unit, comparator, interval, how often.

What is equal is equal however it is written ("0.5 g", "500 mg"); nothing is close enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from consilium.pipeline.checks import comparators
from consilium.pipeline.checks.faults import Fault, Reason
from consilium.pipeline.checks.numerals import CARDINAL, FRACTION, ORDINAL, SHARE, ordinal, share, value
from consilium.pipeline.checks.rates import RATES, rate
from consilium.pipeline.checks.units import UNIT, canonical

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6}
_FACTORS = {
    "halv": Fraction(1, 2),
    "doubl": Fraction(2),
    "tripl": Fraction(3),
    "trebl": Fraction(3),
    "quadr": Fraction(4),
}
_MASTER = re.compile(
    rf"(?P<share>{SHARE})|(?P<rate>{RATES})|(?P<fraction>{FRACTION})|(?P<ordinal>{ORDINAL})"
    r"|(?P<label>\b(?:type|grade|stage|phase|class|level|group|category|day|version|tier|step)s?\s(?:(?P<roman>[iv]{1,3})|\d+)(?![\w.,/]\w|[%\w]|-?\d|\s?(?:m?g|ml|%|to|or|-)\b))"
    r"|(?P<factor>\b(?:halv|doubl|tripl|trebl|quadrupl)(?:ed|es|ing)\b|\btwice (?=as|the)|\b(?P<fold>two|three|four|five|six|ten)fold\b)"
    rf"|(?P<number>{CARDINAL}(?!-?(?:st|nd|rd|th)\b)){UNIT}"
)
_LIST = re.compile(
    r"\s?(?:,|/|-|\bor\b|\band\b|\bto\b|\bv\b|\bvs\b|\bversus\b|\bcompared (?:with|to)\b|\bthan\b|\bthen\b|\s)+\s?"
)
_ONE_ALONE = re.compile(
    r"\s(?:of|another|or more|who|that|which|with|in|is|and|can|should|may|has|had|was|to|for|from)\b|\W*$|[.,;:]"
)
_RATIO = re.compile(r"(?:\brr|\b(?:risk|rate) ratio|\brelative risk)(?: \(rr\))?\s?(?:of|was|=|:|,)?\s?$")
_PORTION = re.compile(r"\b(?:by|fewer|less|lower|smaller)\b[^,;.]{0,12}$")
_AGE = re.compile(r"\b(?:ag(?:e|es|ed)|older than|younger than|over|under|above|below)\s(?:of\s)?$")
_AGED = re.compile(r"\s(?:(?:or|and) (?:over|older|above|younger|under)|and up)\b|s\b")
_DOSE = {"g", "l", "iu", "unit", "tablet", "puff", "capsule", "mol", "drop"}
_NEAR = 24


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
    bounds: frozenset[str] = frozenset("=")
    alike: frozenset[tuple[Fraction, str]] = frozenset()
    loose: bool = False

    def equals(self, other: Quantity) -> bool:
        """Whether both are the same amount, comparators aside."""
        if (self.high is None) != (other.high is None):
            return False
        if self.low == other.low and self.high == other.high:
            ages = {self.unit, other.unit} <= {"", "month"} and (self.loose or other.loose)
            yearly = ages and self.bare == other.bare
            return self.unit == other.unit or yearly
        if self.bare == other.bare and self.high is None and (self.loose or other.loose):
            return {self.unit, other.unit} == {"", "month"}
        mine = {*self.alike, (self.low, self.unit)}
        return self.high is None and bool(mine & {*other.alike, (other.low, other.unit)})


def quantities(text: str) -> tuple[Quantity, ...]:
    """All amounts of a text in plain lower case, in order."""
    found = [made for match in _MASTER.finditer(text) if (made := _read(text, match))]
    _share_units(text, found)
    made = list(_with_intervals(text, found))
    made = [replace(q, bounds=comparators.bounds(text, q.start, q.end, q.unit)) for q in made]
    for place in range(1, len(made)):  # "under 70 mg/dL (3.9 mmol/L)"
        if re.fullmatch(r"\s?\(", text[made[place - 1].end : made[place].start]):
            made[place] = replace(made[place], bounds=made[place].bounds | made[place - 1].bounds)
    return tuple(made)


def _read(text: str, match: re.Match[str]) -> Quantity | None:
    words, start, end = match[0].strip(), *match.span()
    if match["number"]:
        return _number(text, match)
    if match["rate"]:
        much, unit = rate(match["rate"])
        return Quantity(much, unit, words, start, end, bare=much)
    if match["ordinal"]:
        place = ordinal(match["ordinal"])
        return Quantity(place, "ordinal", words, start, end, bare=place)
    if match["label"]:
        name, number = match["label"].split()
        place = Fraction(_ROMAN.get(number) or int(number) if number in _ROMAN or number.isdigit() else -1)
        return Quantity(
            place, name.removesuffix("s") if name != "class" else name, words, start, end, bare=place
        )
    if match["factor"]:
        return _factor(match)
    part = share(match[0])
    halved = part == 50 and _portion(text, start, end)
    same = frozenset({(Fraction(1, 2), "times")} if halved else ())
    return Quantity(part, "%", words, start, end, alike=same)


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
    if (
        bare == Fraction(1, 2)
        and _RATIO.search(text[:start])
        or unit == "%"
        and bare == 50
        and _portion(text, start, end)
    ):
        same.add((Fraction(1, 2), "times"))
    aged = not unit and bool(_AGE.search(text[:start]) or _AGED.match(text[end:])) and bare < 120
    return Quantity(
        bare * factor,
        unit,
        text[start:end].strip(),
        start,
        end,
        bare=bare,
        alike=frozenset(same),
        loose=aged or unit == "month",
    )


def _share_units(text: str, found: list[Quantity]) -> None:
    """Give "2.5, 5 or 10 mg" its unit throughout."""
    for place in range(len(found) - 2, -1, -1):
        here, after = found[place], found[place + 1]
        plain = here.unit == "" and here.bare is not None and after.bare
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
            spanned = re.fullmatch(r"\s?(?:-|to)\s?", between) or (
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


def faults(claim: str, cited: Sequence[str]) -> Iterator[Fault]:
    """The amounts of a claim that its sentences do not hold as they are."""
    theirs = [q for text in cited for q in quantities(text)]
    mine = quantities(claim)
    for quantity in mine:
        if fault := _fault(quantity, theirs):
            yield fault
    yield from _parted(mine, [quantities(text) for text in cited])


def _fault(quantity: Quantity, theirs: Sequence[Quantity]) -> Fault | None:
    same = [q for q in theirs if quantity.equals(q)]
    if any(q.bounds & quantity.bounds for q in same):
        return None
    if same:
        return Fault(
            Reason.COMPARATOR,
            f"The claim compares “{quantity.words}” otherwise than the source's “{same[0].words}”.",
        )
    if quantity.high is not None:
        return _interval(quantity, theirs)
    ends = [q for q in theirs if q.high is not None and q.unit == quantity.unit]
    if any(
        (quantity.low == q.low and quantity.bounds & {"≥", "between"})
        or (quantity.low == q.high and "≤" in quantity.bounds)
        for q in ends
    ):
        return None
    whole = [q for q in ends if quantity.low in {q.low, q.high}]
    if whole:
        return Fault(
            Reason.INTERVAL, f"The source says “{whole[0].words}”, the claim only “{quantity.words}”."
        )
    other = [q for q in theirs if quantity.bare is not None and quantity.bare == q.bare]
    if other:
        return Fault(Reason.UNIT, f"The source says “{other[0].words}”, the claim “{quantity.words}”.")
    return Fault(Reason.NUMBER, f"No cited sentence says “{quantity.words}”.")


def _interval(quantity: Quantity, theirs: Sequence[Quantity]) -> Fault | None:
    ends = [replace(quantity, high=None), replace(quantity, low=quantity.high or quantity.low, high=None)]
    whole = [any(end.equals(q) for q in theirs) for end in ends]
    if quantity.loose and all(whole):
        return None
    touched = any(quantity.low == q.low or quantity.high == q.high for q in theirs if q.high is not None)
    if any(whole) or touched:
        return Fault(Reason.INTERVAL, f"No cited sentence gives the interval “{quantity.words}”.")
    return Fault(Reason.NUMBER, f"No cited sentence says “{quantity.words}”.")


def _parted(mine: Sequence[Quantity], theirs: Sequence[Sequence[Quantity]]) -> Iterator[Fault]:
    """A dose and how often it is given are never parted."""
    given = {(q.low, q.unit) for q in mine if q.unit.startswith(("per ", "every"))}
    for dose in mine:
        if dose.unit.partition("/")[0] not in _DOSE:
            continue
        rates = [
            _rates_after(place, said) for said in theirs for place, q in enumerate(said) if dose.equals(q)
        ]
        if rates and all(rates) and not given & set().union(*rates):
            yield Fault(
                Reason.CONDITION_DROPPED,
                f"The source says how often “{dose.words}” is given; the claim does not.",
            )


def _rates_after(place: int, said: Sequence[Quantity]) -> set[tuple[Fraction, str]]:
    after = said[place + 1] if place + 1 < len(said) else None
    near = (
        after is not None
        and after.start - said[place].end < _NEAR
        and after.unit.startswith(("per ", "every"))
    )
    return {(after.low, after.unit)} if after and near else set()
