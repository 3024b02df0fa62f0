"""What could identify a person never reaches the plan; what a clinician needs does."""

from __future__ import annotations

import pytest

from consilium.lexicon import concepts
from consilium.pipeline.anonymous import caution, masked

LEXICON = concepts.load()
NAMED = {
    "help Mrs Jones born 3.4.1950 with atrial fibrillation": "help with atrial fibrillation",
    "help mrs jones born 3.4.1950 with atrial fibrillation": "help with atrial fibrillation",
    "Mr Parkinson has Parkinson disease: levodopa?": "has Parkinson disease: levodopa?",
    "my daughter Ella has croup": "my daughter has croup",
    "John Smith, NHS number 943 476 5919, gout": ", , gout",
    "Re: John Smith, DOB 14/03/1962, MRN is 84213377. Gout?": ", , . Gout?",
    "hospital number: 84213377, gout in hospital": ", gout in hospital",
}
TERMS = (
    "Parkinson disease", "Mr angiography", "C5/C6 radiculopathy", "L4/L5 disc", "T10 level", "BP 120/80",
    "metformin 500 mg", "metformin 500", "HbA1c 53", "TSH 24", "Charcot Marie Tooth", "Charcot-Marie-Tooth",
    "Marie-Strumpell disease", "Guillain-Barré syndrome", "Bell palsy", "Bell's palsy", "Graves disease",
    "Addison disease", "Crohn's disease", "Down syndrome", "Turner syndrome", "Marfan syndrome",
    "Dr Scholl's wart remover", "Yasmin", "Ella", "Babinski sign", "Hoffmann sign", "Lhermitte sign",
    "Lewy body dementia", "Hodgkin lymphoma", "Wilson disease", "Paget disease", "Alzheimer disease",
    "Sister Mary Joseph nodule", "Charles Bonnet syndrome", "Lyme disease", "Barrett oesophagus",
    "Ottawa ankle rules", "Wells score 4", "CHA2DS2-VASc 3", "mRS 0-2", "mrs score with thrombectomy",
    "ms relapse is", "MS relapse", "eGFR 45-59", "potassium 6.5", "INR 2-3", "1.5-2.0 mmol/L",
    "NICE NG234", "0.15 mg/kg", "vancomycin 200 300 1000 mg", "8/12/24 hours", "G2P1 37+4 weeks",
    "vitamin B12 1ST line", "COVID-19", "H5N1", "HER2", "factor V Leiden", "65-year-old", "paracetamol 1 g",
)  # fmt: skip


@pytest.mark.parametrize("asked,planned", NAMED.items())
def test_a_person_is_taken_out_before_a_question_is_planned(asked, planned):
    assert masked(asked, LEXICON) == planned


@pytest.mark.parametrize("term", TERMS)
def test_a_clinical_term_that_looks_like_a_name_or_number_stays(term):
    asked = f"What is known about {term} in adults?"
    assert masked(asked, LEXICON) == asked


@pytest.mark.parametrize("asked", NAMED)
def test_whoever_names_a_person_is_warned(asked):
    assert "take it out before you share the answer" in caution(asked, LEXICON)


def test_whoever_names_nobody_is_not_warned():
    assert caution("What is Parkinson disease?", LEXICON) is None


def test_the_warning_names_what_was_found():
    told = caution("Mrs Jones, a@b.org, born 3.4.1950: gout", LEXICON)
    assert "an e-mail address (“a@b.org”)" in told
    assert "a name (“Mrs Jones”)" in told
    assert "a date (“3.4.1950”)" in told


def test_the_name_is_in_the_title_and_not_in_the_search(answered):
    question = "help Mrs Jones born 3.4.1950 with atrial fibrillation"
    answer = answered(question)
    assert answer["kind"] == "article"
    assert answer["content"]["question"] == question
    plan = answer["run"]["plan"]
    assert "Jones" not in plan["understood"] + " ".join(plan["topics"])
    assert "1950" not in plan["understood"] + " ".join(plan["topics"])


def test_a_name_changes_nothing_about_what_is_cited(answered):
    plain = answered("help with atrial fibrillation")["content"]
    named = answered("help Mrs Jones born 3.4.1950 with atrial fibrillation")["content"]
    assert plain["claims"] == named["claims"]


def test_the_command_line_warns_and_answers(run_cli):
    done = run_cli("ask", "my son Oliver has croup: does dexamethasone help?")
    assert done.returncode == 0
    assert "This question seems to hold a name (“Oliver”)" in done.stderr


def test_a_batch_says_which_question_names_somebody(run_cli):
    batch = "Does dexamethasone help in croup?\nMrs Jones has gout: allopurinol?\n"
    done = run_cli("ask", "--batch", "-", "--format", "json", stdin=batch)
    assert "Question 2: This question seems to hold a name" in done.stderr
    assert "Question 1" not in done.stderr
