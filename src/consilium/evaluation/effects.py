"""Do bullets on trials say which way an outcome went, as annotators read it in the trial?

Evidence Inference (Lehman and others, NAACL 2019; DeYoung and others, BioNLP 2020) asks what an intervention did to
an outcome of one trial, beside a comparator, and marks the answer with the words that it rests on. Trials are split
in two by a hash of their id: rules were made on ``train``, figures are reported on ``test``.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from consilium.domain.article import Article
from consilium.domain.question import Question
from consilium.errors import MalformedCollection, QuestionError
from consilium.evaluation.beir import first
from consilium.evaluation.coverage import split_of
from consilium.evaluation.direction import Way, way_of
from consilium.evaluation.jsonl import objects
from consilium.pipeline.leaning import takes_back
from consilium.pipeline.trace import Outcome

_LABELS = {"significantly increase": Way.MORE}
_SPAN = 8  # words of a span that can be read as a sentence

AGREES, OPPOSITE, OTHER, UNREAD = "states it", "states the opposite", "states another", "states none"
NO_ANSWER, NO_BULLET, CANNOT = "no answer", "answered from other works", "cannot be read as a question"


@dataclass(frozen=True, slots=True)
class Effect:
    """A question on one trial with the direction that annotators agree on, and the words that it rests on."""

    id: str
    text: str
    trial: str
    intervention: str
    comparator: str
    outcome: str
    way: Way
    spans: tuple[str, ...]

    @property
    def split(self) -> str:
        """``train`` or ``test``, by a hash of the trial."""
        return split_of(self.trial)

    def marks(self, sentence: str) -> bool:
        """Whether annotators marked these very words, or words in them, as what the direction rests on."""
        text = _letters(sentence)
        spans = [_letters(span) for span in self.spans if len(span.split()) >= _SPAN]
        return any(span in text or text in span for span in spans)

    def read(self, sentence: str) -> Way | None:
        """Which way a sentence says that the outcome went."""
        return way_of(
            sentence, intervention=self.intervention, comparator=self.comparator, outcome=self.outcome
        )


@dataclass(frozen=True, slots=True)
class Told:
    """What an answer says of one question: how it stands to the annotation, and in which words."""

    effect: Effect
    verdict: str
    sentences: tuple[str, ...] = ()


def _letters(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum())


def effects(folder: Path) -> Iterator[Effect]:
    """The questions of ``folder`` on whose direction all valid annotations agree.

    Raises:
        MalformedCollection: the file is missing, or a line is no such question.
    """
    for where, item in objects(first(folder, "queries.jsonl", "queries.jsonl.gz")):
        try:
            found = _effect(item)
        except (KeyError, TypeError, AttributeError, ValueError) as fault:
            raise MalformedCollection(f"{where} is no question of Evidence Inference: {fault!r}.") from fault
        if found:
            yield found


def _effect(item: dict[str, Any]) -> Effect | None:
    about: dict[str, Any] = item["metadata"]
    valid = [note for note in about["annotations_v2"] if note.get("valid")]
    ways = {_LABELS.get(note["label"]) or Way(note["label"]) for note in valid}
    if len(ways) != 1:
        return None
    intervention, comparator, outcome = (
        str(about[name]).strip() for name in ("intervention", "comparator", "outcome")
    )
    spans = tuple(dict.fromkeys(str(note["evidence"]) for note in valid))
    return Effect(
        id=str(item["_id"]),
        text=item["text"],
        trial=about["pmcid"],
        intervention=intervention,
        comparator=comparator,
        outcome=outcome,
        way=ways.pop(),
        spans=spans,
    )


def drawn(items: Iterable[Effect], split: str, most: int, seed: int) -> list[Effect]:
    """At most so many questions of one half, drawn by chance."""
    half = [item for item in items if split in {"all", item.split}]
    return sorted(random.Random(seed).sample(half, min(most, len(half))), key=lambda item: item.id)  # noqa: S311


def told(effect: Effect, ask: Callable[[Question], Outcome]) -> Told:
    """Ask a question, and read what the answer quotes from its trial."""
    try:
        result = ask(Question(effect.text)).result
    except QuestionError:
        return Told(effect, CANNOT)
    if not isinstance(result, Article):
        return Told(effect, NO_ANSWER)
    mine = tuple(c.claim.text for c in result.claims if c.claim.source.pmcid == effect.trial)
    if not mine:
        return Told(effect, NO_BULLET)
    return Told(effect, verdict_of(effect, mine), mine)


def verdict_of(effect: Effect, sentences: Sequence[str]) -> str:
    """How sentences stand to the annotation: what annotators marked states it; else the rules read it.

    One that says the opposite decides. A sentence that takes back the one before it, and does not say of which outcome, speaks of the same.
    """
    ways: list[Way] = []
    before: Way | None = None
    for sentence in sentences:
        way = effect.read(sentence)
        if way is None and before and takes_back(sentence):
            way = effect.read(f"{effect.outcome}: {sentence}")
            if way:
                ways.remove(before)
        before = way
        ways += [way] if way else []
    if any(effect.marks(sentence) for sentence in sentences):
        return AGREES
    if effect.way.opposite in ways and effect.way.opposite:
        return OPPOSITE
    if effect.way in ways:
        return AGREES
    return OTHER if ways else UNREAD


def spans_read(items: Iterable[Effect]) -> Counter[str]:
    """How the rules alone read the words that annotators marked, the shortest span of each question."""
    counts: Counter[str] = Counter()
    for item in items:
        span = min(item.spans, key=len)
        if len(span.split()) >= _SPAN:
            way = item.read(span)
            verdict = AGREES if way is item.way else OPPOSITE if way and way is item.way.opposite else OTHER
            counts[verdict if way else UNREAD] += 1
    return counts
