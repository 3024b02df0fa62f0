"""Coverage: do answers hold what a good answer to a known question must hold?

Questions are split in two by a hash of their id: thresholds are fixed on ``train`` and figures
are reported on ``test``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from consilium.domain.article import Article
from consilium.domain.evidence import SourceKind
from consilium.domain.question import Audience, Question
from consilium.errors import ConfigurationError
from consilium.pipeline.trace import Outcome


@dataclass(frozen=True, slots=True)
class Topic:
    """A known question with the sources and statements that belong in its answer."""

    id: str
    text: str
    sources: tuple[str, ...]
    must: tuple[str, ...]
    audience: Audience = Audience.CLINICIAN

    @property
    def split(self) -> str:
        """``train`` or ``test``, by a hash of the id."""
        return split_of(self.id)


@dataclass(frozen=True, slots=True)
class Judged:
    """One answer, measured."""

    topic: Topic
    answered: bool
    cites_listed: bool
    must_share: float
    first_must: bool
    leads_current: bool
    cited: tuple[str, ...]
    stray: tuple[str, ...]
    missing: tuple[str, ...]


def split_of(name: str) -> str:
    """The half that a question belongs to."""
    return "train" if hashlib.sha256(name.encode()).digest()[0] % 2 == 0 else "test"


@dataclass(frozen=True, slots=True)
class Unanswerable:
    """A question with no answer in the starter library, written before anything was tuned."""

    id: str
    question: Question
    kind: str
    why: str


def unanswerable() -> Iterator[Unanswerable]:
    """The questions on which Consilium has to abstain."""
    for item in lines(shipped("no_answer.jsonl")):
        asked = Question(item["question"], Audience(item["audience"]))
        yield Unanswerable(item["id"], asked, item["kind"], item["why"])


def rewordings(*, new: bool = False) -> Iterator[tuple[str, Topic]]:
    """Known questions as people would type them: (style, topic with the other words).

    Args:
        new: those that were written last and that nothing was ever tuned on.
    """
    known = {topic.id: topic for topic in topics()}
    for item in lines(shipped("rewordings_new.jsonl" if new else "rewordings.jsonl")):
        topic = known[item["of"]]
        audience = Audience.PATIENT if item["style"] == "lay" else Audience.CLINICIAN
        yield item["style"], Topic(topic.id, item["question"], topic.sources, topic.must, audience)


def shipped(name: str) -> str:
    """A file of questions or judgements that ships with this package."""
    return resources.files("consilium.evaluation").joinpath(name).read_text("utf-8")


def topics(path: Path | None = None) -> Iterator[Topic]:
    """The known questions of a JSON Lines file; the shipped ones by default.

    Raises:
        ConfigurationError: the file cannot be read.
    """
    for item in lines(path.read_text("utf-8") if path else shipped("questions.jsonl")):
        yield Topic(item["id"], item["text"], tuple(item["sources"]), tuple(item["must"]))


def lines(text: str) -> Iterator[dict[str, Any]]:
    """The objects of a JSON Lines text.

    Raises:
        ConfigurationError: a line is not JSON.
    """
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                yield json.loads(line)
            except ValueError as fault:
                raise ConfigurationError(f"line {number} is not JSON: {fault}") from fault


def asked(topic: Topic) -> Question:
    """The question of a topic as the pipeline takes it."""
    return Question(topic.text, topic.audience)


def judge(topic: Topic, outcome: Outcome) -> Judged:
    """Measure one answer."""
    article = outcome.result
    if not isinstance(article, Article):
        return Judged(topic, False, False, 0.0, False, False, (), (), topic.must)
    sentences = [s.id for claim in article.claims for _, s in claim.claim.cited]
    cited = tuple(reference.source.id for reference in article.references)
    held = set(sentences)
    missing = tuple(must for must in topic.must if must not in held)
    by_id = {claim.id: claim.claim for claim in article.claims}
    leads = [
        by_id[item.claims[0]]
        for section in article.sections
        for item in section.items
        if item.role.value == "lead"
    ]
    return Judged(
        topic,
        answered=True,
        cites_listed=bool(set(cited) & set(topic.sources)),
        must_share=1 - len(missing) / max(1, len(topic.must)),
        first_must=not topic.must or topic.must[0] in held,
        leads_current=any(lead.source.status.may_lead and lead.source.id in topic.sources for lead in leads),
        cited=cited,
        stray=tuple(source for source in cited if source not in topic.sources),
        missing=missing,
    )


def expects_lead(topic: Topic, library: Any) -> bool:
    """Whether a current guideline with a recommendation is listed for a question."""
    return any(
        (source := library.source(name)) is not None
        and source.kind is SourceKind.GUIDELINE
        and source.status.value in {"current", "living"}
        and any(s.kind.value == "recommendation" for s in library.sentences(name))
        for name in topic.sources
    )


def summary(rows: Iterable[Judged], library: Any) -> dict[str, float]:
    """The figures of the coverage report, as shares."""
    rows = list(rows)
    count = max(1, len(rows))
    led = [row for row in rows if expects_lead(row.topic, library)]
    cited = sum(len(row.cited) for row in rows)
    return {
        "questions": len(rows),
        "cites a listed source": sum(row.cites_listed for row in rows) / count,
        "must statements held (mean)": sum(row.must_share for row in rows) / count,
        "questions with 80 % of must": sum(row.must_share >= 0.8 for row in rows) / count,
        "first must held": sum(row.first_must for row in rows) / count,
        "leads with a current listed guideline": sum(r.leads_current for r in led) / max(1, len(led)),
        "abstains wrongly": sum(not row.answered for row in rows) / count,
        "cited sources that are listed": 1 - sum(len(r.stray) for r in rows) / max(1, cited),
    }
