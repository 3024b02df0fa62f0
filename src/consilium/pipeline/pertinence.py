"""How likely a reader is to find that a sentence belongs in this answer.

Gates say what may be cited at all; this says what is worth citing beside what else was found.
The weights are a logistic regression on pairs of question and sentence that were judged by
reading (``evaluation/judged.jsonl``, training half; refit with ``tools/fit_pertinence.py``).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from consilium.domain.evidence import Candidate, Evidence
from consilium.domain.measure import Traits
from consilium.pipeline.coverage import Coverage

_MOST_STRAY, _TOUCHES, _USUAL = 3, 0.5, 0.3


WEIGHTS = Traits(relevance=4.0, source=2.9, opens=0.7, apart=-1.3, stray=-1.8)
INTERCEPT = -3.5


def pertinence(traits: Traits) -> float:
    """The odds that the sentence belongs: 1 is even, 9 is nine to one."""
    return round(math.exp(INTERCEPT + sum(pulls(traits).values())), 4)


def pulls(traits: Traits) -> dict[str, float]:
    """What each trait adds to the logarithm of the odds."""
    return {name: getattr(WEIGHTS, name) * getattr(traits, name) for name in Traits.__dataclass_fields__}


def weighed(
    evidence: Sequence[Evidence], candidates: Sequence[Candidate], measured: Mapping[str, Coverage]
) -> tuple[Evidence, ...]:
    """The evidence with the pertinence of each.

    Args:
        candidates: all that retrieval brought up, best first within a kind of source.
        measured: the coverage of every candidate by sentence id, also of those turned away.
    """
    top = max((c.score for c in candidates), default=0.0) or 1.0
    best = max((e.score for e in evidence), default=0.0) or 1.0
    # What a work's sentence brings along is beside it in the work: it strays nowhere.
    partners = {c.sentence.id: c.sentence.pairs_with if c.sentence.role is None else () for c in candidates}
    of_source: dict[str, float] = {}
    for item in evidence:
        of_source[item.source.id] = max(of_source.get(item.source.id, 0.0), item.score)
    usual = _usual([measured[item.sentence.id].subject.other for item in evidence])
    made: list[Evidence] = []
    for item in evidence:
        name = item.sentence.id
        traits = Traits(
            relevance=item.candidate.score / top,
            source=of_source[item.source.id] / best,
            opens=measured[name].subject.opens,
            apart=float(measured[name].subject.other not in usual),
            stray=_stray(name, partners, measured),
        )
        made.append(replace(item, traits=traits, pertinence=pertinence(traits)))
    return tuple(made)


def _usual(diseases: Sequence[str | None]) -> set[str | None]:
    """What a drug is mostly given for is no other topic: "who benefits from Paxlovid?" is on COVID-19."""
    often = Counter(disease for disease in diseases if disease)
    return {None, *(disease for disease, count in often.items() if count >= _USUAL * len(diseases))}


def _stray(name: str, partners: Mapping[str, Sequence[str]], measured: Mapping[str, Coverage]) -> float:
    """The share, of up to three, of what it brings along that touches too little of the question."""
    brought: list[str] = []
    queue = list(partners[name])
    while queue:
        one = queue.pop(0)
        if one != name and one not in brought:
            brought.append(one)
            queue += partners.get(one, ())
    off = sum(one not in measured or bool(measured[one].missed) for one in brought)
    thin = sum(one in measured and measured[one].share < _TOUCHES for one in brought)
    return min(off + thin, _MOST_STRAY) / _MOST_STRAY
