"""Which words of a set of questions the lexicon knows."""

from __future__ import annotations

import json

import pytest

from consilium.errors import MalformedSource
from consilium.evaluation.naming import naming, questions_in
from consilium.lexicon import concepts


def test_what_a_question_names_is_told_from_what_nobody_knows():
    got = naming(["Does croup need zymotol?", "zymotol or zymotol again"], concepts.load())
    assert (got.questions, got.named) == (2, 1)
    assert got.unknown["zymotol"] == 2


def test_plain_english_is_told_apart_from_unknown_words():
    lexicon = concepts.load()
    word = min(w for w in lexicon.ordinary - lexicon.words if len(w) > 6 and w.isalpha())
    got = naming([f"zymotol {word}"], lexicon)
    assert (list(got.unknown), list(got.plain)) == (["zymotol"], [word])


def test_questions_are_read_as_text_or_as_json(tmp_path):
    path = tmp_path / "questions.txt"
    path.write_text('Croup?\n\n{"question": "Gout?"}\n', "utf-8")
    assert list(questions_in(path)) == ["Croup?", "Gout?"]


@pytest.mark.parametrize("text", ['{"q": 1}', "{broken"])
def test_a_line_that_is_no_question_is_named(tmp_path, text):
    path = tmp_path / "questions.txt"
    path.write_text(f"Croup?\n{text}\n", "utf-8")
    with pytest.raises(MalformedSource, match="line 2"):
        list(questions_in(path))


def test_the_command_prints_one_object(run_cli, tmp_path):
    path = tmp_path / "questions.txt"
    path.write_text("Does croup need zymotol?\n", "utf-8")
    done = run_cli("evaluate", "lexicon", str(path), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "questions": 1,
        "named": 1,
        "words": 2,
        "unknown": {"zymotol": 1},
        "plain": {},
    }
