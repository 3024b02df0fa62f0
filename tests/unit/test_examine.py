"""What is told of a decision is what was decided by."""

from __future__ import annotations

import math

import pytest
from tests.embedding import everything
from tests.fakes import FakeIndex

from consilium.adapters.index.hybrid import Hybrid
from consilium.adapters.renderings.explanation import WIDTH, explanation
from consilium.api import outcome_of
from consilium.domain.evidence import Annotation, Reason, SourceKind
from consilium.domain.measure import Place
from consilium.domain.question import Question
from consilium.evaluation.coverage import topics
from consilium.pipeline import appraise, choosing, gates, pertinence
from consilium.pipeline.examine import brought, examined, places_of
from consilium.ports import ConceptGroup, Query

QUESTION = "umn signs back pain"
MANY = [topic.text for topic in topics()][::45]


@pytest.fixture(scope="module")
def outcome(world):
    return outcome_of(Question(QUESTION), world)


@pytest.fixture(scope="module")
def items(outcome):
    return examined(outcome)


def _named(world, question=QUESTION):
    return {i.candidate.sentence.id: i for i in examined(outcome_of(Question(question), world))}


def _numbers(item):
    return {m.name: m for _, ruling in item.rulings for m in ruling.measured}


@pytest.mark.parametrize("question", MANY)
def test_whatever_was_found_is_told_once_and_either_cited_or_turned_away_for_a_reason(world, question):
    outcome = outcome_of(Question(question), world)
    items = examined(outcome)
    assert [i.candidate for i in items] == list(outcome.trace.candidates)
    assert all(bool(i.places) != bool(i.rejection) for i in items)
    assert all(i.why for i in items)
    assert {i.candidate.sentence.id for i in items if i.places} | set(brought(outcome)) == set(
        places_of(outcome)
    )


@pytest.mark.parametrize("question", MANY)
def test_the_first_gate_that_closes_is_the_one_that_turned_away(world, question):
    for item in examined(outcome_of(Question(question), world)):
        closing = [(gate, r) for gate, r in item.rulings if r.verdict]
        if closing and item.rejection:
            gate, ruling = closing[0]
            told = item.rejection
            assert (told.by, told.reason, told.detail) == (gate, *ruling.verdict)
            assert told.measured == ruling.measured


@pytest.mark.parametrize("question", MANY)
def test_a_rule_is_passed_where_one_of_its_measures_is(world, question):
    for item in examined(outcome_of(Question(question), world)):
        for _, ruling in item.rulings:
            assert (ruling.verdict is None) == any(m.passed for m in ruling.measured)


def test_lowering_a_floor_of_a_gate_changes_the_decision_and_what_is_told_of_it(world, monkeypatch):
    question, stopped = next(
        (question, item)
        for question in MANY
        for item in _named(world, question).values()
        if item.rejection and (item.rejection.by, item.rejection.reason) == ("topic", Reason.BELOW_FLOOR)
    )
    assert not _numbers(stopped)["share"].passed
    for floor in ("HEADLESS_FLOOR", "COVERAGE_FLOOR", "KIN_FLOOR"):
        monkeypatch.setattr(gates, floor, stopped.coverage.share)
    after = _named(world, question)[stopped.candidate.sentence.id]
    assert _numbers(after)["share"].passed
    assert _numbers(after)["share"].floor == stopped.coverage.share
    assert after.closed != "topic"
    assert after.stopped_by != "topic"


def test_raising_a_floor_of_a_gate_turns_away_and_says_so(world, monkeypatch):
    name, item = next((n, i) for n, i in _named(world).items() if i.places and i.evidence and not i.closed)
    for floor in ("HEADLESS_FLOOR", "COVERAGE_FLOOR", "KIN_FLOOR", "CORE_FLOOR", "TOPIC_FLOOR"):
        monkeypatch.setattr(gates, floor, 1.1)
    after = _named(world)[name]
    assert item.closed is None
    assert after.closed == "topic"
    assert [m.floor for m in _numbers(after).values() if m.sign == "≥"] == [1.1] * 3


def test_the_floor_of_pertinence_that_is_told_is_the_one_that_decides(world, items, monkeypatch):
    left = next(i for i in items if i.stopped_by == "pertinence")
    told = next(m for m in left.measured if m.name == "odds")
    assert not told.passed
    assert told.value < told.floor
    monkeypatch.setattr(choosing, "PERTINENT", 0.0)
    monkeypatch.setattr(choosing, "LESS_PERTINENT", 0.0)
    after = _named(world)[left.candidate.sentence.id]
    assert next(m for m in after.measured if m.name == "odds").passed
    assert after.stopped_by != "pertinence"


def test_the_budget_that_is_told_is_the_one_that_decides(world, items, monkeypatch):
    left = next(i for i in items if i.stopped_by == "budget")
    assert any(not m.passed for m in left.measured if m.sign == "≤")
    monkeypatch.setattr(choosing, "_ROOM", {True: 999, False: 999})
    monkeypatch.setattr(choosing, "PER_SOURCE", 999)
    monkeypatch.setattr(choosing, "PER_SOURCE_ALONE", 999)
    assert "budget" not in {i.stopped_by for i in _named(world).values()}


def test_a_score_is_the_sum_of_its_parts(items):
    scored = [i.evidence for i in items if i.evidence]
    assert scored
    assert all(abs(sum(p for _, p in e.parts) - e.score) < 0.001 for e in scored)


def test_the_odds_are_told_by_what_each_trait_adds(items):
    weighed = [i.evidence for i in items if i.evidence and i.evidence.traits]
    assert weighed
    for item in weighed:
        told = math.exp(pertinence.INTERCEPT + sum(pertinence.pulls(item.traits).values()))
        assert round(told, 4) == item.pertinence


def test_advice_and_studies_are_ranked_apart_from_one(items):
    for studies in (True, False):
        ranks = [i.candidate.rank for i in items if (i.candidate.source.kind is SourceKind.STUDY) is studies]
        assert ranks == list(range(1, len(ranks) + 1))


def test_a_hit_says_where_text_and_meaning_put_it():
    rows = [
        (source, sentence, Annotation(frozenset({"croup"} if number else ()), frozenset(), (), frozenset()))
        for number, (source, (sentence,)) in enumerate(everything(3))
    ]

    class Near:
        def depth(self, limit):
            return limit

        def similar(self, query, found):
            return {"s00000#1": 0.9, "s00001#1": 0.3}

        def met(self, query, sentences):
            return {"s00001#1": 0.7}

        def outdated(self, sentences):
            return ()

    index = Hybrid(FakeIndex(rows, {"croup": frozenset()}), Near())
    query = Query((ConceptGroup((("croup", 1.0),)),), (), tuple(SourceKind), 10, "croup?")
    hits = {hit.sentence: (hit.by_text, hit.by_meaning, hit.by_pieces) for hit in index.search(query)}
    assert hits == {
        "s00000#1": (None, Place(1, 0.9), None),
        "s00001#1": (Place(1, 1.0), Place(2, 0.3), Place(1, 0.7)),
        "s00002#1": (Place(2, 1.0), None, None),
    }


def test_a_statement_that_a_safety_rule_wants_is_told_so(outcome):
    assert "a safety rule wants it shown" in {*brought(outcome).values(), *(i.why for i in examined(outcome))}


def test_an_emergency_that_replaces_the_answer_was_not_searched_for(world):
    from consilium.domain.question import Audience

    text = "I have crushing chest pain and can't breathe, what should I do?"
    assert examined(outcome_of(Question(text, Audience.PATIENT), world)) == ()


@pytest.mark.parametrize("question", [QUESTION, "Amoxicillin dose for otitis media in a 3 year old", "croup"])
def test_the_text_names_every_statement_within_its_width(world, question):
    outcome = outcome_of(Question(question), world)
    told = explanation(examined(outcome), brought(outcome))
    assert max(map(len, told.splitlines())) <= WIDTH
    assert all(f"  {c.sentence.id}  " in told for c in outcome.trace.candidates)


def test_what_is_told_of_a_statement_that_was_stopped_names_number_and_floor(world, items):
    stopped = next(i for i in items if i.closed == "topic" and not _numbers(i)["share"].passed)
    told = explanation([stopped], {})
    share = _numbers(stopped)["share"]
    assert f"share {share.value:.2f} < {share.floor:.2f}" in " ".join(told.split())
    assert "stopped by TOPIC" in told


def test_the_weights_of_a_score_are_those_of_the_stage(items):
    best = next(i.evidence for i in items if i.evidence and dict(i.evidence.parts).get("coverage"))
    assert dict(best.parts)["coverage"] == round(appraise.W_COVERAGE * best.coverage, 4)
