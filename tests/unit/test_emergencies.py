"""The emergency notice: fixed words that fit what the asker describes, and no guessed number."""

from __future__ import annotations

import pytest

from consilium.domain.question import Audience
from consilium.errors import ConfigurationError
from consilium.pipeline import tables
from consilium.pipeline.safety import Emergency, emergency_in
from consilium.settings import from_environment

THOUGHTS = (
    "I want to kill myself",
    "i don't want to be alive any more",
    "I'm suicidal, what should I do",
    "My daughter says she wants to die",
    "my son wants to end his life",
)


def noticed(text: str, *numbers: str | None) -> Emergency | None:
    return emergency_in(text, Audience.PATIENT, *(numbers or (None, None)))


@pytest.mark.parametrize("text", THOUGHTS)
def test_whoever_thinks_of_suicide_is_told_of_the_crisis_line_and_not_of_driving(text):
    notice = noticed(text).text
    assert "your local crisis line or your local emergency number" in notice
    assert "drive" not in notice


def test_an_overdose_has_words_of_its_own():
    notice = noticed("I took 40 tablets").text
    assert "what was taken" in notice
    assert "drive" not in notice


def test_the_numbers_come_from_the_settings_alone():
    assert "the crisis line on 123 or 999" in noticed(THOUGHTS[0], "999", "123").text
    assert not any(c.isdigit() for c in noticed(THOUGHTS[0]).text)


def test_a_bodily_emergency_names_no_crisis_line():
    assert "crisis" not in noticed("my face is drooping on one side").text


@pytest.mark.parametrize(
    "text",
    [
        "Does fluoxetine make teenagers suicidal?",
        "I took 2 paracetamol tablets, is that safe?",
        "I took 500 mg of amoxicillin in tablets",
        "My father took an aspirin",
        "How is suicidal thinking assessed?",
    ],
)
def test_a_question_that_only_sounds_like_it_is_none(text):
    assert noticed(text) is None


def test_every_rule_names_a_wording_that_the_table_holds():
    table = tables.load("emergency")
    assert {rule["words"] for rule in table["patterns"]} == set(table["words"])


def test_a_crisis_line_that_is_no_number_is_a_clear_error():
    with pytest.raises(ConfigurationError, match="CONSILIUM_CRISIS_NUMBER is 'the line'"):
        from_environment({"CONSILIUM_CRISIS_NUMBER": "the line"})


def test_a_notice_alone_offers_no_search(answered):
    content = answered(THOUGHTS[0], "patient")["content"]
    assert (content["searched"], content["nearest"]) == ([], [])
