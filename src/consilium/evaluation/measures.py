"""Measures of a ranking, as trec_eval and BEIR compute them.

Written here and tested against values worked by hand: the libraries for it (ranx, ir-measures, pytrec_eval)
bring a compiler or numba with them, for three sums.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

Relevant = Mapping[str, float]


def ndcg(ranking: Sequence[str], relevant: Relevant, cutoff: int = 10) -> float:
    """Discounted cumulative gain over the best there could be: linear gain, log2 discount; 0 to 1.

    Source: Järvelin and Kekäläinen (2002) in the form of trec_eval's ``ndcg_cut``.
    """
    best = sorted(relevant.values(), reverse=True)
    ideal = _discounted(best[:cutoff])
    return _discounted([relevant.get(name, 0.0) for name in ranking[:cutoff]]) / ideal if ideal else 0.0


def _discounted(gains: Sequence[float]) -> float:
    return sum(max(gain, 0.0) / math.log2(place + 2) for place, gain in enumerate(gains))


def recall(ranking: Sequence[str], relevant: Relevant, cutoff: int = 100) -> float:
    """The share of the relevant documents that is among the first."""
    wanted = {name for name, gain in relevant.items() if gain > 0}
    return len(wanted & set(ranking[:cutoff])) / len(wanted) if wanted else 0.0


def reciprocal_rank(ranking: Sequence[str], relevant: Relevant) -> float:
    """One over the rank of the first relevant document; 0 where there is none."""
    for rank, name in enumerate(ranking, 1):
        if relevant.get(name, 0.0) > 0:
            return 1 / rank
    return 0.0


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share (0 to 1) does not exceed (nearest rank)."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]
