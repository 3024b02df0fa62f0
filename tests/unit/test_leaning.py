"""What a sentence hangs on, how many people a study took in, and what short forms stand for."""

from __future__ import annotations

import pytest
from tests.abstracts import CONCLUSION, METHODS, RESULTS, abstract

from consilium.adapters.sources.works import sentences_of, source_of
from consilium.lexicon import concepts
from consilium.pipeline.abbreviations import definitions, expanded, unspelt
from consilium.pipeline.leaning import bound, hangs, leans, takes_back
from consilium.pipeline.participants import participants_in, studies_in


@pytest.mark.parametrize(
    "text",
    [
        "However, this was not sustained.",
        "These had less pain.",
        "It was well tolerated.",
        "They walked further.",
        "The latter was cheaper.",
        "Whether it reduces mortality is uncertain.",
        "This effect was lost at one year.",
        "Both improved.",
    ],
)
def test_it_hangs_on_what_was_said_before(text):
    assert leans(text)


@pytest.mark.parametrize(
    "text",
    [
        "It is possible to give zinc at home.",
        "It was concluded that zinc helps.",
        "This study shows that zinc shortens diarrhoea.",
        "These results suggest that zinc shortens diarrhoea.",
        "In this randomised trial zinc shortened diarrhoea.",
        "Both groups had as many falls.",
        "Zinc shortens diarrhoea.",
    ],
)
def test_it_stands_by_itself(text):
    assert not leans(text)


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("However, the effect was lost at one year.", True),
        ("These benefits were limited to older children.", True),
        ("However, further research is needed.", False),
        ("Vomiting was common.", False),
    ],
)
def test_what_takes_a_finding_back_is_told_from_what_does_not(text, taken):
    assert takes_back(text) is taken


def _sentences(*parts):
    return sentences_of(abstract("x", "A title", *parts))


def test_a_sentence_brings_what_it_hangs_on_in_reading_order():
    one, two, three = _sentences((RESULTS, "Zinc helped. This was lost later. It was safe."))
    assert bound(three, (one, two, three)).pairs_with == (one.id, two.id)


def test_a_sentence_hangs_on_nothing_in_another_section():
    _, last = work = _sentences((METHODS, "We gave zinc."), (CONCLUSION, "This helped."))
    assert hangs(bound(last, work), work)


def test_a_sentence_hangs_on_no_method():
    _, last = work = _sentences((METHODS, "We gave zinc. This helped."))
    assert hangs(bound(last, work), work)


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("708 patients with psychosis were randomly allocated to two groups.", 708),
        ("A total of 1,248 women were randomised.", 1248),
        ("Sixty-one adults were enrolled (age 36.5 ± 12.6 years) and randomised.", 61),
        ("We enrolled 119 subjects (age 65-84 years old).", 119),
        ("Two hundred and five children were randomly assigned to zinc.", 205),
        ("The trial randomised 24 participants to rest.", 24),
        ("One hundred seventy-six women were randomly assigned to epirubicin.", 176),
        ("At 30 weeks of gestation, 3188 women were randomised to counselling.", 3188),
        ("From July 2009 all the patients of one centre were randomised.", None),
        ("Patients were randomly assigned to zinc.", None),
        ("In 1998 patients were randomly assigned to zinc.", None),
        ("Of 300 patients 30 withdrew.", None),
        ("We aim to recruit 500 patients.", None),
        ("40 patients per group were randomised.", None),
        ("Fifteen patients and 12 matched normal subjects were studied.", None),
    ],
)
def test_how_many_took_part_is_read_from_the_text(text, people):
    assert participants_in(_sentences((METHODS, text))) == people


def test_how_many_studies_a_review_took_in_is_read_from_the_text():
    assert studies_in(_sentences((RESULTS, "Twenty-one articles were found; 13 trials were included."))) == 13
    assert studies_in(_sentences((RESULTS, "No study met the criteria."))) is None


def test_a_short_form_is_defined_by_the_words_before_it():
    assert definitions("the goal-directed fluid restriction (GDFR) group") == [
        ("GDFR", "goal-directed fluid restriction")
    ]
    assert definitions("in both groups (ABC)") == []


def test_a_short_form_is_spelt_out_by_its_work():
    work = _sentences((METHODS, "We gave a zinc powder mixture (ZPM)."), (RESULTS, "The ZPM group did well."))
    source = source_of(abstract("x", "A title"), version=1, collection="works")
    shorts = unspelt(work[1], source, concepts.load())
    assert shorts == ("ZPM",)
    assert expanded(shorts, work) == {"ZPM": "zinc powder mixture"}


def test_what_everybody_knows_needs_no_spelling_out():
    (one,) = _sentences((RESULTS, "The BMI fell (95% CI 1 to 3) in people with HIV."))
    source = source_of(abstract("x", "A title"), version=1, collection="works")
    assert unspelt(one, source, concepts.load()) == ()
