"""Text and meaning together: a text index, wrapped, whose hits are joined with the nearest vectors.

Both scores are spread over 0 to 1 among the candidates and added (``fusion.min_max``); the best are ordered
anew by late interaction (``fusion.late``). Where meaning cannot be told, text answers alone, as without it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from consilium.adapters.index import fusion
from consilium.domain.measure import Place
from consilium.ports import Hit, Query, Searched, TextIndex


class Meaning(Protocol):
    """Tells how near sentences are to a question (see ``adapters.vectors.meaning``)."""

    def searched(self) -> Searched:
        """What it depends on at this moment."""
        ...

    def depth(self, limit: int) -> int:
        """How many hits of the text index it wants to see where ``limit`` are asked for."""
        ...

    def similar(self, query: Query, found: Sequence[str]) -> Mapping[str, float] | None:
        """How near what text found is to the question, and what else is near; None where it cannot tell."""
        ...

    def met(self, query: Query, sentences: Sequence[str]) -> Mapping[str, float]:
        """How well the word pieces of the question are met by these; empty where that cannot be told."""
        ...

    def outdated(self, sentences: Iterable[str]) -> Collection[str]:
        """Those of these sentences that read otherwise now than when they were embedded."""
        ...


class Hybrid:
    """A text index that finds by meaning as well; satisfies ``ports.TextIndex``."""

    def __init__(self, text: TextIndex, meaning: Meaning) -> None:
        """Wrap ``text``."""
        self.text, self.meaning = text, meaning

    @property
    def size(self) -> int:
        """How many sentences are indexed."""
        return self.text.size

    def search(self, query: Query) -> Sequence[Hit]:
        """The best hits, best first, on the scale of the text index's scores; ties as it has them."""
        if not query.asked:
            return self.text.search(query)
        depth = self.meaning.depth(query.limit)
        found = self.text.search(replace(query, limit=depth))
        near = self.meaning.similar(query, [hit.sentence for hit in found])
        if near is None:
            return found if depth == query.limit else self.text.search(query)
        others = self.text.hits([name for name in near if name not in {hit.sentence for hit in found}])
        best = self._best(query, found, others, near)
        outdated = self.meaning.outdated(hit.sentence for hit in best)
        if outdated:
            kept = {name: score for name, score in near.items() if name not in outdated}
            best = self._best(query, found, [hit for hit in others if hit.sentence in kept], kept)
        return best

    def _best(
        self, query: Query, found: Sequence[Hit], others: Sequence[Hit], near: Mapping[str, float]
    ) -> tuple[Hit, ...]:
        """Text and nearness in one, and the best of that by the word pieces of the question."""
        fused = fusion.min_max({hit.sentence: hit.score for hit in found}, near)
        looked_at = [name for name, _ in fusion.best(fused, fusion.LATE_DEPTH) if name in near]
        met = self.meaning.met(query, looked_at)
        hits = _placed((*found, *others), fusion.late(query.asked, fused, met), near, met)
        edge = hits[query.limit - 1].score if len(hits) > query.limit else 0.0
        return tuple(hit for hit in hits if hit.score >= edge)

    def hits(self, sentences: Sequence[str]) -> Sequence[Hit]:
        """These sentences, unscored."""
        return self.text.hits(sentences)

    def frequency(self, concept: str) -> int:
        """In how many sentences a concept, or a kind of it, is named or is the context."""
        return self.text.frequency(concept)

    def word_frequency(self, word: str) -> int:
        """In how many sentences a folded word occurs."""
        return self.text.word_frequency(word)

    def holds(self, word: str) -> bool:
        """Whether a folded word occurs."""
        return self.text.holds(word)

    def vocabulary(self) -> frozenset[str]:
        """All folded words of the library."""
        return self.text.vocabulary()

    def searched(self) -> Searched:
        """The vectors and where the question went, as far as they are in use."""
        return self.meaning.searched()


def _placed(
    hits: Sequence[Hit], scores: Mapping[str, float], near: Mapping[str, float], met: Mapping[str, float]
) -> list[Hit]:
    """Hits with their scores on the scale of the text index and where each way of searching put them."""
    text = {hit.sentence: hit.score for hit in hits if hit.score}
    top = max(text.values(), default=1.0)
    ranked = [_places(text), _places(near), _places(met)]
    made = [
        Hit(
            hit.sentence,
            hit.source,
            round(top * scores[hit.sentence], 4),
            hit.annotation,
            *(places.get(hit.sentence) for places in ranked),
        )
        for hit in hits
    ]
    return sorted(made, key=lambda hit: (-hit.score, hit.sentence))


def _places(scores: Mapping[str, float]) -> dict[str, Place]:
    ordered = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
    return {name: Place(rank, score) for rank, (name, score) in enumerate(ordered, 1)}
