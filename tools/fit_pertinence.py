"""Fit the weights of ``pipeline/pertinence.py`` to the judged pairs, and say how well they tell.

Logistic regression by gradient ascent with a small ridge, in plain Python: five traits, some
thousand pairs. What is judged loose or belonging counts as belonging. Questions are dealt into
five folds, so that the figures are for pairs that the weights never saw.

    python tools/fit_pertinence.py [--library DIR]
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from pathlib import Path

from consilium import wiring
from consilium.api import outcome_of
from consilium.domain.measure import Traits
from consilium.evaluation import coverage, relevance

Row = tuple[str, tuple[float, ...], bool]
_STEPS, _RATE, _RIDGE, _FOLDS = 1_500, 1.5, 0.001, 5
NAMES = tuple(Traits.__dataclass_fields__)


def rows(library: Path | None) -> list[Row]:
    """(question, traits, belongs) for every judged statement that appraisal admits."""
    world, judged = wiring.world(library=library), relevance.judgements()
    questions = {question for question, _ in judged}
    found: list[Row] = []
    for topic in coverage.topics():
        if topic.id in questions:
            for item in outcome_of(coverage.asked(topic), world).trace.evidence:
                belongs = judged.get((topic.id, item.sentence.id))
                if belongs is not None and item.traits is not None:
                    values = tuple(getattr(item.traits, name) for name in NAMES)
                    found.append((topic.id, values, belongs > relevance.OFF))
    return found


def chance(weights: Sequence[float], values: Sequence[float]) -> float:
    """The fitted chance that a statement belongs; the last weight is the intercept."""
    return 1 / (1 + math.exp(-weights[-1] - sum(w * v for w, v in zip(weights, values, strict=False))))


def fit(data: Sequence[Row]) -> list[float]:
    """Weights in the order of ``NAMES``, then the intercept."""
    weights = [0.0] * (len(NAMES) + 1)
    for _ in range(_STEPS):
        slope = [-_RIDGE * w for w in weights[:-1]] + [0.0]
        for _, values, belongs in data:
            error = (belongs - chance(weights, values)) / len(data)
            for place, value in enumerate((*values, 1.0)):
                slope[place] += error * value
        weights = [w + _RATE * s for w, s in zip(weights, slope, strict=True)]
    return weights


def area(pairs: Sequence[tuple[float, bool]]) -> float:
    """The area under the ROC curve: how often a belonging pair scores above one that does not."""
    good, bad = [p for p, yes in pairs if yes], [p for p, yes in pairs if not yes]
    wins = sum((g > b) + 0.5 * (g == b) for g in good for b in bad)
    return wins / max(1, len(good) * len(bad))


def main() -> None:
    """Print the weights and the area under the curve, fitted and held out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--library", type=Path, default=None)
    data = rows(parser.parse_args().library)
    questions = sorted({question for question, _, _ in data})
    fold_of = {question: place % _FOLDS for place, question in enumerate(questions)}
    held_out: list[tuple[float, bool]] = []
    for fold in range(_FOLDS):
        weights = fit([row for row in data if fold_of[row[0]] != fold])
        held_out += [(chance(weights, v), yes) for q, v, yes in data if fold_of[q] == fold]
    weights = fit(data)
    for name, weight in zip((*NAMES, "intercept"), weights, strict=True):
        sys.stdout.write(f"{name:<14} {weight:+.2f}\n")
    sys.stdout.write(f"{len(data)} pairs, {len(questions)} questions; area held out {area(held_out):.3f}\n")


if __name__ == "__main__":
    main()
