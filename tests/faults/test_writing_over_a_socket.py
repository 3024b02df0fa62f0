"""A service that fails in the middle of an answer: what the reader gets is whole, in time, and says so."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest
from tests.editors import HONEST, unmarked
from tests.fault_server import PROTOCOLS, service_of
from tests.faults.test_model_service import HTML, endpoint

from consilium.adapters.contract.check import check
from consilium.api import encoded, outcome_of
from consilium.domain.question import Question
from consilium.pipeline.budget import Allowance
from consilium.pipeline.writing.desk import Writer

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]
QUESTION, SECONDS, SLACK = "How is an acute gout flare treated?", 6.0, 4.0
FAULTS = {
    "500 for ever": lambda t: t.answer(500),
    "a wrong key": lambda t: t.answer(401, "authentication_error"),
    "says nothing": lambda t: t.stall(),
    "keeps the connection alive for ever": lambda t: t.trickle(),
    "connection cut": lambda t: t.cut(),
    "half the JSON": lambda t: t.say('{"passages": [{"id"', finish=None),
    "the limit of tokens": lambda t: t.say('{"passages": []}', finish="length"),
    "HTML with status 200": lambda t: t.raw(200, HTML, "text/html"),
    "refuses": lambda t: t.say("", finish="refused", refusal="I cannot help with that."),
    "an id that it was not given": lambda t: t.say('{"passages": [{"id": "s99", "anchor": "a", "relation": "answers", "stance": "none"}]}'),
}  # fmt: skip


def _texts(body):
    """Every text of a request, however the protocol nests it."""
    if isinstance(body, str):
        yield body
    elif isinstance(body, dict):
        for value in body.values():
            yield from _texts(value)
    elif isinstance(body, list):
        for value in body:
            yield from _texts(value)


def _material(body):
    return next(text for text in _texts(body) if text.startswith('{"datamark"'))


def _honest(talk):
    """An honest reply to whichever stage it is that asks."""
    material = unmarked(_material(talk.body))
    stage = next(s for s in ("passages", "sentences", "claim") if s in material)
    stage = "verify" if "claim" in material else {"passages": "select", "sentences": "write"}[stage]
    talk.say(json.dumps(HONEST[stage](material, None)))


def _answered(world, protocol, script, seconds=SECONDS):
    with service_of(protocol, script) as server:
        writer = Writer(endpoint(protocol, server), "sim", allowance=Allowance(seconds=seconds))
        begun = time.monotonic()
        outcome = outcome_of(Question(QUESTION), replace(world, writer=writer))
        return outcome, time.monotonic() - begun


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_over_a_service_that_works_the_article_is_in_its_words(protocol, world):
    outcome, _ = _answered(world, protocol, _honest, seconds=60)
    assert check(encoded(outcome, world), world.lexicon) == []
    assert outcome.trace.writing.used
    assert outcome.trace.writing.fallbacks == ()


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("does", sorted(FAULTS))
def test_whatever_the_service_does_the_composers_article_comes_whole_and_in_time(does, protocol, world):
    outcome, took = _answered(world, protocol, FAULTS[does])
    answer = encoded(outcome, world)
    assert outcome.result == outcome_of(Question(QUESTION), world).result
    assert check(answer, world.lexicon) == []
    assert {f["stage"] for f in answer["run"]["fallbacks"]} >= {"write"}
    assert took <= SECONDS + SLACK


@pytest.mark.parametrize("turn", [1, 2, 3, 5])
def test_a_service_that_goes_away_after_some_replies_leaves_a_whole_article(turn, world):
    def script(talk):
        _honest(talk) if talk.turn < turn else talk.answer(401, "authentication_error")

    outcome, _ = _answered(world, "openai", script, seconds=60)
    answer = encoded(outcome, world)
    assert check(answer, world.lexicon) == []
    assert answer["run"]["fallbacks"]
