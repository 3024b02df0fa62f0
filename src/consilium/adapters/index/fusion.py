"""Fusion: one order out of several, by scores that can be spread alike, or by ranks where they cannot be compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

# Source: min-max fusion at .5 led on SciFact (nDCG@10 .731, text .686) and BioASQ (.849, text .773).
DENSE_WEIGHT = 0.5
# Fitted on the training splits with the projection of the pieces (tools/fit_interaction.py, ADR 14).
LATE_WEIGHT, LATE_WORDS = 0.5, 8
LATE_DEPTH = 100  # of the best by fusion, whose word pieces are looked at
_WORD = re.compile(r"\w+")
RANK_CONSTANT = 60  # source: Cormack, Clarke and Büttcher, Reciprocal rank fusion (SIGIR 2009)


def min_max(
    text: Mapping[str, float], near: Mapping[str, float], dense_weight: float = DENSE_WEIGHT
) -> dict[str, float]:
    """Both scores spread over 0 to 1 and added, for the union of what either scored.

    What text did not find has 0 of it; where nearness is not known, what text says stands for both.
    """
    by_text, by_meaning = spread(text), spread(near)
    fused = {}
    for name in (*text, *(name for name in near if name not in text)):
        said = by_text.get(name, 0.0)
        fused[name] = (1 - dense_weight) * said + dense_weight * by_meaning.get(name, said)
    return fused


def late(question: str, fused: Mapping[str, float], met: Mapping[str, float]) -> dict[str, float]:
    """Fused scores, and how well the word pieces of the question are met, spread alike and added.

    The longer a question, the more its very words tell, and the less what is like them.

    Args:
        met: of the best by fusion; where it is not known, what fusion says stands for both, and whatever
            is not among the best stays below all that is.
    """
    if not met:
        return dict(fused)
    weight = LATE_WEIGHT * min(1.0, LATE_WORDS / max(1, len(_WORD.findall(question))))
    by_pieces = spread(met)
    least = min(fused[name] for name in met)
    scores = {}
    for name, score in fused.items():
        said = by_pieces.get(name, score if score >= least else 0.0)
        scores[name] = (1 - weight) * score + weight * said
    return scores


def spread(scores: Mapping[str, float]) -> dict[str, float]:
    """Scores from 0 (the least) to 1 (the greatest); all 1 where they are all alike."""
    least, most = min(scores.values(), default=0.0), max(scores.values(), default=0.0)
    return {name: (score - least) / (most - least) if most > least else 1.0 for name, score in scores.items()}


def reciprocal_rank(rankings: Iterable[Sequence[str]], constant: int = RANK_CONSTANT) -> dict[str, float]:
    """The sum of 1 / (constant + rank) over the rankings, best first in each; for scores of no common scale."""
    fused: dict[str, float] = {}
    for ranking in rankings:
        for rank, name in enumerate(ranking, 1):
            fused[name] = fused.get(name, 0.0) + 1 / (constant + rank)
    return fused


def best(fused: Mapping[str, float], limit: int) -> tuple[tuple[str, float], ...]:
    """The best of what was fused, rounded so that ties are ties, and those by name."""
    rounded = ((name, round(score, 6)) for name, score in fused.items())
    return tuple(sorted(rounded, key=lambda pair: (-pair[1], pair[0]))[:limit])
