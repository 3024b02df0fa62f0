"""Answers from guideline documents: items of their lists, with the heading that says what they are on."""

from __future__ import annotations

import pytest
from tests.abstracts import over

from consilium.adapters.contract.check import check
from consilium.adapters.sources.sentences import VERSION, ends_of
from consilium.adapters.sources.works import FORM
from consilium.api import encoded, outcome_of
from consilium.domain.question import Question
from consilium.pipeline.annotate import headed
from consilium.pipeline.wholeness import doses, is_whole

ADVICE = {"strength": "not_stated"}


def _section(heading, *items, advice=()):
    text = "\n".join(items)
    return {
        "passage": 0,
        "label": heading,
        "role": "other",
        "text": text,
        "ends": ends_of(text),
        "advice": {str(number): ADVICE for number in advice},
    }


def guideline(name, *sections):
    return {
        "form": FORM,
        "id": name,
        "kind": "guideline",
        "source": {
            "title": "Scorpion sting",
            "publication_type": "practice guideline",
            "organisation": [f"Example Hospital {name}"],
            "year": 2024,
        },
        "licence": None,
        "topics": [],
        "mesh": [],
        "splitter": VERSION,
        "sections": list(sections),
    }


STING = guideline(
    "doc-sting",
    _section("Introduction", "Scorpion stings are common where houses are built of stone."),
    _section("Clinical features", "Local effects include pain, tingling and swelling of the limb"),
    _section("Treatment > Goals", "Prevent complications of the scorpion sting."),
    _section(
        "Treatment > First aid",
        "Immobilise the whole stung limb with a splint or sling",
        "Should be done wherever a scorpion has stung.",
        "12 hours and 24 hours, then once a day.",
        "See the section on the sting of other animals.",
        advice=(0, 1, 2),
    ),
)


@pytest.fixture(scope="module")
def treated(world):
    made = over(world, [STING])
    return outcome_of(Question("What is the treatment of a scorpion sting?"), made), made


def _texts(outcome):
    return [claim.claim.text for claim in outcome.result.claims]


def test_an_item_of_a_list_is_quoted_though_no_full_stop_ends_it(treated):
    assert "Immobilise the whole stung limb with a splint or sling" in _texts(treated[0])


def test_an_item_is_told_with_the_title_and_heading_it_stands_under(treated):
    frame = treated[0].result.claims[0].claim.frame
    assert "titled “Scorpion sting”, under “First aid”" in frame


def test_what_is_around_the_advice_treats_nothing(treated):
    assert not [text for text in _texts(treated[0]) if "common where" in text]


def test_a_goal_is_no_advice(treated):
    assert not [text for text in _texts(treated[0]) if text.startswith("Prevent complications")]


def test_a_dose_without_its_drug_is_not_quoted(treated):
    assert not [text for text in _texts(treated[0]) if text.startswith("12 hours")]


def test_a_line_without_its_subject_is_not_quoted_alone(treated):
    claims = {c.claim.sentence.id: c.claim for c in treated[0].result.claims}
    loose = [claim for claim in claims.values() if claim.text.startswith("Should be")]
    assert all(claim.sentence.pairs_with for claim in loose)


def test_a_pointer_to_another_section_is_not_quoted(treated):
    assert not [text for text in _texts(treated[0]) if text.startswith("See the section")]


def test_an_answer_from_a_guideline_document_keeps_the_contract(treated):
    outcome, made = treated
    assert check(encoded(outcome, made), made.lexicon) == []


def test_signs_are_told_by_what_stands_under_their_heading(world):
    outcome = outcome_of(Question("What are the signs of a scorpion sting?"), over(world, [STING]))
    assert _texts(outcome)[0].startswith("Local effects include")


def test_what_two_documents_say_in_the_same_words_is_told_once(world):
    other = {**STING, "id": "doc-sting-2", "source": {**STING["source"], "year": 2020}}
    outcome = outcome_of(Question("How is a scorpion sting treated?"), over(world, [STING, other]))
    texts = _texts(outcome)
    assert len(texts) == len(set(texts))
    assert any("in the same words" in r.detail for r in outcome.trace.rejections)


@pytest.mark.parametrize(
    ("heading", "intents"),
    [
        ("Treatment > Drug treatment", ("treatment",)),
        ("Treatment > Prevention", ("prevention",)),
        ("CLINICAL FEATURES", ("signs",)),
        ("Introduction", ()),
        (None, ()),
    ],
)
def test_the_innermost_heading_that_says_so_tells_what_is_served(heading, intents):
    assert headed(heading) == intents


@pytest.mark.parametrize("text", ["Give 500 mg.", "Repeat twice a day", "8 hourly", "Take it daily."])
def test_how_much_or_how_often_is_a_dose(text):
    assert doses(text)


@pytest.mark.parametrize(
    "text", ["Give oxygen by mask.", "Review after the operation.", "Days are long here."]
)
def test_what_says_neither_is_no_dose(text):
    assert not doses(text)


def test_a_sentence_of_two_words_is_none():
    assert not is_whole("Go home.")
