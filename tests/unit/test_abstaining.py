"""What an abstention tells a reader who did not get an answer."""

from __future__ import annotations

import pytest


def widen(answered, question: str) -> str:
    return " ".join(answered(question)["content"]["widen"])


@pytest.mark.parametrize(
    "typed,meant", [("stoke", "stroke"), ("numonia", "pneumonia"), ("magrain", "migraine")]
)
def test_a_word_near_a_clinical_name_gets_a_hint(answered, typed, meant):
    assert f"Did you mean “{meant}” where you typed “{typed}”?" in widen(answered, f"help for {typed}")


@pytest.mark.parametrize("question", ["How do I change a bicycle tyre?", "cheap flights to India"])
def test_a_word_that_is_near_no_clinical_name_gets_none(answered, question):
    assert "Did you mean" not in widen(answered, question)


def test_the_words_fit_a_reader_who_cannot_type_a_command(answered):
    assert "consilium" not in widen(answered, "How do I change a bicycle tyre?")


def test_the_command_line_names_the_command_that_adds_a_source(run_cli):
    done = run_cli("ask", "How do I change a bicycle tyre?")
    assert "consilium library add FILE" in done.stderr
    assert "consilium library add" not in done.stdout
