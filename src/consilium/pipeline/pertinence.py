"""How likely a reader is to find that a sentence belongs in this answer.

Gates say what may be cited at all; this says what is worth citing beside what else was found.
The weights are a logistic regression on pairs of question and sentence that were judged by
reading (``evaluation/judged.jsonl``, training half; refit with ``tools/fit_pertinence.py``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from consilium.domain.evidence import Evidence
from consilium.pipeline.coverage import Coverage

_MOST_STRAY = 3


@dataclass(frozen=True, slots=True)
class Traits:
    """What is weighed, each from 0 to 1.

    Attributes:
        relevance: the index's score beside that of the best candidate.
        source: the score of the best sentence of the same source beside the best of all.
        opens: whether the first topic of the sentence is the question's (see ``Coverage``).
        opens_disease: the same of its first disease.
        stray: how many of its partners, which it would bring along, are off the topic.
    """

    relevance: float
    source: float
    opens: float
    opens_disease: float
    stray: float


WEIGHTS = Traits(relevance=4.0, source=3.3, opens=0.7, opens_disease=0.57, stray=-2.5)
INTERCEPT = -4.2


def pertinence(traits: Traits) -> float:
    """The chance, 0 to 1, that the sentence belongs."""
    total = INTERCEPT + sum(
        getattr(WEIGHTS, name) * getattr(traits, name) for name in Traits.__dataclass_fields__
    )
    return round(1 / (1 + math.exp(-total)), 4)


def weighed(
    evidence: Sequence[Evidence], measured: Mapping[str, Coverage], top: float
) -> tuple[Evidence, ...]:
    """The evidence with the pertinence of each.

    Args:
        measured: the coverage of every candidate by sentence id, also of those turned away.
        top: the index's best score.
    """
    best = max((e.score for e in evidence), default=0.0) or 1.0
    of_source: dict[str, float] = {}
    for item in evidence:
        of_source[item.source.id] = max(of_source.get(item.source.id, 0.0), item.score)
    return tuple(
        replace(
            item,
            pertinence=pertinence(
                Traits(
                    relevance=item.candidate.score / top,
                    source=of_source[item.source.id] / best,
                    opens=measured[item.sentence.id].opens,
                    opens_disease=measured[item.sentence.id].opens_disease,
                    stray=_stray(item, measured),
                )
            ),
        )
        for item in evidence
    )


def _stray(item: Evidence, measured: Mapping[str, Coverage]) -> float:
    """The share of up to three partners that touch too little of the question."""
    partners = [measured.get(name) for name in item.sentence.pairs_with]
    off = sum(one is None or bool(one.missed) or one.share < _TOUCHES for one in partners)
    return min(off, _MOST_STRAY) / _MOST_STRAY


_TOUCHES = 0.5
