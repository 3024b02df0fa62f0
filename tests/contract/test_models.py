"""One suite for whatever replies as a language model: a service by each protocol, a recording of one, and the fake."""

from __future__ import annotations

import json
import threading
import time

import pytest
from tests.fakes import FunctionModel
from tests.fault_server import GOOD, NAME, SAID, SCHEMA, service_of

from consilium.adapters.models.cassettes import authored
from consilium.adapters.models.endpoint import Endpoint
from consilium.adapters.models.replayed import Recorder, Replayed
from consilium.adapters.models.service import Mode, ModelService, Speaks
from consilium.errors import Cancelled, ModelError, ModelOutput, ModelTimeout
from consilium.ports import Model, ModelReply, ModelRequest

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]
REQUEST = ModelRequest("write", "write/1", "Write.", '{"question": "croup"}', SCHEMA, 200)
SPEAKS = {"openai": Speaks.COMPATIBLE, "anthropic": Speaks.ANTHROPIC}
WRONG = json.dumps({"claims": [{"text": "It helps.", "ids": ["asthma#9"]}]})


@pytest.fixture(params=["openai", "anthropic", "recorder", "replayed", "function"])
def model_saying(request):
    """Makes a model that says a text."""
    servers = []

    def made(text) -> Model:
        if request.param == "function":
            return FunctionModel(lambda _: text)
        if request.param == "replayed":
            return Replayed([authored(REQUEST, text, "2026-11-30")])
        protocol = "openai" if request.param == "recorder" else request.param
        serving = service_of(protocol, lambda talk: talk.say(text))
        server = serving.__enter__()
        servers.append(serving)
        endpoint = Endpoint(ModelService(SPEAKS[protocol], server.url, NAME), {NAME: Mode.JSON_SCHEMA})
        return Recorder(endpoint) if request.param == "recorder" else endpoint

    yield made
    for serving in servers:
        serving.__exit__(None, None, None)


def test_it_is_a_model(model_saying):
    assert isinstance(model_saying(SAID), Model)


def test_what_stays_on_this_machine_is_sent_nowhere(model_saying):
    assert model_saying(SAID).sent_to is None


def test_a_reply_is_whole_and_names_who_replied(model_saying):
    reply = model_saying(SAID).reply(REQUEST, seconds=5)
    assert isinstance(reply, ModelReply)
    assert reply.value == GOOD
    assert reply.model
    assert 0 <= reply.seconds < 5


def test_tokens_are_counted_or_not_known_and_never_guessed(model_saying):
    reply = model_saying(SAID).reply(REQUEST, seconds=5)
    assert (reply.tokens_in, reply.tokens_out) in {(90, 21), (None, None)}
    assert reply.cost is None


@pytest.mark.parametrize(
    "text", [SAID[:-1], "", "No.", WRONG, "[]", '{"claims": NaN}', '{"claims": ["\\ud800"]}']
)
def test_what_breaks_the_shape_is_an_error(model_saying, text):
    with pytest.raises(ModelOutput):
        model_saying(text).reply(REQUEST, seconds=5)


def test_an_error_does_not_show_what_was_said(model_saying):
    with pytest.raises(ModelOutput) as caught:
        model_saying(WRONG).reply(REQUEST, seconds=5)
    assert "asthma" not in str(caught.value)
    assert isinstance(caught.value, ModelError)


def test_what_is_cancelled_is_not_asked(model_saying):
    with pytest.raises(Cancelled):
        model_saying(SAID).reply(REQUEST, seconds=5, cancelled=lambda: True)


def test_without_time_there_is_no_reply(model_saying):
    with pytest.raises(ModelTimeout):
        model_saying(SAID).reply(REQUEST, seconds=0)


def test_the_same_request_may_be_made_again_and_from_several_threads(model_saying):
    model, values = model_saying(SAID), []
    threads = [
        threading.Thread(target=lambda: values.append(model.reply(REQUEST, seconds=9).value))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert values == [GOOD] * 4


def test_a_function_that_takes_too_long_does_not_reply():
    begun = time.monotonic()
    with pytest.raises(ModelTimeout):
        FunctionModel(lambda _: SAID, takes=5).reply(REQUEST, seconds=0.1)
    assert time.monotonic() - begun < 1
