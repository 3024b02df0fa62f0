"""What the gates of appraisal let through and turn away over a library, and for which reasons.

What a known question lists should pass; what was judged to be off its topic, and what is drawn by chance, should not.
What is found and not listed is counted apart: a list names what must not be missed, not all that is true.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from consilium.domain.article import Abstention
from consilium.domain.evidence import Candidate
from consilium.domain.question import Plan, Question
from consilium.errors import QuestionError
from consilium.evaluation import coverage as known
from consilium.evaluation.coverage import Topic
from consilium.evaluation.relevance import OFF, Judgements
from consilium.pipeline.annotate import annotate
from consilium.pipeline.appraise import Appraisal
from consilium.pipeline.coverage import HEADS
from consilium.pipeline.gates import stopped
from consilium.pipeline.trace import Outcome
from consilium.ports import Library

MUST, LISTED, OTHER, JUDGED_OFF, DRAWN = (
    "must be in the answer",
    "of a listed source",
    "found, not listed",
    "judged off the topic",
    "drawn by chance",
)
KINDS = (MUST, LISTED, OTHER, JUDGED_OFF, DRAWN)
KNOWN, UNKNOWN = "topic known to the lexicon", "topic unknown to the lexicon"
_DRAWN = 10  # statements a question

Ask = Callable[[Question], Outcome]
Ruled = tuple[str, str | None]  # the kind of a statement, and what turned it away, if anything did


@dataclass(slots=True)
class Tally:
    """What happened to the statements beside some questions.

    Attributes:
        passed: statements that the gates let through, by kind.
        reasons: of each kind, how often which gate gave which reason.
        unfound: statements that must be in an answer and that search did not bring up.
        wrongly: known questions on which Consilium abstains.
        rightly: questions without an answer on which it abstains.
    """

    questions: int = 0
    wrongly: int = 0
    unanswerable: int = 0
    rightly: int = 0
    unfound: int = 0
    passed: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, Counter[str]] = field(default_factory=lambda: {kind: Counter() for kind in KINDS})

    def beside(self, kind: str) -> int:
        """How many statements of a kind the gates ruled on."""
        return self.passed[kind] + self.reasons[kind].total()

    def rejected(self, *kinds: str) -> float:
        """The share of these kinds that was turned away."""
        away = sum(self.reasons[kind].total() for kind in kinds)
        return away / max(1, sum(self.beside(kind) for kind in kinds))

    def add(self, ruled: Iterable[Ruled]) -> None:
        """Count what happened to some statements."""
        for kind, reason in ruled:
            if reason is None:
                self.passed[kind] += 1
            else:
                self.reasons[kind][reason] += 1


def measure(
    topics: Iterable[Topic],
    unanswerable: Iterable[Question],
    ask: Ask,
    library: Library,
    judged: Judgements,
    seed: int = 0,
) -> dict[str, Tally]:
    """What the gates did beside every question; apart by whether the lexicon knows its topic."""
    tallies = {KNOWN: Tally(), UNKNOWN: Tally()}
    everything = [
        (sentence.id, source.id) for source in library.sources() for sentence in library.sentences(source.id)
    ]
    for topic in topics:
        outcome = ask(known.asked(topic))
        tally = tallies[_known(outcome.trace.plan)]
        tally.questions += 1
        tally.wrongly += isinstance(outcome.result, Abstention)
        tally.unfound += len(set(topic.must) - {c.sentence.id for c in outcome.trace.candidates})
        tally.add(_ruled(topic, outcome, judged))
        if appraisal := outcome.trace.appraisal:
            chance = random.Random(f"{seed} {topic.id}")  # noqa: S311 - no secret
            others = [sentence for sentence, source in everything if source not in topic.sources]
            drawn = chance.sample(others, min(_DRAWN, len(others)))
            tally.add((DRAWN, _stopped(name, appraisal, library)) for name in drawn if name not in topic.must)
    for question in unanswerable:
        abstained, plan = _abstained(question, ask)
        tally = tallies[_known(plan)]
        tally.unanswerable += 1
        tally.rightly += abstained
    return tallies


def _known(plan: Plan | None) -> str:
    """Whether the lexicon gives the gates a topic to look for."""
    terms = plan.terms if plan else ()
    heads = any(term.concept and term.kind in HEADS and not term.context for term in terms)
    return KNOWN if heads else UNKNOWN


def _ruled(topic: Topic, outcome: Outcome, judged: Judgements) -> Iterator[Ruled]:
    """What appraisal did with each statement that search brought up."""
    appraisal = outcome.trace.appraisal
    away = {r.candidate.sentence.id: f"{r.by}: {r.reason}" for r in appraisal.rejections} if appraisal else {}
    for candidate in outcome.trace.candidates:
        name = candidate.sentence.id
        if name in topic.must:
            kind = MUST
        elif judged.get((topic.id, name)) == OFF:
            kind = JUDGED_OFF
        else:
            kind = LISTED if candidate.source.id in topic.sources else OTHER
        yield kind, away.get(name)


def _stopped(name: str, appraisal: Appraisal, library: Library) -> str | None:
    """Which gate turns a statement away that search need not have brought up."""
    sentence = library.sentence(name)
    source = library.source(sentence.source) if sentence else None
    if sentence is None or source is None:
        return None
    keeper = appraisal.keeper
    note = annotate(sentence, source, keeper.lexicon)
    rejection = stopped(keeper, Candidate(sentence, source, note, 0.0), keeper.coverer.measure(note))
    return f"{rejection.by}: {rejection.reason}" if rejection else None


def _abstained(question: Question, ask: Ask) -> tuple[bool, Plan | None]:
    try:
        outcome = ask(question)
    except QuestionError:  # told kindly that it cannot be read: no answer was given
        return True, None
    return isinstance(outcome.result, Abstention), outcome.trace.plan
