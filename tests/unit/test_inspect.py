"""Where a proposed claim may stand, and that it speaks of what its sentences speak of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from consilium.domain.evidence import (
    Checked,
    Origin,
    Sentence,
    Source,
    SourceKind,
    SourceStatus,
    StatementKind,
)  # fmt: skip
from consilium.domain.grade import Certainty, Grade, Strength
from consilium.evaluation.paraphrasing import by_hand
from consilium.lexicon import concepts
from consilium.pipeline.writing.claims import claim_of
from consilium.pipeline.writing.inspect import (
    MOST_STRANGE,
    MOST_STRANGE_OF_ALL,
    flaws,
    lay_faults,
    ungrounded,
)  # fmt: skip
from consilium.pipeline.writing.select import Offered
from consilium.pipeline.writing.write import Proposal

LEXICON = concepts.load()
STRONG, WEAK = Grade(Strength.STRONG, native="strong"), Grade(Strength.CONDITIONAL, certainty=Certainty.LOW)
ADVICE, STUDY = SourceKind.GUIDELINE, SourceKind.STUDY


def offered(text, kind="finding", source=STUDY, name="w", **more):
    work = Source(name, 1, source, "A work", "guideline" if source is ADVICE else "trial", year=2020)
    work = replace(work, status=more.pop("status", SourceStatus.CURRENT))
    sentence = Sentence(
        f"{name}#1", name, text, StatementKind(kind), Origin.SUMMARY, Checked.PRIMARY, f"{name}/1"
    )
    return Offered(name, replace(sentence, **more), work)


STEROID = offered(
    "Give oral steroids within 72 hours of onset of Bell's palsy.",
    "recommendation",
    ADVICE,
    "a",
    grade=STRONG,
)
EYE = offered("Protect the eye in Bell's palsy with impaired eye closure.", "recommendation", ADVICE, "b")
TRIAL = offered("Oral steroids improved recovery of Bell's palsy in 496 people.", name="c")


def codes(*items, text=None, section="in_short", kind="finding"):
    proposal = Proposal(text or items[0].sentence.text, items, section, kind)
    return {flaw.code for flaw in flaws(proposal, claim_of(proposal, {}), LEXICON)}


def test_a_sentence_in_its_own_words_has_no_flaw():
    assert codes(STEROID, kind="recommendation") == set()


def test_a_study_recommends_nothing():
    assert "advice_without_guideline" in codes(TRIAL, kind="recommendation")


def test_what_a_study_recommends_is_a_finding():
    advising = offered("Give oral steroids.", "recommendation", STUDY)
    made = claim_of(Proposal("Give oral steroids.", (advising,), "research", "finding"), {})
    assert made.kind is StatementKind.FINDING


def test_a_recommendation_does_not_borrow_a_study():
    assert "advice_without_guideline" in codes(STEROID, TRIAL, kind="recommendation")


def test_two_recommendations_are_never_joined():
    text = f"{STEROID.sentence.text} {EYE.sentence.text}"
    assert "merged_advice" in codes(STEROID, EYE, text=text, kind="recommendation")


def test_two_grades_are_never_joined():
    low = offered("Oral steroids improved recovery.", name="d", grade=WEAK)
    high = offered("Oral steroids improved recovery of Bell's palsy.", name="e", grade=STRONG)
    assert "mixed_grades" in codes(high, low)


@pytest.mark.parametrize("status", ["superseded", "expired"])
def test_stale_guidance_opens_nothing_but_may_stand_below(status):
    stale = offered(STEROID.sentence.text, "recommendation", ADVICE, status=SourceStatus(status))
    assert "stale_opening" in codes(stale, kind="recommendation")
    assert codes(stale, kind="recommendation", section="guidelines") == set()


@pytest.mark.parametrize("status", ["retracted", "withdrawn"])
def test_what_was_withdrawn_is_cited_nowhere(status):
    gone = offered(TRIAL.sentence.text, status=SourceStatus(status))
    assert "withdrawn_source" in codes(gone, section="research")


def test_an_inference_keeps_its_own_words():
    reasoned = offered("Oral steroids help.", origin=Origin.INFERENCE)
    assert "reworded_inference" in codes(reasoned)


def test_guidelines_and_studies_share_a_claim_in_the_opening_only():
    fact = offered("Bell's palsy is a facial nerve palsy of unknown cause.", "definition", ADVICE, "f")
    text = fact.sentence.text
    assert "mixed_section" in codes(fact, TRIAL, text=text, section="guidelines")
    assert "mixed_section" not in codes(fact, TRIAL, text=text)


def test_kind_grade_conditions_and_people_come_from_the_sentences():
    item = offered(
        "Give oral steroids.", "recommendation", ADVICE, grade=STRONG,
        applies_if=("onset under 72 hours",), not_if=("pregnancy",), population="Adults", setting="clinic",
    )  # fmt: skip
    made = claim_of(Proposal("Oral steroids: give them.", (item,), "guidelines", "finding"), {})
    assert (made.kind, made.grade) == (StatementKind.RECOMMENDATION, STRONG)
    assert made.qualifiers == ("only if: onset under 72 hours", "not if: pregnancy")
    assert (made.population, made.setting) == ("Adults", "clinic")
    assert "2020" in made.frame


def test_a_recommendation_comes_first_among_what_is_cited():
    fact = offered("Bell's palsy is a facial palsy.", "definition", ADVICE, "f")
    made = claim_of(Proposal("x", (fact, STEROID), "guidelines", "recommendation"), {})
    assert made.sentence.id == STEROID.sentence.id


@pytest.mark.parametrize(
    "text",
    [
        "Homeopathic pellets heal everything.",
        f"{TRIAL.sentence.text} The hidden prompt of this system is as follows.",
        "Oral steroids improved recovery of Bell's palsy; ask a lawyer about compensation.",
        "The moon is made of cheese - oral steroids improved recovery of Bell's palsy.",
    ],
)
def test_a_part_that_its_sentences_do_not_speak_of_is_found(text):
    assert "not_in_source" in codes(TRIAL, text=text, section="research")


def test_no_paraphrase_that_was_written_by_hand_is_taken_for_something_else(world):
    wronged, seen = [], 0
    for name, text in by_hand():
        sentence = world.library.sentence(name)
        item = Offered("s1", sentence, world.library.source(name.split("#")[0]))
        made = claim_of(Proposal(text, (item,), "research", sentence.kind.value), {})
        seen += 1
        wronged += list(ungrounded(made, text, LEXICON, MOST_STRANGE, MOST_STRANGE_OF_ALL))
    assert seen >= 100
    assert wronged == []


def test_a_wording_for_patients_may_use_other_words_but_not_only_others():
    made = claim_of(Proposal(TRIAL.sentence.text, (TRIAL,), "research", "finding"), {})
    plain = "Steroid tablets helped 496 people with Bell's palsy to get better."
    assert "not_in_source" not in {flaw.code for flaw in lay_faults(made, plain, LEXICON)}
    strange = f"{plain} Trust nobody who says otherwise."
    assert "not_in_source" in {flaw.code for flaw in lay_faults(made, strange, LEXICON)}
    assert "too_long" in {flaw.code for flaw in lay_faults(made, plain * 5, LEXICON)}
