"""How questions are read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from consilium.domain.question import Audience, FollowUp, Intent, Question
from consilium.pipeline.followup import carry_over
from consilium.pipeline.plan import plan
from consilium.pipeline.safety import emergency_in

LAY_EMERGENCY = "back's killing me, legs gone numb since this morning and cant pee - what painkiller"


@pytest.fixture
def planned(world):
    return lambda text: plan(Question(text), world.lexicon, world.index, world.speller)


@pytest.mark.parametrize(
    "text,intent",
    [
        ("What dose of adrenaline in anaphylaxis?", Intent.DOSING),
        ("Is ibuprofen safe in heart failure?", Intent.HARM),
        ("What are the signs of croup?", Intent.SIGNS),
        ("Which scan for sciatica?", Intent.IMAGING),
        ("How is croup treated?", Intent.TREATMENT),
        ("Who should be screened for diabetes?", Intent.SCREENING),
    ],
)
def test_the_intent_is_read_from_its_cue(planned, text, intent):
    assert planned(text).intent is intent


def test_an_age_is_read_as_a_number_and_weeks_of_pregnancy_are_not(planned):
    assert planned("Well 18-day-old with fever").age.words == "18 days"
    assert planned("Start a statin at 78?").age.words == "78 years"
    assert planned("Chlamydia at 10 weeks pregnant").age is None


def test_alternatives_share_a_group(planned):
    terms = [t for t in planned("Apixaban or warfarin for atrial fibrillation?").terms if t.kind == "drug"]
    assert len(terms) == 2
    assert terms[0].either is not None
    assert terms[0].either == terms[1].either


def test_a_slip_is_repaired_and_said(planned):
    made = planned("bronchiolitis treatmnt in hypertenssion")
    assert ("hypertenssion", "hypertension") in made.corrections


def test_a_lay_first_person_emergency_stands_alone_and_names_what_was_noticed():
    found = emergency_in(LAY_EMERGENCY, Audience.PATIENT, None)
    assert found is not None
    assert found.alone
    assert "emergency department now" in found.text
    assert "cant pee" in found.text


def test_the_configured_number_is_used_and_none_is_guessed():
    assert "112" in emergency_in(LAY_EMERGENCY, Audience.PATIENT, "112").text
    assert not any(c.isdigit() for c in emergency_in(LAY_EMERGENCY, Audience.PATIENT, None).text)


def test_a_clinicians_question_is_answered():
    assert emergency_in("Bilateral leg numbness and retention: which scan?", Audience.CLINICIAN, None) is None


EARLIER = FollowUp("sha256:" + "0" * 64, "How is croup treated?", ("croup",), ("pregnancy",))


def test_a_follow_up_fills_the_slots_that_it_leaves_empty(planned, world):
    made = carry_over(planned("and how fast should it be referred?"), EARLIER, world.lexicon, world.index)
    assert "croup" in made.concepts()
    assert "croup" in made.inherited


def test_a_follow_up_about_another_person_takes_over_nobody(planned, world):
    made = carry_over(planned("and her baby?"), EARLIER, world.lexicon, world.index)
    assert "pregnancy" not in made.concepts()


def test_a_follow_up_that_says_only_for_whom_asks_the_same_thing(planned, world):
    earlier = replace(EARLIER, plan_intent=Intent.TREATMENT)
    made = carry_over(planned("and in pregnancy?"), earlier, world.lexicon, world.index)
    assert made.intent is Intent.TREATMENT


def test_a_baby_is_no_adult_and_no_adolescent(planned, answered):
    assert planned("and her baby?").age.high < 2 * 365
    assert answered("Gonorrhoea in her baby: which treatment?")["kind"] == "abstention"


def test_a_new_topic_is_not_mixed_with_the_old_one(planned, world):
    made = carry_over(planned("How is asthma treated?"), EARLIER, world.lexicon, world.index)
    assert "croup" not in made.concepts()
