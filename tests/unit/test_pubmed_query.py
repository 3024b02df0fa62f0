"""A plan becomes queries for PubMed, and nothing that the asker typed is in them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.outside.records import RECORDS
from tests.outside.terms import matching, phrases

from consilium.domain.question import Question
from consilium.pipeline.plan import plan
from consilium.pipeline.pubmed_query import kept_back, queries


@pytest.fixture
def asked(world):
    def ask(text):
        made = plan(Question(text), world.lexicon, world.index, world.speller)
        return queries(made, world.lexicon), made

    return ask


def found(query):
    return [record["pmid"] for record in matching(query.term, RECORDS)]


def test_guidelines_come_first_then_reviews_and_trials_then_the_rest(asked):
    made, _ = asked("How is gout treated?")
    assert [query.looks_for for query in made] == [
        "guidelines",
        "systematic reviews and trials",
        "other research",
    ]
    assert [found(query) for query in made] == [["90000001"], ["90000002", "90000003"], ["90000006"]]


def test_a_concept_is_asked_for_by_its_heading_and_its_names(asked):
    (query, *_), _ = asked("gout")
    assert '("Gout"[mh] OR "gout"[tiab] OR ' in query.term


def test_every_concept_of_a_question_must_be_there(asked):
    (query, *_), _ = asked("Is febuxostat better than allopurinol in gout?")
    assert query.term.count(") AND (") == 3


def test_alternatives_are_asked_for_together(asked):
    (query, *_), _ = asked("alteplase or tenecteplase for stroke")
    block = next(part for part in query.term.split(") AND (") if "tenecteplase" in part)
    assert "alteplase" in block


def test_what_only_describes_the_setting_is_not_asked_for(asked):
    (query, *_), _ = asked("What are the upper motor neuron signs associated with back pain?")
    assert "back pain" not in query.term


def test_a_word_that_the_lexicon_does_not_know_is_kept_back(asked):
    made, planned = asked("treatment of gout by the zorblax method")
    assert all("zorblax" not in query.term.lower() for query in made)
    assert "zorblax" in [word.lower() for word in kept_back(planned)]


def test_a_question_that_names_nothing_known_asks_nothing(asked):
    made, planned = asked("what about zorblax")
    assert made == ()
    assert kept_back(planned)


def test_clinical_terms_that_look_like_names_or_numbers_find_their_evidence(asked):
    made, planned = asked("Mr Parkinson, metformin 500 mg in Parkinson's, C5/C6, 120/80")
    assert found(made[-1]) == ["90000005"]
    assert "C5/C6, 120/80" in planned.understood


QUESTIONS = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz ABCXYZ'-.0123456789\"[]()"), max_size=60)


@given(words=QUESTIONS)
def test_every_phrase_is_a_name_a_heading_or_a_publication_type(world, words):
    made = plan(Question(f"gout {words} metformin"), world.lexicon, world.index, world.speller)
    concepts = world.lexicon.concepts.values()
    names = {name.lower() for c in concepts for name in (c.name, *c.names)}
    headings = {name for c in concepts for name in c.mesh} | {"animals", "humans"}
    for query in queries(made, world.lexicon):
        for phrase, field in phrases(query.term):
            assert field in {"mh", "tiab", "pt"}
            assert phrase in {"mh": headings, "tiab": names}.get(field, {phrase})
        rest = re.sub(r'"[^"]*"\[\w+\]|\b(?:AND|OR|NOT)\b|[() ]', "", query.term)
        assert rest == ""
        matching(query.term, RECORDS)
