"""A language model's service that is slow, wrong, broken or hostile: a whole reply or an error in time, never a part."""

from __future__ import annotations

import json
import logging
import re
import threading
import time
import traceback
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.fault_server import GOOD, KEY, NAME, PROTOCOLS, SAID, SCHEMA, service_of

from consilium.adapters.models.endpoint import Endpoint
from consilium.adapters.models.service import Mode, ModelService, Speaks
from consilium.errors import Cancelled, ModelError, ModelOutput, ModelRefused, ModelTimeout
from consilium.ports import ModelReply, ModelRequest

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]
PAGE = Path(__file__).resolve().parents[2] / "docs/reference/model-faults.md"
REQUEST = ModelRequest("write", "write/1", "Write.", '{"question": "croup"}', SCHEMA, 200)
HTML = b"<!doctype html><title>Sign in</title>"
UNKNOWN = json.dumps({"claims": [{"text": "It helps.", "ids": ["asthma#9"]}]})
SPEAKS = {"openai": Speaks.COMPATIBLE, "anthropic": Speaks.ANTHROPIC}


def endpoint(protocol, server, mode=Mode.JSON_SCHEMA, *, read=0.4, request=0.8):
    service = ModelService(SPEAKS[protocol], server.url, NAME, None, KEY, 0, read, request)
    return Endpoint(service, {NAME: mode} if mode else None)


class Scenario(NamedTuple):
    """What a service does, and what comes of it: a reply or an error, after so many requests and seconds."""

    does: str
    script: object
    comes: type
    requests: int
    when: str
    after: float
    seconds: float = 5.0
    mode: Mode | None = Mode.JSON_SCHEMA
    read: float = 0.4


def _once(fault):
    """A fault at the first request only."""
    return lambda talk: fault(talk) if talk.turn == 1 else talk.say()


AT_ONCE = 0.0
SLACK = 2.0  # of a busy machine; what must be quick to the tenth is marked `alone`
SCENARIOS = [
    Scenario("replies", lambda t: t.say(), ModelReply, 1, "at once", AT_ONCE),
    Scenario("replies without counting tokens", lambda t: t.say(usage=False), ModelReply, 1, "at once", AT_ONCE),
    Scenario("malformed JSON", lambda t: t.say(SAID[:-1] + ",}"), ModelOutput, 1, "at once", AT_ONCE),
    Scenario("an id that it was not given", lambda t: t.say(UNKNOWN), ModelOutput, 1, "at once", AT_ONCE),
    Scenario("another schema", lambda t: t.say('{"claim": 1}'), ModelOutput, 1, "at once", AT_ONCE),
    Scenario("429, Retry-After: 2", _once(lambda t: t.answer(429, "rate_limit_error", [("Retry-After", "2")])),
             ModelReply, 2, "after the 2 seconds asked for", 2.0),
    Scenario("429, Retry-After: 900", lambda t: t.answer(429, "rate_limit_error", [("Retry-After", "900")]),
             ModelRefused, 1, "at once", AT_ONCE),
    Scenario("429 for ever, without Retry-After", lambda t: t.answer(429, "rate_limit_error"),
             ModelRefused, 2, "after half a second", 0.5),
    Scenario("500 once", _once(lambda t: t.answer(500)), ModelReply, 2, "after half a second", 0.5),
    Scenario("500 for ever", lambda t: t.answer(500), ModelError, 2, "after half a second", 0.5),
    Scenario("an error in the middle of the reply", lambda t: t.fail_within(), ModelError, 2,
             "after half a second", 0.5),
    Scenario("401: a wrong key", lambda t: t.answer(401, "authentication_error"), ModelRefused, 1, "at once", AT_ONCE),
    Scenario("404: no such model", lambda t: t.answer(404, "not_found_error"), ModelRefused, 1, "at once", AT_ONCE),
    Scenario("402: no money left", lambda t: t.answer(402, "billing_error"), ModelRefused, 1, "at once", AT_ONCE),
    Scenario("a redirect", lambda t: t.raw(302, b"", "text/plain", [("Location", "/elsewhere")]),
             ModelError, 1, "at once", AT_ONCE),
    Scenario("says nothing", lambda t: t.stall(), ModelTimeout, 1, "after the read timeout", 0.4),
    Scenario("stops in the middle", lambda t: (t.half(), t.stall()), ModelTimeout, 1,
             "after the read timeout", 0.4),
    Scenario("keeps the connection alive for ever", lambda t: t.trickle(), ModelTimeout, 1,
             "after the request timeout", 0.8),
    Scenario("replies so slowly that the time of the question is over", lambda t: t.say(every=0.2, piece=1),
             ModelTimeout, 1, "when that time is over", 0.5, 0.5),
    Scenario("connection cut once", _once(lambda t: (t.half(), t.cut())), ModelReply, 2,
             "after half a second", 0.5),
    Scenario("connection cut for ever", lambda t: t.cut(), ModelError, 2, "after half a second", 0.5),
    Scenario("ends cleanly with half the JSON", lambda t: t.say(SAID[:40], finish=None), ModelOutput, 1,
             "at once", AT_ONCE),
    Scenario("the limit of tokens", lambda t: t.say(SAID[:40], finish="length"), ModelOutput, 1, "at once", AT_ONCE),
    Scenario("no finish reason, though the JSON is whole", lambda t: t.say(finish=None), ModelOutput, 1,
             "at once", AT_ONCE),
    Scenario("JSON in a fence, where only words asked for it", lambda t: t.say(f"```json\n{SAID}\n```"),
             ModelReply, 1, "at once", AT_ONCE, mode=Mode.PROMPTED),
    Scenario("JSON in a fence, where the service was to keep to a schema", lambda t: t.say(f"```json\n{SAID}\n```"),
             ModelOutput, 1, "at once", AT_ONCE),
    Scenario("words instead of the call of a tool", lambda t: t.say(mode="prompted"), ModelOutput, 1,
             "at once", AT_ONCE, mode=Mode.TOOL),
    Scenario("HTML with status 200", lambda t: t.raw(200, HTML, "text/html"), ModelOutput, 1, "at once", AT_ONCE),
    Scenario("a stream of events that are no JSON",
             lambda t: t.raw(200, b"event: message_start\ndata: {no\n\n", "text/event-stream"),
             ModelOutput, 1, "at once", AT_ONCE),
    Scenario("refuses", lambda t: t.say("", finish="refused", refusal="I cannot help with that."), ModelRefused, 1,
             "at once", AT_ONCE),
    Scenario("goes on past the limit of tokens", lambda t: t.say("x" * 200_000, piece=500, every=0.01), ModelOutput, 1,
             "at once", AT_ONCE),
    Scenario("shows the key in its reply", lambda t: t.say(SAID.replace("Dexamethasone", KEY)), ModelOutput, 1,
             "at once", AT_ONCE),
    Scenario("400 to this one JSON schema, though a probe went well",
             lambda t: t.answer(400, "invalid_request_error") if t.mode == "json_schema" else t.say(),
             ModelReply, 2, "at once", AT_ONCE),
    Scenario("400 whatever it is asked", lambda t: t.answer(400, "invalid_request_error"), ModelRefused, 3,
             "at once", AT_ONCE),
    Scenario("not known: 500 to a JSON schema", lambda t: t.answer(500) if t.mode == "json_schema" else t.say(),
             ModelReply, 3, "after half a second", 0.5, mode=None),
    Scenario("not known: 500 to a JSON schema and to tools",
             lambda t: t.say() if t.mode == "prompted" else t.answer(500),
             ModelReply, 4, "after half a second", 0.5, mode=None),
    Scenario("not known: 400 to a JSON schema and to tools",
             lambda t: t.say() if t.mode == "prompted" else t.answer(400, "invalid_request_error"),
             ModelReply, 3, "at once", AT_ONCE, mode=None),
    Scenario("not known: takes no notice of schema and tools, and puts JSON in a fence",
             lambda t: t.say(f"```json\n{SAID}\n```", mode="prompted"), ModelReply, 3, "at once", AT_ONCE, mode=None),
    Scenario("not known: wrong whatever it is asked", lambda t: t.say(UNKNOWN), ModelOutput, 3, "at once", AT_ONCE,
             mode=None),
]  # fmt: skip


def _outcome(protocol, scenario):
    with service_of(protocol, scenario.script) as server:
        model = endpoint(protocol, server, scenario.mode, read=scenario.read)
        begun = time.monotonic()
        try:
            outcome = model.reply(REQUEST, seconds=scenario.seconds)
        except ModelError as fault:
            outcome = fault
        return outcome, time.monotonic() - begun, server


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.does)
def test_a_reply_is_whole_or_an_error_and_comes_in_time(protocol, scenario):
    outcome, took, server = _outcome(protocol, scenario)
    assert type(outcome) is scenario.comes, outcome
    assert len(server.asked) == scenario.requests
    assert scenario.after <= took <= scenario.after + SLACK
    if isinstance(outcome, ModelReply):
        assert outcome.value == GOOD
    assert set(server.keys) <= {KEY, f"Bearer {KEY}"}
    assert KEY not in f"{outcome!r} {outcome}"


def _table():
    heads = "| what the service does | what a stage gets | what the reader gets | requests | when |"
    lines = [heads, "|---|---|---|---|---|"]
    for scenario in SCENARIOS:
        comes = "a reply" if scenario.comes is ModelReply else f"`{scenario.comes.__name__}`"
        reads = "worded by the model" if scenario.comes is ModelReply else "whole sentences, and why"
        lines.append(f"| {scenario.does} | {comes} | {reads} | {scenario.requests} | {scenario.when} |")
    return "\n".join(lines)


def test_the_page_of_faults_holds_every_scenario():
    assert _table() in PAGE.read_text("utf-8"), _table()


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_nobody_there_is_an_error_at_once(protocol):
    with service_of(protocol, lambda talk: talk.say()) as server:
        gone = endpoint(protocol, server)
    begun = time.monotonic()
    with pytest.raises(ModelError, match="The connection to sim-1 at this machine failed"):
        gone.reply(REQUEST, seconds=5)
    assert time.monotonic() - begun < 2


@pytest.mark.alone
@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("does", ["stall", "trickle"])
def test_a_cancellation_is_noticed_within_a_tenth_of_a_second(protocol, does):
    asked = threading.Event()

    def script(talk):
        asked.set()
        getattr(talk, does)()

    cancelled_at = []

    def cancelled():
        if asked.wait(0) and not cancelled_at:
            cancelled_at.append(time.monotonic())
        return bool(cancelled_at)

    with service_of(protocol, script) as server:
        with pytest.raises(Cancelled):
            endpoint(protocol, server, read=20, request=20).reply(REQUEST, seconds=20, cancelled=cancelled)
        assert time.monotonic() - cancelled_at[0] < 0.1


def test_what_is_cancelled_does_not_go_on_unseen():
    def at_work():
        return [thread for thread in threading.enumerate() if thread.name == "consilium-model"]

    with service_of("openai", lambda talk: talk.trickle()) as server:
        with pytest.raises(Cancelled):
            endpoint("openai", server, read=20, request=20).reply(
                REQUEST, seconds=20, cancelled=lambda: bool(server.asked)
            )
        until = time.monotonic() + 5
        while at_work() and time.monotonic() < until:
            time.sleep(0.01)
        assert at_work() == []


def test_a_wait_for_another_try_can_be_cancelled():
    begun = time.monotonic()
    script = _once(lambda t: t.answer(429, "rate_limit_error", [("Retry-After", "3")]))
    with service_of("openai", script) as server:
        with pytest.raises(Cancelled):
            endpoint("openai", server).reply(
                REQUEST, seconds=9, cancelled=lambda: bool(server.asked) and time.monotonic() > begun + 1
            )
        assert time.monotonic() - begun < 1.3


def test_what_is_cancelled_before_it_begins_is_never_sent():
    with service_of("openai", lambda talk: talk.say()) as server:
        with pytest.raises(Cancelled):
            endpoint("openai", server).reply(REQUEST, seconds=5, cancelled=lambda: True)
        assert server.asked == []


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_way_to_ask_that_was_found_is_asked_first_the_next_time(protocol):
    script = next(s.script for s in SCENARIOS if s.does.startswith("not known: 400"))
    with service_of(protocol, script) as server:
        model = endpoint(protocol, server, None)
        model.reply(REQUEST, seconds=5)
        assert model.modes == {NAME: Mode.PROMPTED}
        model.reply(REQUEST, seconds=5)
        assert len(server.asked) == 4


def test_a_way_to_ask_that_brought_no_reply_is_not_taken_for_found():
    with service_of("openai", lambda talk: talk.say(SAID[:40], finish="length")) as server:
        model = endpoint("openai", server, None)
        with pytest.raises(ModelOutput, match="limit of tokens"):
            model.reply(REQUEST, seconds=5)
        assert model.modes == {}


def test_a_model_that_thinks_first_is_given_room_for_it():
    with service_of("openai", lambda talk: talk.say()) as server:
        service = ModelService(Speaks.COMPATIBLE, server.url, NAME, thinking=2_000)
        Endpoint(service, {NAME: Mode.TOOL}).reply(REQUEST, seconds=5)
        assert server.asked[0]["max_tokens"] == 2_200


def test_a_server_that_only_knows_the_older_limit_is_given_that():
    with service_of("openai", lambda talk: talk.say()) as server:
        endpoint("openai", server).reply(REQUEST, seconds=5)
        assert server.asked[0]["max_tokens"] == 200
        assert "max_completion_tokens" not in server.asked[0]


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("mode", Mode)
def test_each_protocol_asks_in_each_way_for_the_shape(protocol, mode):
    with service_of(protocol, lambda talk: talk.say()) as server:
        assert endpoint(protocol, server, mode).reply(REQUEST, seconds=5).value == GOOD
        assert PROTOCOLS[protocol].mode(server.asked[0]) == mode.value


def test_the_small_model_is_asked_to_select_and_to_verify_only():
    with service_of("openai", lambda talk: talk.say()) as server:
        service = ModelService(Speaks.COMPATIBLE, server.url, "large", "small")
        model = Endpoint(service, dict.fromkeys(("large", "small"), Mode.JSON_SCHEMA))
        for stage in ("select", "write", "verify"):
            model.reply(ModelRequest(stage, "p/1", "Do.", "{}", SCHEMA, 200), seconds=5)
        assert [body["model"] for body in server.asked] == ["small", "large", "small"]


def test_a_redirect_is_not_followed_so_that_nobody_else_gets_the_key():
    with service_of("openai", lambda talk: talk.say()) as other:
        there = f"{other.url}/chat/completions"
        script = lambda talk: talk.raw(307, b"", "text/plain", [("Location", there)])  # noqa: E731
        with service_of("openai", script) as server, pytest.raises(ModelError):
            endpoint("openai", server).reply(REQUEST, seconds=5)
        assert other.asked == []


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("status", [200, 400, 401, 429, 500])
def test_a_key_is_in_no_log_error_or_trace_even_where_the_service_tells_it(protocol, status, caplog):
    caplog.set_level(logging.DEBUG)

    def script(talk):
        if status == 200:
            talk.say()
        else:
            talk.answer(status, f"bad_{KEY}", [("X-Echo", KEY)], message=f"wrong key: {KEY}")

    told = ""
    with service_of(protocol, script) as server:
        model = endpoint(protocol, server)
        try:
            told = repr(model.reply(REQUEST, seconds=2))
        except ModelError as fault:
            told = "".join(traceback.format_exception(fault))
        told += repr(model) + repr(model._service)
    assert server.keys
    assert KEY not in told
    assert not [record for record in caplog.records if KEY in record.getMessage()]


def test_a_key_for_openai_is_not_taken_from_the_environment(monkeypatch):
    for name in (
        "OPENAI_API_KEY",
        "OPENAI_ORG_ID",
        "OPENAI_PROJECT_ID",
        "ANTHROPIC_API_KEY",
        "ANTHROPIC_AUTH_TOKEN",
    ):
        monkeypatch.setenv(name, f"{KEY}-of-another")
    heads = []
    for protocol in PROTOCOLS:
        with service_of(protocol, lambda talk: (heads.append(str(talk.headers)), talk.say())) as server:
            service = ModelService(SPEAKS[protocol], server.url, NAME)
            Endpoint(service, {NAME: Mode.TOOL}).reply(REQUEST, seconds=5)
    assert len(heads) == 2
    assert not re.search(KEY, "".join(heads))


def test_many_requests_at_once_do_not_disturb_each_other():
    replies = []
    with service_of("openai", lambda talk: talk.say(every=0.01)) as server:
        model = endpoint("openai", server, read=5, request=5)
        threads = [
            threading.Thread(target=lambda: replies.append(model.reply(REQUEST, seconds=5).value))
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert replies == [GOOD] * 8


@pytest.mark.parametrize(
    "speaks,protocol,name,known",
    [
        (Speaks.OPENAI, "openai", "gpt-4o", True),
        (Speaks.ANTHROPIC, "anthropic", "claude-sonnet-5", True),
        (Speaks.OPENAI, "openai", "sim-1", False),
        (Speaks.COMPATIBLE, "openai", "gpt-4o", False),
    ],
)
def test_a_reply_has_a_price_where_prices_are_known_and_nothing_is_fetched_for_it(
    speaks, protocol, name, known
):
    with service_of(protocol, lambda talk: talk.say()) as server:
        service = ModelService(speaks, server.url, name, None, KEY)
        reply = Endpoint(service, {name: Mode.TOOL}).reply(REQUEST, seconds=5)
    assert (reply.tokens_in, reply.tokens_out) == (90, 21)
    assert (reply.cost is not None and 0 < reply.cost < 0.01) is known


def test_a_service_elsewhere_is_named_as_where_requests_go():
    assert Endpoint(ModelService(Speaks.OPENAI, "https://m.example/v1", NAME)).sent_to == "m.example"
