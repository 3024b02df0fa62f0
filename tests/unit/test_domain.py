"""Ages as numbers, verbs by grade, and what a follow-up may take over."""

from __future__ import annotations

import pytest

from consilium.domain.evidence import Checked, Origin, Sentence, Source, SourceKind, StatementKind
from consilium.domain.grade import Direction, Grade, Strength
from consilium.domain.population import Age, Band
from consilium.pipeline.frames import frame_of, nlm, verb_of
from consilium.pipeline.tailor import reading_grade


@pytest.mark.parametrize(
    "value,unit,low,high,band_unit,inside",
    [
        (18, "days", 8, 21, "days", True), (18, "days", 22, 28, "days", False),
        (21, "days", 8, 21, "days", True), (22, "days", 8, 21, "days", False),
        (78, "years", 76, None, "years", True), (78, "years", 40, 75, "years", False),
        (75, "years", 40, 75, "years", True), (3, "weeks", 8, 21, "days", True),
        (2, "years", 6, 60, "months", True), (6, "years", 6, 60, "months", False),
    ],
)  # fmt: skip
def test_an_age_is_compared_with_a_band_as_numbers(value, unit, low, high, band_unit, inside):
    assert Band(low, high, band_unit).holds(Age.of(value, unit)) is inside


def _sentence(
    native, strength=Strength.NOT_STATED, direction=Direction.FOR, kind=StatementKind.RECOMMENDATION
):
    return Sentence("a#1", "a", "Do it.", kind, Origin.SUMMARY, Checked.PRIMARY, "a#1",
                    Grade(strength, direction, native=native))  # fmt: skip


@pytest.mark.parametrize(
    "native,verb",
    [
        ("weak recommendation, low-quality evidence", "suggests"), ("conditional", "suggests"),
        ("strong recommendation", "recommends"), ("Usually Appropriate", "rates by appropriateness"),
        ("NICE 1.1.2 'consider'", "says to consider"), (None, "states"), ("Grade B", "states"),
        ("NICE quality standard QS56 statement 3", "sets as a quality standard"),
    ],
)  # fmt: skip
def test_the_verb_is_the_issuers_own(native, verb):
    assert verb_of(_sentence(native)) == verb


def test_insufficient_evidence_is_never_worded_as_advice():
    said = verb_of(_sentence("I statement", Strength.INSUFFICIENT))
    assert said == "found the evidence insufficient to recommend for or against"


def test_a_warning_warns_and_a_study_reports():
    study = Source(
        "a", 1, SourceKind.STUDY, "A trial", "randomised trial", year=2020, authors="Doe J, et al."
    )
    assert verb_of(_sentence(None, kind=StatementKind.WARNING)) == "warns"
    assert frame_of(_sentence(None), study) == "A randomised trial, Doe J (2020) reports"


def test_a_reference_is_written_in_nlm_order():
    source = Source("a", 1, SourceKind.STUDY, "A trial", "randomised trial", year=2020, authors="Doe J",
                    journal="Lancet", locator="1:2-3", doi="10.1/x", pmid="1")  # fmt: skip
    assert nlm(source) == "Doe J. A trial. Lancet. 2020;1:2-3. doi:10.1/x. PMID: 1."


def test_longer_words_and_sentences_read_harder():
    assert reading_grade("Go to bed. Drink water.") < reading_grade(
        "Pharmacological thromboprophylaxis necessitates individualised haemorrhagic risk stratification."
    )
