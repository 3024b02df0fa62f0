"""Publication types tell the design of a study, and its title where they do not."""

from __future__ import annotations

import pytest

from consilium.adapters.sources.designs import design_of, kind_of

TYPED = [
    (("Journal Article", "Randomized Controlled Trial", "Clinical Trial"), "randomised trial"),
    (("Journal Article", "Meta-Analysis", "Systematic Review"), "systematic review and meta-analysis"),
    (("Network Meta-Analysis", "Systematic Review", "Meta-Analysis"), "network meta-analysis"),
    (("Clinical Trial Protocol", "Randomized Controlled Trial"), "trial protocol"),
    (("Practice Guideline", "Systematic Review"), "practice guideline"),
    (("Clinical Trial, Phase III", "Clinical Trial"), "phase 3 trial"),
    (("Case Reports", "Review"), "case report"),
    (("Letter", "Comment"), "letter"),
    (("Letter", "Randomized Controlled Trial"), "randomised trial"),
    (("Published Erratum",), "erratum"),
    (("Retraction of Publication", "Letter"), "retraction notice"),
    (("Journal Article", "Preprint", "Randomized Controlled Trial"), "randomised trial (preprint)"),
    (("Journal Article",), "journal article"),
    ((), "journal article"),
]
TITLED = [
    ("Walking for pain: a randomized controlled trial", "randomised trial"),
    ("Walking for pain: a systematic review and meta-analysis", "systematic review and meta-analysis"),
    ("Walking for pain: a systematic review of randomised controlled trials", "systematic review"),
    ("Walking for pain: a meta-analysis of randomized trials", "meta-analysis"),
    ("Walking for pain: protocol for a randomised controlled trial", "trial protocol"),
    ("Walking for pain: a study protocol", "trial protocol"),
    ("Protocol for a systematic review of walking", "review protocol"),
    ("Walking for pain: a prospective cohort study", "cohort study"),
    ("Walking and pain: a case-control study", "case-control study"),
    ("Walking and pain: a Mendelian randomization study", "Mendelian randomisation study"),
    ("Walking for pain: a non-randomised comparison", "quasi-experimental study"),
    (
        "Walking for pain: secondary analysis of a randomised trial",
        "secondary analysis of a randomised trial",
    ),
    ("Pain after walking: a case report", "case report"),
    ("Walking for pain", "journal article"),
    ("Clinical practice guideline for pain", "guideline"),
    ("2020 ESC Guidelines for the management of pain", "guideline"),
    ("Pain in adults: a clinical practice guideline from the Society", "guideline"),
    ("Adherence to guidelines for pain in primary care", "journal article"),
]


def told(types=("Journal Article",), title="Walking", methods="", headings=()):
    return design_of(types, title, lambda: methods, headings)


@pytest.mark.parametrize("types,design", TYPED, ids=[d for _, d in TYPED])
def test_the_most_telling_type_decides(types, design):
    assert told(types) == design


@pytest.mark.parametrize("title,design", TITLED, ids=[t for t, _ in TITLED])
def test_a_title_tells_where_types_do_not(title, design):
    assert told(title=title) == design


def test_a_title_makes_a_type_that_says_little_more_exact():
    assert told(("Review",), "Walking: a systematic review") == "systematic review"
    assert told(("Observational Study",), "Walking: a cohort study") == "cohort study"


def test_a_title_does_not_overrule_a_type_that_tells():
    assert told(("Letter",), "On a randomised trial of walking") == "letter"


def test_methods_tell_what_neither_type_nor_title_does():
    assert told(methods="Forty adults were randomly assigned to walking or rest.") == "randomised trial"


def test_headings_of_the_study_itself_come_last():
    assert told(headings=["Case-Control Studies"]) == "case-control study"


def test_guidelines_are_guidelines_and_all_else_studies():
    assert kind_of("practice guideline").value == "guideline"
    assert kind_of("consensus statement").value == "guideline"
    assert kind_of("randomised trial").value == "study"
