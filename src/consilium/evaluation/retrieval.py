"""How well a system finds documents, and how fast, over the queries of a test collection."""

from __future__ import annotations

import random
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Protocol

from consilium.evaluation import measures
from consilium.evaluation.beir import Topic

CUTOFF = 100  # documents that a system is asked for
_WARMING = 10  # queries that are asked before the clock runs


class System(Protocol):
    """Whatever finds documents."""

    @property
    def name(self) -> str:
        """What it is called on the command line."""
        ...

    @property
    def about(self) -> Mapping[str, object]:
        """What its figures depend on: fingerprints, weights."""
        ...

    def search(self, query: str, limit: int) -> Sequence[tuple[str, float]]:
        """The best documents with their scores, best first; the same for the same query."""
        ...


@dataclass(frozen=True, slots=True)
class Run:
    """What one system reached, query by query, in the order in which they were asked."""

    system: str
    ndcg: tuple[float, ...]
    recall: tuple[float, ...]
    reciprocal_rank: tuple[float, ...]
    seconds: tuple[float, ...]

    @property
    def figures(self) -> dict[str, float]:
        """The means, and milliseconds a query."""
        return {
            "ndcg@10": round(fmean(self.ndcg), 4),
            "recall@100": round(fmean(self.recall), 4),
            "mrr": round(fmean(self.reciprocal_rank), 4),
            "p50_ms": round(1000 * measures.percentile(self.seconds, 0.5), 2),
            "p95_ms": round(1000 * measures.percentile(self.seconds, 0.95), 2),
        }


def measure(system: System, topics: Sequence[Topic]) -> Run:
    """Ask a system every query; the first few are asked twice, and timed the second time only."""
    for topic in topics[:_WARMING]:
        system.search(topic.text, CUTOFF)
    rows = []
    for topic in topics:
        start = time.perf_counter()
        found = system.search(topic.text, CUTOFF)
        took = time.perf_counter() - start
        ranking = list(dict.fromkeys(name for name, _ in found))[:CUTOFF]
        rows.append(
            (
                measures.ndcg(ranking, topic.relevant, 10),
                measures.recall(ranking, topic.relevant, CUTOFF),
                measures.reciprocal_rank(ranking, topic.relevant),
                took,
            )
        )
    ndcg, recall, ranks, seconds = zip(*rows, strict=True)
    return Run(system.name, ndcg, recall, ranks, seconds)


def sample(topics: Sequence[Topic], limit: int | None, seed: int) -> Sequence[Topic]:
    """At most ``limit`` of the queries, drawn by ``seed``, in their order."""
    if limit is None or limit >= len(topics):
        return topics
    drawn = random.Random(seed).sample(range(len(topics)), limit)  # noqa: S311 - no secret
    return [topics[place] for place in sorted(drawn)]


def unknown(topics: Sequence[Topic], known: Collection[str]) -> int:
    """How many relevant documents are not in the corpus: they count as not found."""
    return len({name for topic in topics for name in topic.relevant} - set(known))
