"""Documents found by text and by meaning, in one order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from consilium.adapters.index import fusion
from consilium.adapters.index.documents import DocumentText

if TYPE_CHECKING:
    from consilium.adapters.vectors.documents import DocumentVectors

# Of each list. SciFact test: nDCG@10 .727 at 100, .730 at 200, .732 at 500, .729 at 1,000; by ranks .713 at each.
DEPTH = 500


class Fused:
    """Min-max fusion of both lists; a ``System`` of ``evaluation.retrieval``."""

    name = "hybrid"

    def __init__(self, text: DocumentText, vectors: DocumentVectors, depth: int = DEPTH) -> None:
        """``depth``: how many of each list are joined, at least."""
        self._text, self._vectors, self._depth = text, vectors, depth

    @property
    def about(self) -> Mapping[str, object]:
        """What its scores depend on."""
        how = {"fusion": "min-max", "dense_weight": fusion.DENSE_WEIGHT, "depth": self._depth}
        return {**self._text.about, **self._vectors.about, **how}

    def search(self, query: str, limit: int) -> tuple[tuple[str, float], ...]:
        """The best documents, best first, ties by id; what either list brought up has its exact nearness."""
        depth = max(limit, self._depth)
        text = dict(self._text.search(query, depth))
        vector = self._vectors.vector(query)
        near = dict(self._vectors.nearest(vector, depth))
        near |= self._vectors.near(vector, [name for name in text if name not in near])
        return fusion.best(fusion.min_max(text, near), limit)


class Ranked:
    """Fusion, whose best are ordered anew by late interaction; a ``System`` of ``evaluation.retrieval``."""

    name = "ranked"

    def __init__(self, fused: Fused, vectors: DocumentVectors) -> None:
        """Look at the best of ``fused``."""
        self._fused, self._vectors = fused, vectors

    @property
    def about(self) -> Mapping[str, object]:
        """What its scores depend on."""
        return {
            **self._fused.about,
            "late_weight": fusion.LATE_WEIGHT,
            "late_words": fusion.LATE_WORDS,
            "late_depth": fusion.LATE_DEPTH,
        }

    def search(self, query: str, limit: int) -> tuple[tuple[str, float], ...]:
        """The best documents, best first, ties by id."""
        found = self._fused.search(query, max(limit, fusion.LATE_DEPTH))
        met = self._vectors.met(query, [name for name, _ in found[: fusion.LATE_DEPTH]])
        return fusion.best(fusion.late(query, dict(found), met), limit)
