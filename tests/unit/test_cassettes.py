"""What a language model said is kept as it came, is played again as it was, and nothing else is ever asked."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace

import pytest
from tests.fault_server import GOOD, KEY, NAME, SAID, SCHEMA, service_of

from consilium.adapters.models import cassettes
from consilium.adapters.models.cassettes import Exchange, Provenance, authored
from consilium.adapters.models.endpoint import Endpoint
from consilium.adapters.models.heard import Chunk, Heard
from consilium.adapters.models.replayed import Recorder, Replayed
from consilium.adapters.models.service import Mode, ModelService, Speaks
from consilium.errors import MalformedCassette, ModelError, ModelOutput, NotRecorded
from consilium.ports import ModelRequest

TODAY = datetime.date(2026, 11, 30)
MATERIAL = {
    "datamark": "~1a2b~",
    "question": "croup?",
    "passages": [{"id": "s1", "text": "~1a2b~It helps.~1a2b~"}],
}
REQUEST = ModelRequest("write", "write/1", "Write.", json.dumps(MATERIAL), SCHEMA, 200)
HEARD = Heard(
    (Chunk(0.2, SAID[:5]), Chunk(0.9, SAID[5:])), "stop", Mode.TOOL, NAME, 1.0, 90, 21, 0.0004
)  # fmt: skip
EXCHANGE = Exchange(REQUEST, HEARD, Provenance.RECORDED, "2026-11-30")


def _file(tmp_path, *exchanges):
    path = tmp_path / "some.jsonl"
    path.write_text(cassettes.written(exchanges), "utf-8")
    return path


def test_a_cassette_holds_a_header_and_then_the_pieces_with_their_times(tmp_path):
    head, *pieces = (json.loads(line) for line in _file(tmp_path, EXCHANGE).read_text("utf-8").splitlines())
    assert {"stage", "prompt", "schema", "request", "provenance", "model", "date"} <= head.keys()
    assert (head["stage"], head["provenance"], head["date"]) == ("write", "recorded", "2026-11-30")
    assert pieces == [{"at": 0.2, "text": SAID[:5]}, {"at": 0.9, "text": SAID[5:]}]


def test_what_is_written_is_read_again_the_same(tmp_path):
    other = authored(replace(REQUEST, stage="select"), SAID, "2026-11-30")
    assert cassettes.read(_file(tmp_path, EXCHANGE, other)) == (EXCHANGE, other)


def test_the_pieces_in_which_a_reply_came_are_heard_again():
    assert Replayed([EXCHANGE]).hear(REQUEST, seconds=1).chunks == HEARD.chunks


def test_a_datamark_that_differs_is_the_same_request():
    again = replace(REQUEST, material=REQUEST.material.replace("~1a2b~", "~9f8e~"))
    assert Replayed([EXCHANGE]).reply(again, seconds=1).value == GOOD


@pytest.mark.parametrize(
    "change",
    [{"stage": "repair"}, {"prompt": "write/2"}, {"instructions": "Write well."}, {"most_tokens": 300},
     {"material": REQUEST.material.replace("It helps", "It harms")}, {"schema": {"type": "object"}}],
)  # fmt: skip
def test_any_other_difference_is_another_request_and_is_shown(change):
    with pytest.raises(NotRecorded) as missed:
        Replayed([EXCHANGE]).reply(replace(REQUEST, **change), seconds=1)
    assert "nothing was sent out" in str(missed.value)
    removed = [line for line in str(missed.value).splitlines() if line.startswith("-") and line[1] != "-"]
    assert removed


def test_the_difference_is_told_from_the_nearest_request_of_the_same_stage():
    far = replace(EXCHANGE, request=replace(REQUEST, material='{"question": "something else altogether"}'))
    asked = replace(REQUEST, material=REQUEST.material.replace("It helps", "It harms"))
    select = replace(EXCHANGE, request=replace(asked, stage="select"))
    with pytest.raises(NotRecorded) as missed:
        Replayed([far, select, EXCHANGE]).reply(asked, seconds=1)
    shown = [line for line in str(missed.value).splitlines() if line[0] in "-+" and line[1] not in "-+"]
    assert [line[1:].strip() for line in shown] == ['"text": "It helps."', '"text": "It harms."']


def test_a_miss_is_no_failure_of_the_model_that_a_stage_would_pass_over():
    assert not issubclass(NotRecorded, ModelError)


def test_where_nothing_is_recorded_nothing_is_sent_out():
    with pytest.raises(NotRecorded, match="Nothing is recorded"):
        Replayed([]).reply(REQUEST, seconds=1)


def test_a_long_difference_is_shown_in_part():
    passages = [{"id": f"s{n}", "text": f"{n} of them."} for n in range(300)]
    asked = replace(REQUEST, material=json.dumps({"passages": passages}))
    with pytest.raises(NotRecorded, match="lines more") as missed:
        Replayed([EXCHANGE]).reply(asked, seconds=1)
    assert len(str(missed.value).splitlines()) < 50


def test_of_one_request_that_was_made_twice_the_replies_come_in_order_and_the_last_again():
    texts = [json.dumps({"claims": [{"text": f"Number {n}.", "ids": []}]}) for n in (1, 2)]
    replayed = Replayed([authored(REQUEST, text, "2026-11-30") for text in texts])
    said = [replayed.reply(REQUEST, seconds=1).value["claims"][0]["text"] for _ in range(3)]
    assert said == ["Number 1.", "Number 2.", "Number 2."]


def test_a_recorded_reply_is_checked_as_it_would_be_if_it_came_now():
    cut = replace(EXCHANGE, heard=replace(HEARD, finish="length"), provenance=Provenance.FUZZED)
    with pytest.raises(ModelOutput, match="limit of tokens"):
        Replayed([cut]).reply(REQUEST, seconds=1)


def _edited(path, old, new):
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")


@pytest.mark.parametrize(
    "old,new",
    [(SAID[5:12].replace('"', '\\"'), "another"), ('"prompt": "write/1"', '"prompt": "write/2"'), ("It helps", "It is"),
     ("consilium/cassette/1", "consilium/cassette/9"), ('"chunks": 2', '"chunks": 1'), ('"recorded"', '"invented"'),
     ('"at": 0.2', '"at": "x"'), ("{", "[")],
)  # fmt: skip
def test_a_cassette_that_is_not_as_it_was_written_is_refused(tmp_path, old, new):
    path = _file(tmp_path, EXCHANGE)
    assert old in path.read_text("utf-8")
    _edited(path, old, new)
    with pytest.raises(MalformedCassette, match=r"some\.jsonl"):
        cassettes.read(path)


def test_a_cassette_that_is_cut_short_is_refused(tmp_path):
    path = _file(tmp_path, EXCHANGE)
    path.write_text("\n".join(path.read_text("utf-8").splitlines()[:-1]), "utf-8")
    with pytest.raises(MalformedCassette):
        cassettes.read(path)


def test_a_cassette_that_is_not_there_is_named(tmp_path):
    with pytest.raises(MalformedCassette, match=r"nowhere\.jsonl cannot be read"):
        cassettes.read(tmp_path / "nowhere.jsonl")


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
class TestRecording:
    def _recorder(self, server):
        service = ModelService(Speaks.COMPATIBLE, server.url, NAME, None, KEY)
        return Recorder(Endpoint(service, {NAME: Mode.TOOL}), TODAY)

    def test_what_a_live_model_says_is_recorded_and_replayed_the_same(self, tmp_path):
        with service_of("openai", lambda talk: talk.say()) as server:
            recorder = self._recorder(server)
            live = recorder.reply(REQUEST, seconds=5)
        path = _file(tmp_path, *recorder.exchanges)
        again = cassettes.read(path)
        assert Replayed(again).reply(REQUEST, seconds=5) == live
        assert "".join(chunk.text for chunk in again[0].heard.chunks) == SAID
        assert len(again[0].heard.chunks) > 5
        assert (again[0].provenance, again[0].date) == (Provenance.RECORDED, "2026-11-30")

    def test_what_is_no_reply_is_recorded_as_well(self):
        with service_of("openai", lambda talk: talk.say("{", finish="length")) as server:
            recorder = self._recorder(server)
            with pytest.raises(ModelOutput):
                recorder.reply(REQUEST, seconds=5)
        with pytest.raises(ModelOutput):
            Replayed(recorder.exchanges).reply(REQUEST, seconds=5)

    @pytest.mark.parametrize("told", ["a header", "the reply", "a chunk of its own"])
    def test_a_key_is_never_stored(self, tmp_path, told):
        def script(talk):
            text = SAID if told == "a header" else SAID.replace("Dexamethasone", KEY)
            talk.say(text, piece=4 if told == "the reply" else 500)

        with service_of("openai", script) as server:
            recorder = self._recorder(server)
            if told == "a header":
                recorder.reply(REQUEST, seconds=5)
            else:
                with pytest.raises(ModelOutput, match="the key"):
                    recorder.reply(REQUEST, seconds=5)
            assert KEY in server.keys[0]
        assert KEY not in _file(tmp_path, *recorder.exchanges).read_text("utf-8")
