"""A gate of topic that needs no lexicon: one score from all traits, and the floor that keeps most evidence.

It is fitted on the training claims of a collection and measured on the others. The weights that ship are data
(``topical_gate.json``), with the collection, the model of the vectors and the command that made them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from consilium.errors import ConfigurationError, MalformedCollection
from consilium.evaluation import separation
from consilium.evaluation.bootstrap import Interval
from consilium.evaluation.coverage import shipped
from consilium.evaluation.separation import Point, Scored
from consilium.evaluation.topicality import EVIDENCE, HARD, NAMES, Pair, Traits

GATE, ALONE = "the gate", "the gate without the best beside it"
KEPT = 0.9  # of the evidence of the training claims: what design 3 compares gates at
_DIGITS = 4
_FAR = 30.0
Score = Callable[[Traits], float]
BASELINES: Mapping[str, Score] = {
    "vectors alone": lambda traits: traits.near,
    "word pieces alone": lambda traits: traits.met,
    "words of the document alone": lambda traits: traits.document,
    "BM25 alone": lambda traits: traits.text,
}


@dataclass(frozen=True, slots=True)
class TopicalGate:
    """The fitted weights, and the floor of the chance that a document is evidence.

    Attributes:
        made: on what, by what and under which licence they were fitted.
    """

    weights: Mapping[str, float]
    intercept: float
    floor: float
    made: Mapping[str, Any]

    def score(self, traits: Traits) -> float:
        """The chance, 0 to 1, that a document with these traits is evidence."""
        odds = self.intercept + sum(weight * getattr(traits, name) for name, weight in self.weights.items())
        return round(1 / (1 + math.exp(-max(-_FAR, min(_FAR, odds)))), 6)


@dataclass(frozen=True, slots=True)
class Measured:
    """What one score lets through at its floor, and at every other."""

    floor: float
    passed: Mapping[str, Interval]
    curve: Sequence[Point]

    @property
    def hard_at_kept(self) -> float:
        """The share of hard negatives that passes the floor at which ``KEPT`` of this very evidence is kept."""
        return max(
            (point for point in self.curve if point.passed[EVIDENCE] >= KEPT), key=lambda point: point.floor
        ).passed[HARD]


def fitted(pairs: Sequence[Pair], made: Mapping[str, Any], names: Sequence[str] = NAMES) -> TopicalGate:
    """The gate that tells the evidence of these claims best from the rest, and keeps ``KEPT`` of it.

    That the evidence may be absent is in the fit: else the best that is found would always pass.

    Raises:
        MalformedCollection: there is no evidence, or nothing else.
    """
    from consilium.evaluation import logistic  # noqa: PLC0415 - brings numpy

    scored = _scored(pairs, lambda _: 0.0)
    if {EVIDENCE, HARD} - {one.kind for one in scored}:
        raise MalformedCollection("The claims to fit on need evidence, and documents that are none.")
    rows = [[getattr(pair.traits, name) for name in names] for pair in pairs]
    weights, intercept = logistic.fit(rows, [p.kind == EVIDENCE for p in pairs], separation.shares(scored))
    named = {name: round(weight, _DIGITS) for name, weight in zip(names, weights, strict=True)}
    gate = TopicalGate(named, round(intercept, _DIGITS), 0.0, made)
    return replace(gate, floor=separation.floor_keeping(_scored(pairs, gate.score), EVIDENCE, KEPT))


def measured(
    gate: TopicalGate, training: Sequence[Pair], others: Sequence[Pair], seed: int
) -> dict[str, Measured]:
    """What the gate, and floors of one trait that keep as much on the training claims, let through on others."""
    alone = fitted(training, {}, [name for name in NAMES if not name.startswith("less")])
    found = {
        name: _measured(one.score, one.floor, others, seed) for name, one in ((GATE, gate), (ALONE, alone))
    }
    for name, score in BASELINES.items():
        if not any(score(pair.traits) for pair in training):  # a model without word pieces
            continue
        floor = separation.floor_keeping(_scored(training, score), EVIDENCE, KEPT)
        found[name] = _measured(score, floor, others, seed)
    return found


def _measured(score: Score, floor: float, pairs: Sequence[Pair], seed: int) -> Measured:
    scored = _scored(pairs, score)
    return Measured(floor, separation.passing(scored, floor, seed), separation.curve(scored, EVIDENCE))


def _scored(pairs: Sequence[Pair], score: Score) -> list[Scored]:
    return [Scored(pair.claim, pair.kind, score(pair.traits)) for pair in pairs]


def write(gate: TopicalGate, file: Path) -> None:
    """Write a gate as JSON.

    Raises:
        ConfigurationError: the file cannot be written.
    """
    try:
        file.write_text(json.dumps(asdict(gate), indent=1, ensure_ascii=False) + "\n", "utf-8")
    except OSError as fault:
        raise ConfigurationError(f"{file} cannot be written: {fault.strerror or fault}.") from fault


def shipped_gate() -> TopicalGate:
    """The gate that ships."""
    return TopicalGate(**json.loads(shipped("topical_gate.json")))
