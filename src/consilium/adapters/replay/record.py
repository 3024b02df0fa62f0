"""An answer with every stage that led to it, as plain JSON; of the asker it holds what the article holds."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from consilium.domain.measure import Measured
from consilium.domain.question import Audience, FollowUp, Intent, Plan, Question
from consilium.lexicon.concepts import Lexicon
from consilium.pipeline.anonymous import masked
from consilium.pipeline.enquiry import readable
from consilium.pipeline.examine import Examined, brought, examined, places_of
from consilium.pipeline.retrieve import queries_of
from consilium.pipeline.trace import Outcome, Trace

Json = dict[str, Any]


def recordable(question: Question, lexicon: Lexicon) -> Question:
    """A question as it may be kept: without what could identify a person, and for a date.

    Raises:
        QuestionError: it cannot be read, or nothing is left of it.
    """
    question = readable(question)
    while (text := masked(question.text, lexicon)) != question.text:
        question = readable(replace(question, text=text))
    today = datetime.datetime.now(datetime.UTC).date()
    country = "".join(c for c in question.country if c.isprintable()) if question.country else None
    return replace(question, as_of=question.as_of or today, country=country)


def asked_json(question: Question, follow_up: FollowUp | None) -> Json:
    """A question as it is kept; of the article that it follows, only what is taken over."""
    return {
        "question": question.text,
        "audience": question.audience.value,
        "country": question.country,
        "as_of": question.as_of.isoformat() if question.as_of else None,
        "follow_up": {**asdict(follow_up), "question": ""} if follow_up else None,
    }


def asked_of(asked: Mapping[str, Any]) -> tuple[Question, FollowUp | None]:
    """A question as it was kept."""
    question = Question(
        asked["question"],
        Audience(asked["audience"]),
        asked["country"],
        datetime.date.fromisoformat(asked["as_of"]),
    )
    kept = asked["follow_up"]
    if kept is None:
        return question, None
    slots = {name: tuple(kept[name]) for name in ("plan_topics", "plan_population", "plan_interventions")}
    intent = Intent(kept["plan_intent"]) if kept["plan_intent"] else None
    return question, FollowUp(kept["article_id"], "", **slots, plan_intent=intent)


def recorded(outcome: Outcome, asked: Json, basis: Json, lexicon: Lexicon, article: Json) -> Json:
    """Every stage of an answer.

    Args:
        asked: the question, as ``asked_json`` gives it.
        basis: what the answer rests on beside the library (see ``wiring.basis``).
        article: the answer as the contract has it.
    """
    trace, items = outcome.trace, examined(outcome)
    sources = {c.source.id: c.source.version for c in trace.candidates}
    made = {
        "asked": asked,
        "basis": {**basis, "generations": outcome.generations, "sources": dict(sorted(sources.items()))},
        "plan": _plan(trace.plan),
        "queries": _queries(trace, lexicon),
        "found": [_found(item) for item in items],
        "gates": [_gates(item) for item in items],
        "evidence": [_evidence(item) for item in items if item.evidence],
        "claims": _claims(outcome),
        "article": article,
    }
    whole: Json = json.loads(json.dumps(made))  # as it will be read: lists, not tuples
    return whole


def _plan(plan: Plan | None) -> Json | None:
    if plan is None:
        return None
    return {name: value for name, value in asdict(plan).items() if name != "question"}


def _queries(trace: Trace, lexicon: Lexicon) -> list[Json]:
    """What the index was asked: for the plan as it was before it was narrowed."""
    return [asdict(q) for q in queries_of(trace.searched_for, lexicon)] if trace.searched_for else []


def _found(item: Examined) -> Json:
    candidate = item.candidate
    return {
        "sentence": candidate.sentence.id,
        "sha256": candidate.sentence.sha256,
        "rank": candidate.rank,
        "score": candidate.score,
        "by_text": asdict(candidate.by_text) if candidate.by_text else None,
        "by_meaning": asdict(candidate.by_meaning) if candidate.by_meaning else None,
        "by_pieces": asdict(candidate.by_pieces) if candidate.by_pieces else None,
    }


def _gates(item: Examined) -> Json:
    return {
        "sentence": item.candidate.sentence.id,
        "rulings": [
            {
                "gate": gate,
                "passed": ruling.verdict is None,
                "reason": ruling.verdict[0].value if ruling.verdict else None,
                "detail": ruling.verdict[1] if ruling.verdict else None,
                "measured": [_measured(m) for m in ruling.measured],
            }
            for gate, ruling in item.rulings
        ],
        "then": [_measured(m) for m in item.measured],
        "features": item.features,
        "stopped_by": item.stopped_by,
        "places": list(item.places),
        "why": item.why,
    }


def _measured(measured: Measured) -> Json:
    return measured._asdict()


def _evidence(item: Examined) -> Json:
    evidence = item.evidence
    assert evidence is not None  # noqa: S101 - whoever asks has seen it
    return {
        "sentence": evidence.sentence.id,
        "score": evidence.score,
        "parts": dict(evidence.parts),
        "odds": evidence.pertinence,
        "traits": asdict(evidence.traits) if evidence.traits else None,
        "may_lead": evidence.may_lead,
        "notes": list(evidence.notes),
        "unmet": list(evidence.unmet),
    }


def _claims(outcome: Outcome) -> list[Json]:
    """What is claimed, with every sentence that it rests on, where it stands, and why it is there."""
    places, unfound = places_of(outcome), brought(outcome)
    return [
        {
            "id": claim.id,
            "sentences": [{"id": s.id, "sha256": s.sha256} for _, s in claim.claim.cited],
            "places": list(places[claim.claim.sentence.id]),
            "brought": unfound.get(claim.claim.sentence.id),
        }
        for claim in getattr(outcome.result, "claims", ())
    ]
