"""`consilium record` keeps what a live model said, and `ask --cassette` writes with that and asks nobody."""

from __future__ import annotations

import json

import pytest
from tests.editing_server import edit
from tests.fault_server import KEY, NAME, service_of

from consilium.adapters.models import cassettes
from consilium.errors import ConfigurationError, MalformedCassette, NotRecorded

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]
QUESTION = "How is croup treated?"
AS_OF = ("--as-of", "2026-01-01")


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """A cassette of one answer, made once by the first test that needs it."""
    return tmp_path_factory.mktemp("cassette") / "croup.jsonl"


@pytest.fixture
def cassette(recorded, run_cli):
    if not recorded.exists():
        with service_of("openai", edit) as server:
            env = {"CONSILIUM_MODEL": NAME, "CONSILIUM_MODEL_URL": server.url, "CONSILIUM_MODEL_KEY": KEY}
            done = run_cli("record", QUESTION, "-o", str(recorded), *AS_OF, **env)
        assert done.returncode == 0, done.stderr
        assert KEY not in done.stdout + done.stderr
    return recorded


def test_what_a_model_said_is_kept_by_stage_and_marked_as_recorded(cassette):
    exchanges = cassettes.read(cassette)
    assert {"select", "write", "verify"} <= {exchange.request.stage for exchange in exchanges}
    assert {exchange.provenance.value for exchange in exchanges} == {"recorded"}
    assert max(len(exchange.heard.chunks) for exchange in exchanges) > 5


def test_a_key_is_not_in_the_cassette(cassette):
    assert KEY not in cassette.read_text("utf-8")


def test_an_answer_is_written_again_with_what_was_kept_and_nobody_is_asked(cassette, run_cli):
    once, again = (
        run_cli("ask", QUESTION, *AS_OF, "--format", "json", "--cassette", str(cassette), CONSILIUM_MODEL="")
        for _ in range(2)
    )
    assert once.returncode == 0, once.stderr
    assert "as its source says" in once.stdout
    assert json.loads(once.stdout)["id"] == json.loads(again.stdout)["id"]


def test_another_question_than_was_recorded_is_told_and_not_sent(cassette, run_cli):
    done = run_cli("ask", "How is gout treated?", *AS_OF, "--cassette", str(cassette))
    assert done.returncode == NotRecorded.exit_code
    assert "nothing was sent out" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_is_no_cassette_is_told(tmp_path, run_cli):
    path = tmp_path / "some.txt"
    path.write_text("no", "utf-8")
    done = run_cli("ask", QUESTION, "--cassette", str(path))
    assert done.returncode == MalformedCassette.exit_code
    assert "is no cassette" in done.stderr


def test_without_a_model_there_is_nothing_to_record(tmp_path, run_cli):
    done = run_cli("record", QUESTION, "-o", str(tmp_path / "none.jsonl"))
    assert done.returncode == ConfigurationError.exit_code
    assert "set CONSILIUM_MODEL" in done.stderr
    assert not (tmp_path / "none.jsonl").exists()


def test_where_the_model_is_asked_nothing_no_cassette_is_written(tmp_path, run_cli):
    env = {"CONSILIUM_MODEL": NAME, "CONSILIUM_MODEL_URL": "http://127.0.0.1:9/v1"}
    done = run_cli("record", "What is the capital of France?", "-o", str(tmp_path / "none.jsonl"), **env)
    assert done.returncode == 3, done.stderr
    assert "asked nothing" in done.stderr
    assert not (tmp_path / "none.jsonl").exists()


def test_a_cassette_is_played_for_one_question(cassette, tmp_path, run_cli):
    done = run_cli("ask", QUESTION, "--cassette", str(cassette), "--replay", str(tmp_path / "r.json"))
    assert done.returncode == 2
    assert "leave out --batch and --replay" in done.stderr
