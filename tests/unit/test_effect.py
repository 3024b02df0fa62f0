"""What a question on the effect of something asks."""

from __future__ import annotations

import pytest

from consilium.domain.question import Question
from consilium.pipeline.effect import besides, comparator_of, outcome_of, without_usual
from consilium.pipeline.plan import plan


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
