"""How well a score parts evidence from what only sounds like it: at one floor, and at every floor.

A question counts once, however many documents it is laid beside.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from consilium.errors import MalformedCollection
from consilium.evaluation.bootstrap import Interval, interval

_SLACK = 1e-9  # of sums of shares


@dataclass(frozen=True, slots=True)
class Scored:
    """One document beside one question: of what kind it is, and its score."""

    question: str
    kind: str
    score: float


@dataclass(frozen=True, slots=True)
class Point:
    """One floor, and the share of each kind that reaches it."""

    floor: float
    passed: dict[str, float]


def shares(scored: Sequence[Scored]) -> list[float]:
    """How much each counts, so that each question counts once for each kind."""
    counts = Counter((one.question, one.kind) for one in scored)
    questions = Counter(kind for _, kind in counts)
    return [1 / (counts[one.question, one.kind] * questions[one.kind]) for one in scored]


def floor_keeping(scored: Sequence[Scored], kind: str, share: float) -> float:
    """The highest floor that at least this share of a kind reaches.

    Raises:
        MalformedCollection: there is none of that kind.
    """
    for point in reversed(curve(scored, kind)):
        if point.passed[kind] >= share - _SLACK:
            return point.floor
    raise MalformedCollection(f"No claim here has any {kind}: a floor cannot be chosen.")


def curve(scored: Sequence[Scored], kind: str) -> list[Point]:
    """A point for every floor that one of a kind just reaches, the lowest floor first."""
    counted = sorted(zip(scored, shares(scored), strict=True), key=lambda pair: -pair[0].score)
    passed = dict.fromkeys(sorted({one.kind for one in scored}), 0.0)
    points: list[Point] = []
    place = 0
    for floor in sorted({one.score for one in scored if one.kind == kind}, reverse=True):
        while place < len(counted) and counted[place][0].score >= floor:
            one, share = counted[place]
            passed[one.kind] += share
            place += 1
        points.append(Point(floor, {name: round(value, 6) for name, value in passed.items()}))
    return points[::-1]


def passing(scored: Sequence[Scored], floor: float, seed: int) -> dict[str, Interval]:
    """The share of each kind that reaches a floor, with its interval over the questions."""
    told: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for one in scored:
        told[one.kind][one.question].append(one.score >= floor)
    return {kind: interval([fmean(p) for p in by.values()], seed) for kind, by in sorted(told.items())}
