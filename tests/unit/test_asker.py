"""For whom a question reads, where nobody has said."""

from __future__ import annotations

import json

import pytest

from consilium import ask
from consilium.domain.question import Audience
from consilium.evaluation.coverage import topics
from consilium.pipeline.asker import presumed

LAY = (
    "my father has atrial fibrillation, does he need a blood thinner?",
    "I have gout, what helps?",
    "Can I take ibuprofen while pregnant?",
    "I'm 34 and pregnant: which painkiller?",
    "what can help my back",
)
CLINICIANS = (
    "I have a 54-year-old man with gout: allopurinol?",
    "My patient has atrial fibrillation and falls",
    "Well 18-day-old, 38.3 C: can I skip the lumbar puncture if CRP is normal?",
    "Can I give tenecteplase?",
    "Should I keep a beta-blocker going years after a myocardial infarction?",
    "atrial fibrillation",
    "I'm a GP: my father has gout",
)


@pytest.mark.parametrize("text", LAY)
def test_a_lay_first_person_is_a_patient(text):
    assert presumed(text) is Audience.PATIENT


@pytest.mark.parametrize("text", CLINICIANS)
def test_a_clinicians_first_person_is_none(text):
    assert presumed(text) is Audience.CLINICIAN


def test_no_known_question_of_a_clinician_reads_like_a_patients():
    assert [t.text for t in topics() if presumed(t.text) is Audience.PATIENT] == []


def test_the_command_line_words_a_lay_question_for_a_patient(run_cli):
    done = run_cli("ask", LAY[0], "--format", "json")
    assert json.loads(done.stdout)["rendering"]["audience"] == "patient"


def test_whoever_chooses_an_audience_gets_it(run_cli):
    done = run_cli("ask", LAY[0], "--format", "json", "--for", "clinician")
    assert json.loads(done.stdout)["rendering"]["audience"] == "clinician"


def test_the_python_interface_presumes_the_same(library_folder, world):
    assert ask(LAY[0], library=library_folder)["rendering"]["audience"] == "patient"


def test_what_has_no_gloss_is_told_by_what_it_is_a_kind_of(world):
    from consilium.pipeline.tailor import _glosses

    told = _glosses("Start solifenacin-tamsulosin.", world.lexicon)
    assert told[0][1].startswith("a kind of ")


def test_a_patients_frame_is_short(answered):
    claims = answered("What helps in gout?", "patient")["rendering"]["claims"].values()
    assert any(claim["text"].startswith("Your team may follow this: ") for claim in claims)
