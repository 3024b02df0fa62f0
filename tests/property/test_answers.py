"""What must never happen, whatever is asked."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consilium.adapters.contract.check import check, validator
from consilium.evaluation.coverage import topics
from consilium.lexicon import concepts

NAMES = sorted(concept.name for concept in concepts.load().concepts.values())
KNOWN = [topic.text for topic in topics()]
GLUE = [
    "what is",
    "how is",
    "treated",
    "dose of",
    "in pregnancy",
    "or",
    "and",
    "for a 3 year old",
    "MRI?",
    "safe with",
    "who needs",
    "zzqx",
]
QUESTIONS = st.one_of(
    st.sampled_from(KNOWN),
    st.lists(st.one_of(st.sampled_from(NAMES), st.sampled_from(GLUE)), min_size=1, max_size=6).map(" ".join),
    st.text(min_size=1, max_size=60).filter(lambda s: any(c.isalpha() and c.isprintable() for c in s)),
)
MANY = settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
_STALE = {"superseded", "expired", "withdrawn", "retracted"}


def _ask(answered, question, audience="clinician"):
    from consilium.errors import QuestionError

    try:
        return answered(question, audience)
    except QuestionError:
        return None


@MANY
@given(question=QUESTIONS, audience=st.sampled_from(["clinician", "student", "patient"]))
def test_every_answer_keeps_the_schema_and_the_invariants(question, audience, answered, world):
    answer = _ask(answered, question, audience)
    if answer is not None:
        assert list(validator().iter_errors(answer)) == []
        assert check(answer, world.lexicon) == []


@MANY
@given(question=st.sampled_from(KNOWN))
def test_no_stale_guidance_ever_opens_an_answer(question, answered):
    answer = _ask(answered, question)
    if answer["kind"] == "article":
        status = {r["number"]: r["status"] for r in answer["content"]["references"]}
        content = answer["content"]
        first = [*content["act_now"], *content["in_short"]]
        first += [
            c for s in content["sections"] for i in s["items"] if i["role"] == "lead" for c in i["claims"]
        ]
        for claim in first:
            for citation in content["claims"][claim]["citations"]:
                assert status[citation["reference"]] not in _STALE


@MANY
@given(question=QUESTIONS)
def test_the_same_question_gives_the_same_bytes_for_every_audience(question, answered):
    made = [_ask(answered, question, audience) for audience in ("clinician", "student", "clinician")]
    if made[0] is not None and not made[0]["run"]["urgent_notice"]:
        assert len({json.dumps(answer["content"], sort_keys=True) for answer in made}) == 1


@pytest.mark.parametrize("audience", ["student", "patient"])
def test_an_audience_changes_words_and_never_the_claims(audience, answered):
    for question in KNOWN[:40]:
        one, other = _ask(answered, question), _ask(answered, question, audience)
        assert one["content"] == other["content"]
        if one["kind"] == "article":
            assert set(one["rendering"]["claims"]) == set(other["rendering"]["claims"])
