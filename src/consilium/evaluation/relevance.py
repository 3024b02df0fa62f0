"""Relevance: of what is cited, how much do readers find off the topic?

Pairs of question and statement were judged by reading, before any weight was fitted to them:
2 belongs in the answer, 1 is loose (right disease, another question), 0 is off the topic.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from consilium.domain.article import Article
from consilium.evaluation.coverage import Topic, lines, shipped
from consilium.pipeline.trace import Outcome

BELONGS, LOOSE, OFF = 2, 1, 0
Judgements = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Relevance:
    """The cited statements of some answers, counted.

    Attributes:
        answers: how many answers were looked at.
        counts: statements by judgement; None counts those that nobody judged.
    """

    answers: int
    counts: Mapping[int | None, int]

    def share(self, judgement: int) -> float:
        """The share of the judged statements with this judgement, 0 to 1."""
        judged = sum(count for what, count in self.counts.items() if what is not None)
        return self.counts.get(judgement, 0) / max(1, judged)


def judgements() -> dict[tuple[str, str], int]:
    """Every judged pair: (question id, statement id) to 0, 1 or 2."""
    return {
        (item["question"], item["statement"]): int(item["belongs"]) for item in lines(shipped("judged.jsonl"))
    }


def relevance(answered: Iterable[tuple[Topic, Outcome]], judged: Judgements) -> Relevance:
    """Count what the answers cite. A statement that an answer must hold counts as belonging."""
    counts: Counter[int | None] = Counter()
    answers = 0
    for topic, outcome in answered:
        if not isinstance(outcome.result, Article):
            continue
        answers += 1
        for claim in outcome.result.claims:
            name = claim.claim.sentence.id
            counts[judged.get((topic.id, name), BELONGS if name in topic.must else None)] += 1
    return Relevance(answers, counts)
