"""What a question on the effect of something asks."""

from __future__ import annotations

import pytest

from consilium.api import outcome_of as outcome_for
from consilium.domain.question import Question
from consilium.pipeline.effect import (
    besides,
    comparator_of,
    intervention_of,
    outcome_of,
    unnamed,
    without_usual,
)
from consilium.pipeline.plan import intents_of, plan


@pytest.mark.parametrize(
    ("question", "outcome"),
    [
        ("What is the effect of zinc compared with placebo on mean LDL cholesterol levels?", {"ldl", "cholesterol"}),
        ("Does zinc reduce diarrhoea in children?", {"diarrhea"}),
        ("Do statins prevent stroke after a heart attack?", {"stroke"}),
        ("How is croup treated?", set()),
    ],
)  # fmt: skip
def test_the_outcome_is_what_the_effect_is_on(question, outcome):
    assert outcome_of(question) == outcome


@pytest.mark.parametrize(
    ("question", "comparator"),
    [
        ("Is artesunate better than quinine, compared with artemether in adults?", {"artemether"}),
        ("Does zinc help compared with placebo?", set()),
        ("Does zinc help?", set()),
    ],
)
def test_a_comparator_that_goes_without_saying_is_none(question, comparator):
    assert comparator_of(question) == comparator


def _plan(world, text):
    return plan(Question(text), world.lexicon, world.index, world.speller)


def test_words_that_name_something_beside_the_concepts_are_told_from_those_that_ask(world):
    asked = _plan(world, "Does intensive case management help people with severe psychosis?")
    assert {"case", "management"} <= besides(asked)
    assert not {"doe", "help", "people"} & besides(asked)


def test_placebo_is_no_topic_of_its_own(world):
    asked = _plan(world, "What is the effect of zinc compared with placebo on diarrhoea?")
    contexts = {t.words: t.context for t in without_usual(asked).terms}
    assert contexts["placebo"]
    assert not contexts["zinc"]


@pytest.mark.parametrize(
    ("question", "what"),
    [
        ("What is the effect of insecticide-treated nets on malaria?", "insecticide-treated nets"),
        ("Is exercise effective for depression?", "exercise"),
        ("Does zinc reduce diarrhoea?", "zinc"),
        ("How is croup treated?", ""),
    ],
)
def test_what_the_effect_is_of_is_what_was_given(question, what):
    assert intervention_of(question) == what


@pytest.mark.parametrize(
    "question",
    ["What is the effect of insecticide-treated nets on malaria?", "Is exercise effective for depression in adolescents?"],
)  # fmt: skip
def test_no_statement_on_the_disease_alone_answers_what_something_does_for_it(world, question):
    outcome = outcome_for(Question(question), world)
    assert not getattr(outcome.result, "claims", ())


def test_what_is_given_is_met_by_its_concept_or_a_word_of_it(world):
    asked = _plan(world, "What is the effect of insecticide-treated nets on malaria?")
    assert unnamed(asked, frozenset(), frozenset()) == "insecticide-treated nets"
    assert not unnamed(asked, frozenset({"net"}), frozenset())


def test_the_treatment_of_something_is_no_definition():
    assert [i.value for i in intents_of("What is the treatment of croup?", ())] == ["treatment"]
    assert [i.value for i in intents_of("What is croup?", ())] == ["definition"]


def test_what_is_wanted_is_no_topic(world):
    kinds = {
        t.words: t.kind for t in _plan(world, "Should women be screened for intimate partner violence?").terms
    }
    assert kinds.get("screened") != "plain"
