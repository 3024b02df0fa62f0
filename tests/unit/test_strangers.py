"""Names that no list holds are found where a text speaks of a person; diseases, drugs and slips stay."""

from __future__ import annotations

import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.measure_scrubber import marked, measured

from consilium.evaluation import coverage
from consilium.lexicon import concepts
from consilium.pipeline.anonymous import identifying, masked

LEXICON = concepts.load()
NAMED = {
    "zbigniew kowalczyk has gout, what now": "has gout, what now",
    "my patient zbigniew kowalczyk has gout": "my patient has gout",
    "my son mehmet has croup": "my son has croup",
    "a girl named niamh with croup": "a girl named with croup",
    "emily is 20 and has gout": "is 20 and has gout",
    "Grace Abernathy presented with gout": "presented with gout",
    "Kowalczyk, Zbigniew (DOB 28/02/1969) with gout": "( ) with gout",
    "Re: Niamh Gallagher, gout": ", gout",
    "Hi, I'm Xiomara Kowalczyk and I have gout": "Hi, I'm and I have gout",
    "mrs o'sullivan has gout": "has gout",
    "ref H819398 / gout": "ref / gout",
    "Ingeborg's gout is worse": "'s gout is worse",
}
STAYS = (
    "astma has got worse, what next",
    "severe astma has got worse",
    "warfrin was given, what now",
    "Crohn has relapsed",
    "Grace score has what cutoff",
    "Atrial Fibrillation has what treatment?",
    "my newborn is yellow",
    "my son vomits",
    "how should a baby sleep safely",
    "Patient: chest pain since 3 days",
    "this is type two diabetes",
    "I am very tired",
    "ref 2017 guideline",
    "McArdle's disease: is there a treatment?",
    "Lucio's phenomenon is seen in which disease?",
    "extract of St. John's wort in depression",
    "Belzutifan has shown effects in which diseases?",
    "Patient: severe headache since Monday",
    "Re: new onset seizures",
    "Baby was born at 28 weeks, caffeine?",
    "Infant, preterm, born at 28 weeks",
    "the nurse also said that it is gout",
    "Pt: recurrent otitis media",
)


@pytest.mark.parametrize("asked,planned", NAMED.items())
def test_a_stranger_is_taken_out_before_a_question_is_planned(asked, planned):
    assert masked(asked, LEXICON) == planned


@pytest.mark.parametrize("asked", STAYS)
def test_what_names_nobody_stays(asked):
    assert masked(asked, LEXICON) == asked


def test_the_shipped_questions_stay_but_for_one_date():
    asked = {t.text for t in coverage.topics()} | {q.question.text for q in coverage.unanswerable()}
    for new in (False, True):
        asked |= {topic.text for _, topic in coverage.rewordings(new=new)}
    assert len(asked) > 1000
    assert [f.words for text in asked for f in identifying(text, LEXICON)] == ["3 May 2011"]


# Recall was .70 on either half before names of strangers were looked for; python tools/measure_scrubber.py.
@pytest.mark.parametrize("half,least", [("tune", 0.98), ("held", 0.91)])
def test_most_of_what_identifies_somebody_is_found_and_nothing_else(half, least):
    rows = [row for row in marked() if row.half == half]
    assert len(rows) == 150
    got = measured(rows)
    assert got.recall >= least
    assert got.precision == 1.0


def test_nothing_but_names_and_a_post_code_is_missed():
    missed = [(kind, words) for kind, words, _ in measured(marked()).missed if kind != "name"]
    assert missed == [("postcode", "BS8 1TH")]


@given(st.text(string.ascii_letters + " .,'’-?\n0189", max_size=300))
def test_findings_are_in_order_and_apart(text):
    place = 0
    for finding in identifying(text, LEXICON):
        assert place <= finding.start < finding.end <= len(text)
        assert finding.words == text[finding.start : finding.end]
        place = finding.end


@pytest.mark.parametrize(
    "unit", ["Abcde has. ", "my son zbig ", "o'", "a-", "re: a b ", "x " * 5 + "has ", "Qwzx's "]
)
def test_a_long_text_takes_no_long_time(unit):
    identifying("my son zbigniew has", LEXICON)  # what is made once
    started = time.process_time()
    identifying((unit * 2_000)[:2_000], LEXICON)
    assert time.process_time() - started < 1.0
