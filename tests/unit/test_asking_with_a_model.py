"""`consilium ask` with a model: told as it comes, left out where it is not wanted, and the page says which was used."""

from __future__ import annotations

import io
import json

import pytest
from tests.editors import Editor, written_by
from typer.testing import CliRunner

from consilium import wiring
from consilium.api import encoded, outcome_of
from consilium.cli import app, live
from consilium.domain.question import Question
from consilium.errors import ModelTimeout

QUESTION = "How is an acute gout flare treated?"


@pytest.fixture
def ask(library_folder, monkeypatch):
    """The command, with an editor for the model that the settings name."""
    editor = Editor()
    monkeypatch.setattr(wiring, "model", lambda settings, report=None: editor if settings.model else None)
    monkeypatch.setenv("CONSILIUM_DATA_DIR", str(library_folder))

    def run(*args, model="function"):
        if model:
            monkeypatch.setenv("CONSILIUM_MODEL", model)
            monkeypatch.setenv("CONSILIUM_MODEL_URL", "http://127.0.0.1:9/v1")
        return CliRunner().invoke(app.app, ["ask", QUESTION, "--as-of", "2026-11-30", *args])

    run.editor = editor
    return run


def test_the_configured_model_is_used_and_the_page_says_so(ask):
    done = ask()
    assert done.exit_code == 0
    assert "Worded by model:function" in " ".join(done.stdout.split())
    assert "In a model's words; judged by function" in " ".join(done.stdout.split())


def test_without_a_model_nothing_is_told_and_the_answer_is_as_ever(ask):
    plain = ask(model=None)
    assert plain.stderr == ""
    assert "Worded by" not in plain.stdout


def test_no_model_gives_byte_for_byte_what_no_configuration_gives(ask):
    plain, without = ask("--format", "markdown", model=None), ask("--format", "markdown", "--no-model")
    assert plain.stdout == without.stdout
    assert ask.editor.requests == []


def test_stages_and_claims_are_told_on_standard_error_as_they_come(ask):
    done = ask("--format", "json")
    told = done.stderr.splitlines()
    order = [
        told.index(next(t for t in told if t.startswith(f"{s}:")))
        for s in ("plan", "select", "write", "verify")
    ]
    first_claim = next(n for n, line in enumerate(told) if line.startswith("  + "))
    assert order == sorted(order)
    assert order[2] < first_claim < order[3]
    assert json.loads(done.stdout)["run"]["composer"] == "model:function"
    assert "\x1b" not in done.stderr


def test_a_terminal_gets_colour_unless_it_wants_none(monkeypatch, world):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    made = written_by(world, Editor())
    coloured, plain = Terminal(), Terminal()
    outcome_of(Question(QUESTION), made, tell=live.told(coloured))
    monkeypatch.setenv("NO_COLOR", "1")
    outcome_of(Question(QUESTION), made, tell=live.told(plain))
    assert "\x1b[" in coloured.getvalue()
    assert "\x1b" not in plain.getvalue()


def test_explain_tells_every_call_with_its_prompt_and_what_it_cost(ask):
    told = " ".join(ask("--explain").stdout.split())
    for words in (
        "How it was worded",
        "select/1",
        "write/1",
        "tokens in",
        "kept acr-gout-2020#5",
        "stands, in_short",
    ):
        assert words in told


def test_a_batch_is_written_with_the_model_too(ask, tmp_path):
    file = tmp_path / "questions.txt"
    file.write_text(QUESTION, "utf-8")
    done = CliRunner().invoke(
        app.app,
        ["ask", "--batch", str(file), "--format", "json"],
        env={"CONSILIUM_MODEL": "function", "CONSILIUM_MODEL_URL": "http://127.0.0.1:9/v1"},
    )
    assert json.loads(done.stdout)["run"]["composer"] == "model:function"


def test_what_can_be_answered_again_to_the_byte_is_recorded_without_the_model(ask, tmp_path):
    file = tmp_path / "answer.replay"
    done = ask("--format", "json", "--replay", str(file))
    assert json.loads(done.stdout)["run"]["composer"] == "extractive"
    assert "without the language model" in done.stderr


def test_a_fallback_is_told_on_the_page(world):
    from consilium.adapters.renderings import render

    def slow(*_):
        raise ModelTimeout

    outcome = outcome_of(Question(QUESTION), written_by(world, Editor(write=slow)))
    answer = encoded(outcome, world)
    for form in ("text", "markdown", "html"):
        page = " ".join(render(answer, form).split())
        assert "Fell back at write: The language model did not reply in time." in page
