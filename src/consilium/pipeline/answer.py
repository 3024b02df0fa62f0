"""The whole way from a question to an article, on one screen."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace

from consilium.domain.article import Abstention, Article, Rendering, SupportedClaim
from consilium.domain.evidence import Candidate, Evidence
from consilium.domain.question import FollowUp, Plan, Question
from consilium.errors import Cancelled
from consilium.lexicon.concepts import Lexicon
from consilium.lexicon.spelling import Speller
from consilium.pipeline.abstain import abstain, no_evidence, notice_alone
from consilium.pipeline.appraise import Appraisal, appraise
from consilium.pipeline.assemble import assemble, excluded, gaps_of
from consilium.pipeline.compose import Draft, compose
from consilium.pipeline.enquiry import not_clinical, readable, strange, unanswerable
from consilium.pipeline.followup import carry_over, suggestions
from consilium.pipeline.hints import hinted
from consilium.pipeline.narrow import narrowed
from consilium.pipeline.plan import plan as make_plan
from consilium.pipeline.retrieve import retrieve
from consilium.pipeline.safety import Emergency, RedFlags, emergency_in, red_flags
from consilium.pipeline.tailor import tailor
from consilium.pipeline.trace import Event, Outcome, Step, Trace
from consilium.pipeline.verify import verify
from consilium.pipeline.writing.desk import Desk, Writer
from consilium.pipeline.writing.edit import account_of, edit, tailored
from consilium.pipeline.writing.log import Writing
from consilium.pipeline.writing.planning import helped
from consilium.pipeline.writing.suspicion import screened, unnamed
from consilium.ports import Library, TextIndex

NOT_CLINICAL = "This does not read as a clinical question, and Consilium answers those only."


@dataclass(frozen=True)
class World:
    """What an answer is made from; built once by ``wiring``."""

    lexicon: Lexicon
    index: TextIndex
    library: Library
    speller: Speller
    emergency_number: str | None = None
    crisis_number: str | None = None
    writer: Writer | None = None


def answer(
    question: Question,
    world: World,
    *,
    follow_up: FollowUp | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[Step]:
    """Yield each stage's event, each supported claim, and last the outcome.

    Raises:
        QuestionError: the question cannot be read.
        Cancelled: ``cancelled`` said so between two stages.
    """
    question = readable(question)
    emergency = emergency_in(question.text, question.audience, world.emergency_number, world.crisis_number)
    desk = Desk(world.writer, cancelled) if world.writer else None
    alone = bool(emergency and emergency.alone)
    plan = _planned(question, follow_up, world, None if alone else desk)
    yield Event("plan", describe(plan, world.lexicon))
    refused = _refused(plan, emergency, world)
    if refused:
        yield _outcome(refused, Trace(plan, writing=account_of(desk)), world, emergency)
        return
    _stop_if(cancelled)
    candidates = retrieve(plan, world.lexicon, world.index, world.library)
    yield Event("retrieve", f"{len(candidates)} statements found")
    whole = plan
    plan, appraisal = _appraised(whole, candidates, world)
    kept, gone = appraisal.evidence, appraisal.rejections
    if desk:  # what reads as if meant for a machine is shown to none, and is never published
        kept, suspect = screened(kept)
        gone, desk.flagged = (*gone, *suspect), {r.candidate.sentence.id: r.detail for r in suspect}
    yield Event("appraise", f"{len(kept)} kept, {len(gone)} turned away")
    _stop_if(cancelled)
    trace = Trace(plan, candidates, kept, gone, world.index.searched(), whole, appraisal)
    flags = red_flags(plan, world.lexicon)
    if not kept and not flags.alone:
        trace = replace(trace, writing=account_of(desk))
        yield _outcome(no_evidence(hinted(plan, world.lexicon, world.speller), gone), trace, world, emergency)
        return
    draft = compose(plan, kept, world.library, flags, world.index.frequency)
    draft, supported, writing = yield from _worded(plan, kept, draft, flags, world, desk)
    article = assemble(plan, draft, supported, (*flags.alone, *gaps_of(plan, draft.chosen)))
    yield Event("assemble", f"{len(article.claims)} claims from {len(article.references)} sources")
    rendering = tailor(article, question.audience, world.lexicon)
    if writing and desk:
        rendering, writing = tailored(article, rendering, writing, world.lexicon, desk)
    trace = replace(trace, rejections=(*gone, *draft.left_over), draft=draft, writing=writing)
    yield _outcome(article, trace, world, emergency, rendering)


def _planned(question: Question, follow_up: FollowUp | None, world: World, desk: Desk | None) -> Plan:
    """The question in slots, with what it takes over from the one before."""
    lexicon, index = world.lexicon, world.index

    def planner(text: str) -> Plan:
        return make_plan(replace(question, text=text), lexicon, index, world.speller)

    plan = planner(question.text)
    if desk:
        return helped(plan, follow_up, lexicon, index, planner, desk)
    return carry_over(plan, follow_up, lexicon, index) if follow_up else plan


def _worded(
    plan: Plan, kept: tuple[Evidence, ...], draft: Draft, flags: RedFlags, world: World, desk: Desk | None
) -> Generator[Step, None, tuple[Draft, tuple[SupportedClaim, ...], Writing | None]]:
    """The draft in whole sentences; where there is a model, in its words as far as they stand."""
    if desk and kept:
        made = yield from edit(plan, kept, draft, world.library, world.lexicon, flags, desk)
        return made.draft, made.supported, made.writing
    supported, _ = verify(draft.claims())
    yield from supported
    return draft, supported, None


def _appraised(plan: Plan, candidates: tuple[Candidate, ...], world: World) -> tuple[Plan, Appraisal]:
    """What counts for the whole question; else, for its main disease alone."""
    whole = appraise(plan, candidates, world.lexicon)
    if whole.evidence:
        return plan, whole
    for narrow in narrowed(plan, world.index):
        part = appraise(narrow, candidates, world.lexicon)
        if part.evidence:
            return narrow, part
    return plan, whole


def _refused(plan: Plan, emergency: Emergency | None, world: World) -> Abstention | None:
    """The abstention that needs no search: a lay emergency, or no clinical question."""
    if emergency and emergency.alone:
        return notice_alone(plan, emergency.text)
    if not_clinical(plan) or strange(plan):
        return abstain(hinted(plan, world.lexicon, world.speller), "not_clinical", NOT_CLINICAL)
    personal = unanswerable(plan.question)
    return abstain(plan, "no_evidence", personal) if personal else None


def _outcome(
    result: Article | Abstention,
    trace: Trace,
    world: World,
    emergency: Emergency | None,
    rendering: Rendering | None = None,
) -> Outcome:
    """The result with all that a reader may ask about how it came about."""
    plan = trace.plan
    assert plan is not None  # noqa: S101 - every way here has a plan
    article = result if isinstance(result, Article) else None
    cited = frozenset(reference.source.id for reference in article.references) if article else frozenset()
    turned_away = unnamed(trace.rejections) if world.writer else trace.rejections
    shown, total = excluded(turned_away, cited)
    vectors = {} if trace.searched.vectors is None else {"vectors": trace.searched.vectors}
    today = datetime.datetime.now(datetime.UTC).date()
    return Outcome(
        result=result,
        rendering=rendering,
        trace=trace,
        as_of=(plan.question.as_of or today).isoformat(),
        excluded=shown,
        excluded_total=total,
        urgent_notice=emergency.text if emergency else None,
        follow_ups=suggestions(plan, world.lexicon, world.index) if article else (),
        generations=world.library.generations() | vectors,
        follows=plan.follows,
    )


def describe(plan: Plan, lexicon: Lexicon) -> str:
    """A plan in one line."""
    named = [lexicon.name(t.concept) if t.concept else f"“{t.words}”" for t in plan.terms]
    return f"{plan.intent.value}: {', '.join(named) or 'nothing recognised'}"


def _stop_if(cancelled: Callable[[], bool]) -> None:
    if cancelled():
        raise Cancelled
