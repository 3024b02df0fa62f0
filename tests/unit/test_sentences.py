"""Clinical text is split where a reader would split it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilium.adapters.sources.sentences import ends_of

# One case a line; " | " stands where a sentence ends.
CASES = """
Pain fell by 2 points. | Nausea was as common.
About approx. 40 adults took part. | None died.
Aspirin vs. placebo was compared. | It won.
Aspirin vs. Placebo: no difference.
Take anticoagulants (e.g. warfarin). | Stop aspirin.
Use e.g. Warfarin or heparin. | Then stop.
Direct agents, i.e. apixaban, are preferred. | Monitor.
See Fig. 2 and Fig. 3. | Both show it.
Results are in Figs. A and B. | They differ.
Dr. Smith saw the patient. | She agreed.
The trial was led by J. Smith in Oslo. | It closed early.
The report by R. D. Lew and P. M. Suter is old. | It stands.
The mean was 2.5 mg. | The dose was halved.
The difference was significant (P < .05). | Harm was rare.
The difference was significant, P < .05. | Harm was rare.
It fell (P <. 001). | It rose later.
See p. 5 for doses. | See also p. 6.
Pain at C5/C6. | Weakness at L4.
S. aureus grew in ten. | E. coli grew in two.
Infection with H. pylori was common. | P. falciparum was not seen.
Candida spp. were found. | None was resistant.
Each group had n = 5. | Two left.
It helps [2,3]. | It harms [4].
For adults.[1] | Not recommended in children.[2,3]
For adults. [1] | Not recommended in children. [2, 3]
We changed treatment.12 | We then waited.
We changed treatment.12,13 | We then waited.
We changed treatment.12–14 | None died.
The ratio was 0.5 We stopped.
1. Offer exercise. | Advise rest.
a. Offer exercise. | Advise rest.
iv. Offer exercise. | Advise rest.
Registered as No. 3 in the list. | It is old.
Registered as no. 2004 in the list. | It is old.
Mortality fell. | mRNA rose.
The drug was well tolerated. | omeprazole was stopped in two.
Both arms improved (P = 0.01). | beta-blockers were continued.
The assay was repeated. | t-tests were used.
Smith et al. found none. | Jones et al. (2010) found ten.
This was reported by Smith et al. | The cause is unknown.
This was reported by Smith et al. [12] in children. | It is rare.
The index was used by Engelhardt et al. [8]. | The rest used none.
It lasted 500 ms. | The target moved.
Give 5 mg b.i.d. for a week. | Then stop.
Give 5 mg b.i.d. | Patients were seen weekly.
In group 3, 8 mg lornoxicam i.v. was given. | Pain fell.
Doses followed by s.c. L-BLP25 were given. | One vomited.
Heparin was given i.v. | The clot shrank.
It was approved by the U.S. Food and Drug Administration. | It sells.
This was done in the U.S. | The rest was done in Kenya.
They lack vitamin D. | Calcium was normal.
Vaccinate against hepatitis B. | Screen for HIV.
Twenty were in group A. | Ten were in group B.
Preferences of Parts A and B. | Plasma rose.
At 10 a.m. on Monday blood was taken. | It clotted.
Mean age 54 (S.D. = 3). | All were men.
Wait 15 min. after food. | Then eat.
Wait 15 min. | Then eat.
Is it safe? | Yes.
Is it safe (or not?) in children. | Unknown.
It worked! | Nobody knew why.
He said "stop." | She went on.
(It was stopped early.) | No harm was seen.
It was stopped (the board met twice. It agreed.) | No harm was seen.
The cause is unknown.Forty volunteers took part.
See www.Trials.Gov for more. | It is open.
See ClinicalTrials.gov for more. | It is open.
Methods. | We searched MEDLINE.
Heading | Offer exercise to all. | Do not offer opioids
Line one\\n | line two
A total of 0. 87 was found. | It is high.
Intensive v. standard care. | Standard care won.
The St. George questionnaire was used. | It fell by 4.
In Sept. 2020 it closed. | It reopened.
The dose was 5 mg/kg. | 20 children vomited.
Two groups. | (1) Cases. | (2) Controls.
Vol. 3 is missing. | Vol. 4 is not.
A β-blocker helped. | β-Blockers are old.
L. Jones, M.D. and Ph.D. students took part. | All passed.
Serum K+ was 5.1 mmol/L. | Na+ was normal.
Change was -0.3 vs. -0.1, P = .02. | It was small.
Use NSAIDs, opioids, etc. | Avoid both in pregnancy.
Use NSAIDs, opioids, etc. with care. | Avoid both in pregnancy.
""".strip().splitlines()


def split(text: str) -> list[str]:
    found, start = [], 0
    for end in ends_of(text):
        found.append(text[start:end].strip())
        start = end
    return found


@pytest.mark.parametrize("case", CASES)
def test_sentences_end_where_a_reader_ends_them(case):
    heading = case.startswith(("Heading", "Line"))
    expected = case.replace("\\n", "").split(" | ")
    text = "\n".join(expected) if heading else " ".join(expected)
    if case.startswith("The cause is unknown.Forty"):
        expected = ["The cause is unknown.", "Forty volunteers took part."]
    assert split(text) == expected


def test_there_are_enough_cases():
    assert len(CASES) >= 60


def test_a_stop_before_a_newline_is_one_end():
    assert split("One.\nTwo.\n\nThree.\n") == ["One.", "Two.", "Three."]


def test_no_text_has_no_sentence():
    assert ends_of("") == []


TEXT = st.text(st.sampled_from('ab AB.!?\n()[]"12,; é–') | st.characters(), max_size=80)


@given(TEXT)
def test_ends_ascend_to_the_end_of_the_text(text):
    ends = ends_of(text)
    assert ends == sorted(set(ends))
    assert ends[-1:] == ([len(text)] if text else [])


@given(TEXT)
def test_no_sentence_goes_over_a_newline_and_none_is_empty(text):
    found = split(text)
    assert not any("\n" in sentence for sentence in found)
    if text.strip():
        assert all(found)


@given(TEXT)
def test_nothing_is_lost(text):
    assert "".join("".join(split(text)).split()) == "".join(text.split())
