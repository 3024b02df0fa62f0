"""Whatever the service of a language model does, and at whichever stage: a whole article in time, and why it is so."""

from __future__ import annotations

import datetime
import time
from dataclasses import replace

import pytest
from tests.editing_server import edit, failing_at
from tests.fault_server import NAME, PROTOCOLS, SAID, service_of
from tests.faults.test_model_service import SCENARIOS, SLACK, SPEAKS

from consilium.adapters.contract.check import check
from consilium.adapters.models.endpoint import Endpoint
from consilium.adapters.models.service import Mode, ModelService
from consilium.api import encoded, outcome_of
from consilium.domain.question import Audience, Question
from consilium.errors import ModelError
from consilium.pipeline.budget import Allowance
from consilium.pipeline.writing.desk import Writer

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]
QUESTION = Question(
    "How is an acute gout flare treated?", Audience.PATIENT, None, datetime.date(2026, 11, 30)
)
SECONDS = 12.0
FAILING = [scenario for scenario in SCENARIOS if issubclass(scenario.comes, ModelError)]
# One of each: it breaks off, says half of it, is cut off, says something else, refuses, says nothing.
FAULTS = {
    "cut": lambda t: (t.half(), t.cut()),
    "half": lambda t: t.say(SAID[:40], finish=None),
    "length": lambda t: t.say(SAID[:40], finish="length"),
    "another shape": lambda t: t.say('{"claim": 1}'),
    "refusal": lambda t: t.say("", finish="refused", refusal="No."),
    "silence": lambda t: t.stall(),
}


def _answered(world, protocol, script, mode=Mode.JSON_SCHEMA, *, seconds=SECONDS, patience=None):
    """What a reader gets, how long it took, and what the trace tells of the model."""
    with service_of(protocol, script) as server:
        clocks = {"read_seconds": patience or 0.8, "request_seconds": patience or 2.0}
        service = ModelService(SPEAKS[protocol], server.url, NAME, **clocks)
        model = Endpoint(service, {NAME: mode} if mode else None)
        writer = Writer(model, NAME, allowance=Allowance(500_000, None, seconds))
        begun = time.monotonic()
        outcome = outcome_of(QUESTION, replace(world, writer=writer))
        took = time.monotonic() - begun
    return encoded(outcome, world), took, outcome.trace.writing


def _said(article):
    return [claim["text"] for claim in article["content"]["claims"].values()]


@pytest.fixture(scope="module")
def plain(world):
    """The article that is composed of whole sentences."""
    return encoded(outcome_of(QUESTION, world), world)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_service_without_fault_words_the_article(world, plain, protocol):
    article, _, writing = _answered(world, protocol, edit)
    assert writing.used
    assert writing.fallbacks == ()
    assert _said(article) != _said(plain)
    assert check(article, world.lexicon) == []


@pytest.mark.parametrize("scenario", FAILING, ids=lambda scenario: scenario.does)
def test_a_service_that_fails_gives_the_article_of_whole_sentences_in_time_and_says_why(
    world, plain, scenario
):
    article, took, writing = _answered(world, "openai", scenario.script, scenario.mode)
    assert _said(article) == _said(plain)
    assert not writing.used
    assert writing.fallbacks
    assert all(fallback.why.endswith(".") for fallback in writing.fallbacks)
    assert took < SECONDS + SLACK
    assert check(article, world.lexicon) == []


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("stage", ["select", "write", "verify", "tailor"])
def test_a_fault_at_one_stage_leaves_a_whole_article_and_is_told(world, stage, fault):
    article, took, writing = _answered(world, "anthropic", failing_at(stage, FAULTS[fault]))
    assert article["kind"] == "article"
    assert {fallback.stage for fallback in writing.fallbacks} >= {stage}
    assert took < SECONDS + SLACK
    assert check(article, world.lexicon) == []


def test_a_budget_that_ends_in_the_middle_ends_the_models_part_and_not_the_article(world):
    script = failing_at("verify", lambda talk: talk.trickle())
    article, took, writing = _answered(world, "openai", script, seconds=2.0, patience=30)
    assert article["kind"] == "article"
    assert {fallback.stage for fallback in writing.fallbacks} >= {"verify"}
    assert took < 2.0 + SLACK
    assert check(article, world.lexicon) == []
