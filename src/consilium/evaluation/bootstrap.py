"""How far a mean could be otherwise by the choice of the questions: percentile intervals by bootstrap."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from consilium.evaluation.measures import percentile

RESAMPLES = 10_000
_TAIL = 0.025  # on either side of 95 %


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean and its 95 % interval."""

    mean: float
    low: float
    high: float


def interval(values: Sequence[float], seed: int, resamples: int = RESAMPLES) -> Interval:
    """The mean of ``values`` with its interval: the same for the same seed.

    Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 13; Sakai (SIGIR 2006) for
    measures of retrieval.
    """
    chance, count = random.Random(seed), len(values)  # noqa: S311 - no secret
    means = [sum(chance.choices(values, k=count)) / count for _ in range(resamples)]
    return Interval(fmean(values), percentile(means, _TAIL), percentile(means, 1 - _TAIL))


def paired(one: Sequence[float], other: Sequence[float], seed: int, resamples: int = RESAMPLES) -> Interval:
    """By how much ``other`` exceeds ``one``, question by question."""
    return interval([b - a for a, b in zip(one, other, strict=True)], seed, resamples)
