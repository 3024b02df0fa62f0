"""What must never happen when works are quoted, whatever they say and whatever is asked."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.abstracts import WORKS, abstract, over

from consilium.adapters.contract.check import check
from consilium.adapters.sources.works import sentences_of
from consilium.api import encoded, outcome_of
from consilium.domain.article import Article
from consilium.domain.question import Question
from consilium.domain.role import Role

MANY = settings(max_examples=40, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
_SENTENCES = (
    "Zinc reduced diarrhoea in children.",
    "Zinc did not reduce diarrhoea in children (relative risk 0.98, 95% CI 0.80 to 1.20).",
    "However, this was not sustained.",
    "These effects of zinc were seen in both groups.",
    "We randomised 120 children with diarrhoea to zinc or placebo.",
    "The aim was to assess zinc for diarrhoea.",
    "It was safe.",
    "Diarrhoea was less frequent with zinc than with placebo (12% versus 20%, p = 0.02).",
    "Further trials of zinc for diarrhoea are needed.",
    "XQZ lowered diarrhoea more than zinc did.",
    "This trial will show whether zinc prevents diarrhoea.",
    "Mortality and diarrhoea were similar, but zinc caused vomiting.",
    "Zinc <b>cures</b> diarrhoea, see https://example.org for more.",
    "Zinc",
)
_TITLES = (
    "Zinc for diarrhoea in children",
    "Zinc in weaned piglets with diarrhoea",
    "Zinc for diarrhoea: study protocol",
    "Growth of children after diarrhoea",
)
_QUESTIONS = (
    "Does zinc reduce diarrhoea in children?",
    "zinc diarrhoea",
    "How is diarrhoea treated?",
    "What is the effect of zinc compared with placebo on diarrhoea?",
    "Is zinc safe?",
)
SECTION = st.tuples(
    st.sampled_from([role.value for role in Role]),
    st.lists(st.sampled_from(_SENTENCES), min_size=1, max_size=4).map(" ".join),
)
WORK = st.tuples(st.sampled_from(_TITLES), st.lists(SECTION, min_size=1, max_size=4))


def _library(made):
    return [abstract(f"made-{n}", title, *parts, pmid=f"9{n}") for n, (title, parts) in enumerate(made)]


@MANY
@given(made=st.lists(WORK, min_size=1, max_size=4), question=st.sampled_from(_QUESTIONS))
def test_what_is_quoted_stands_so_in_its_work_in_a_part_that_finds_something(made, question, world):
    works = _library(made)
    held = {s.id: s for work in works for s in sentences_of(work)}
    outcome = outcome_of(Question(question), over(world, works))
    if isinstance(outcome.result, Article):
        for claim in outcome.result.claims:
            for source, sentence in claim.claim.cited:
                if source.id.startswith("made-"):
                    assert sentence.text == held[sentence.id].text == claim.claim.text
                    assert claim.support.value == "quoted"
                    assert held[sentence.id].role.may_be_cited


@MANY
@given(made=st.lists(WORK, min_size=1, max_size=4), question=st.sampled_from(_QUESTIONS))
def test_an_answer_over_works_keeps_the_contract(made, question, world):
    there = over(world, _library(made))
    assert check(encoded(outcome_of(Question(question), there), there), world.lexicon) == []


@MANY
@given(made=st.lists(WORK, min_size=1, max_size=4), question=st.sampled_from(_QUESTIONS))
def test_what_hangs_on_a_sentence_is_never_shown_without_it(made, question, world):
    outcome = outcome_of(Question(question), over(world, _library(made)))
    if isinstance(outcome.result, Article):
        shown = {claim.claim.sentence.id for claim in outcome.result.claims}
        for claim in outcome.result.claims:
            assert set(claim.claim.sentence.pairs_with) <= shown or claim.claim.sentence.role is None
        for name in shown:
            if name.startswith("made-"):
                text = next(c.claim.text for c in outcome.result.claims if c.claim.sentence.id == name)
                before = f"{name.split('#')[0]}#{int(name.split('#')[1]) - 1}"
                assert not text.startswith(("However", "These effects", "It was")) or before in shown


@MANY
@given(
    made=st.lists(WORK, min_size=1, max_size=3),
    question=st.sampled_from(["How is croup treated?", "What are the signs of cervical myelopathy?"]),
)
def test_works_take_no_statement_out_of_an_answer(made, question, world):
    plain, beside = (
        outcome_of(Question(question), w) for w in (world, over(world, [*WORKS, *_library(made)]))
    )
    assert {c.id for c in plain.result.claims} <= {c.id for c in beside.result.claims}


@MANY
@given(made=st.lists(WORK, min_size=1, max_size=3), question=st.sampled_from(_QUESTIONS))
def test_the_same_works_in_another_order_give_the_same_answer(made, question, world):
    works = _library(made)
    one, other = (outcome_of(Question(question), over(world, w)).result for w in (works, works[::-1]))
    assert one == other
