"""Amounts of a claim against those of its sentences: value, unit, comparator, interval, how often.

What is equal is equal however it is written ("0.5 g", "500 mg"); nothing is close enough.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from consilium.pipeline.checks.faults import Fault, Reason
from consilium.pipeline.checks.numerals import ANY_ORDINAL, ordinal
from consilium.pipeline.checks.quantities import LABELS, Quantity, quantities

_DOSE = frozenset({"g", "l", "iu", "unit", "tablet", "puff", "capsule", "mol", "drop"})
_RATES = ("per ", "every")
# How many characters a dose and how often it is given may stand apart.
_NEAR = 24


def faults(claim: str, cited: Sequence[str], names: Sequence[tuple[int, int]] = ()) -> Iterator[Fault]:
    """The amounts of a claim that its sentences do not hold as they are.

    Args:
        names: where the claim has names that its sentences have too, in whatever words ("coronavirus disease 2019").
    """
    theirs = [q for text in cited for q in (*quantities(text), *_ordinals(text))]
    mine = [q for q in quantities(claim) if not _is_name(q, names)]
    for quantity in mine:
        if fault := _fault(quantity, theirs):
            yield fault
    yield from _repeated(mine, theirs)
    yield from _parted(mine, [quantities(text) for text in cited])


def _is_name(quantity: Quantity, names: Sequence[tuple[int, int]]) -> bool:
    """Whether an amount is only part of a name: "stage 2 hypertension"."""
    return (
        quantity.unit in {"", *(name.removesuffix("s") for name in LABELS)}
        and quantity.bounds == frozenset("=")
        and any(a <= quantity.start and quantity.end <= b for a, b in names)
    )


def _repeated(mine: Sequence[Quantity], theirs: Sequence[Quantity]) -> Iterator[Fault]:
    """An amount that stands in the claim more often than in all its sentences has taken the place of another."""
    for place, quantity in enumerate(mine):
        if quantity.unit == "ordinal" or quantity.unit.startswith("per "):
            continue
        before = sum(quantity.equals(q) for q in mine[:place])
        if before and before >= sum(quantity.equals(q) for q in theirs):
            yield Fault(Reason.MOVED, f"The claim says “{quantity.words}” more often than its sentences do.")


def _ordinals(text: str) -> Iterator[Quantity]:
    """Every ordinal of a sentence, whatever it counts."""
    for match in ANY_ORDINAL.finditer(text):
        place = ordinal(match[0])
        yield Quantity(place, "ordinal", match[0], match.start(), match.end(), bare=place)


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
    whole = [
        q
        for q in theirs
        if q.high is not None and q.unit == quantity.unit and quantity.low in {q.low, q.high}
    ]
    if whole:
        bound = any(
            "≥" in quantity.bounds if quantity.low == q.low else "≤" in quantity.bounds for q in whole
        )
        detail = f"The source says “{whole[0].words}”, the claim only “{quantity.words}”."
        return None if bound else Fault(Reason.INTERVAL, detail)
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
    given = {(q.low, q.unit) for q in mine if q.unit.startswith(_RATES)}
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
    near = after is not None and after.start - said[place].end < _NEAR and after.unit.startswith(_RATES)
    return {(after.low, after.unit)} if after and near else set()
