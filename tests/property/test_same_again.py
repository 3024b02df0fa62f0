"""What was just recorded is answered again the same, whatever was asked, on whatever thread."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.embedding import FakeEmbedder

from consilium import __version__
from consilium.adapters.index.hybrid import Hybrid
from consilium.adapters.replay.difference import differences, same_article
from consilium.adapters.replay.record import asked_json, asked_of, recordable, recorded
from consilium.adapters.vectors.embed import embed
from consilium.adapters.vectors.meaning import Meaning
from consilium.api import encoded, follow_up_of, outcome_of
from consilium.domain.question import Audience, Question
from consilium.errors import QuestionError
from consilium.evaluation.coverage import topics
from consilium.lexicon import concepts
from consilium.pipeline.anonymous import masked
from consilium.wiring import basis

KNOWN = [topic.text for topic in topics()]
NAMES = sorted(concept.name for concept in concepts.load().concepts.values())
GLUE = ["dose of", "in pregnancy", "or", "for a 3 year old", "MRI?", "severe", "zzqx", "my chest pain now"]
QUESTIONS = st.one_of(
    st.sampled_from(KNOWN),
    st.lists(st.one_of(st.sampled_from(NAMES), st.sampled_from(GLUE)), min_size=1, max_size=6).map(" ".join),
    st.text(min_size=1, max_size=60).filter(lambda s: any(c.isalpha() and c.isprintable() for c in s)),
)
SOME = settings(max_examples=40, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
AUDIENCES = st.sampled_from(list(Audience))


@pytest.fixture(scope="module", params=["text alone", "text and meaning"])
def searched(request, world, tmp_path_factory):
    if request.param == "text alone":
        return world
    folder = tmp_path_factory.mktemp("vectors")
    embed(folder, world.library.everything(), FakeEmbedder())
    return replace(world, index=Hybrid(world.index.text, Meaning(folder, FakeEmbedder, world.library, 10**6)))


def _record(world, question, follow_up):
    outcome = outcome_of(question, world, follow_up)
    asked = asked_json(question, follow_up)
    return recorded(outcome, asked, basis(world, __version__), world.lexicon, encoded(outcome, world))


def _again(world, then):
    """What differs when a record, as it is read from its file, is answered again."""
    then = json.loads(json.dumps(then))
    now = _record(world, *asked_of(then["asked"]))
    found = differences(then, now, then["basis"]["sources"])
    assert same_article(then, now) or found
    return found


@SOME
@given(question=QUESTIONS, audience=AUDIENCES, follows=st.none() | st.sampled_from(KNOWN))
def test_an_answer_that_was_recorded_is_answered_again_the_same(question, audience, follows, searched):
    try:
        asked = recordable(Question(question, audience), searched.lexicon)
        earlier = encoded(outcome_of(Question(follows), searched), searched) if follows else None
        then = _record(searched, asked, follow_up_of(earlier, searched) if earlier else None)
    except QuestionError:
        return
    assert _again(searched, then) == ()


@SOME
@given(question=QUESTIONS)
def test_nothing_that_could_identify_a_person_is_left_in_a_recorded_question(question, world):
    try:
        asked = recordable(Question(f"{question} for Mrs Jane Smith"), world.lexicon)
    except QuestionError:
        return
    assert masked(asked.text, world.lexicon) == asked.text
    assert "Smith" not in asked.text


def test_threads_that_answer_at_the_same_time_answer_the_same(searched):
    made = [
        _record(searched, recordable(Question(question), searched.lexicon), None) for question in KNOWN[::60]
    ]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda then: _again(searched, then), made * 4))
    assert found == [()] * len(found)
