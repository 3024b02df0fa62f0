"""Labels, or words and place, tell what the parts of an abstract do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilium.adapters.sources.abstracts import sections_of
from consilium.adapters.sources.labelled import parts_of
from consilium.adapters.sources.rhetoric import ORDER, packed, roles_in, unpacked
from consilium.adapters.sources.roles import roles_of
from consilium.domain.role import Role

B, A, M, R, C, X = Role.BACKGROUND, Role.AIM, Role.METHODS, Role.RESULTS, Role.CONCLUSION, Role.OTHER
LABELS = [
    ("BACKGROUND", (B,)), ("Introduction", (B,)), ("CONTEXT", (B,)), ("SUMMARY OF BACKGROUND DATA", (B,)),
    ("OBJECTIVE(S)", (A,)), ("AIMS", (A,)), ("STUDY OBJECTIVE", (A,)), ("HYPOTHESIS", (A,)), ("PURPOSE", (A,)),
    ("BACKGROUND AND PURPOSE", (B, A)), ("METHOD", (M,)), ("MATERIALS AND METHODS", (M,)), ("PATIENT(S)", (M,)),
    ("DESIGN, INTERVENTIONS, AND MAIN OUTCOME MEASURES", (M,)), ("MAIN OUTCOME MEASURES", (M,)),
    ("DATA COLLECTION AND ANALYSIS", (M,)), ("SELECTION CRITERIA", (M,)), ("TRIAL REGISTRATION", (M,)),
    ("RESULTS", (R,)), ("FINDINGS", (R,)), ("DATA SYNTHESIS", (R,)), ("METHODS AND RESULTS", (M, R)),
    ("MEASUREMENTS AND MAIN RESULTS", (M, R)), ("Methodology/Principal Findings", (M, R)),
    ("CONCLUSION(S)", (C,)), ("INTERPRETATION", (C,)), ("REVIEWER'S CONCLUSIONS", (C,)), ("DISCUSSION", (C,)),
    ("Conclusions/Significance", (C,)), ("CLINICAL IMPLICATIONS", (C,)), ("3. Results", (R,)), ("LIMITATIONS", (X,)),
    ("RECOMMENDATIONS", (Role.RECOMMENDATION,)), ("WHATEVER", ()),
]  # fmt: skip


@pytest.mark.parametrize("label,roles", LABELS)
def test_a_label_names_its_roles(label, roles):
    assert roles_of(label) == roles


def test_an_unknown_label_does_what_the_library_sorted_it_into():
    assert roles_of("WHATEVER", "RESULTS") == (R,)


def test_a_discussion_in_full_text_also_tells_what_others_found():
    assert roles_of("4. Discussion", full_text=True) == (X,)


@pytest.mark.parametrize(
    "text,labels",
    [
        ("BACKGROUND: One. RESULTS: Two.", ["BACKGROUND", "RESULTS"]),
        ("Introduction: One. Methods: Two. Conclusion: Three.", ["Introduction", "Methods", "Conclusion"]),
        ("PATIENT(S): Ten. MAIN OUTCOME MEASURE(S): Pain.", ["PATIENT(S)", "MAIN OUTCOME MEASURE(S)"]),
        ("OBJECTIVE: One per day RESULTS: Two fell.", ["OBJECTIVE", "RESULTS"]),
        ("We had two aims: to walk and to rest. The ratio was 1:3.", [None]),
        ("Methods: not a label, for it stands alone.", [None]),
        ("CONCLUSION: A label, though it stands alone.", ["CONCLUSION"]),
        ("Before all. RESULTS: After.", [None, "RESULTS"]),
        ("The following were measured (see UK700: a trial). Pain fell.", [None]),
    ],
)
def test_labels_within_a_text_part_it(text, labels):
    assert [label for label, _ in parts_of(text)] == labels


def test_the_registration_after_an_abstract_is_no_conclusion():
    told = roles_in(
        [
            "Pain is common in adults.",
            "We randomly assigned 40 adults to walking or rest.",
            "Pain fell by 2.5 points (P < 0.001).",
            "Walking should be recommended.",
            "ClinicalTrials.gov NCT01234567.",
        ]
    )
    assert told == [B, M, R, C, M]


def test_too_few_sentences_tell_nothing():
    assert roles_in(["Pain fell.", "It rose."]) == [X, X]


def test_a_label_of_two_roles_allows_only_these():
    told = roles_in(["We measured pain in 40 adults.", "Pain fell by 20% (P < 0.05)."], (M, R))
    assert told == [M, R]


def test_a_label_that_says_nothing_of_the_kind_is_other():
    (made,) = sections_of([("WHATEVER", None, "Something.")])
    assert (made["label"], made["role"]) == ("WHATEVER", "other")


@given(st.lists(st.lists(st.floats(-9, 9), min_size=5, max_size=5), max_size=60))
def test_sums_of_packed_weights_are_the_sums_of_the_weights(rows):
    expected = [sum(round(100 * row[n]) for row in rows) for n in range(len(ORDER))]
    assert unpacked(sum(map(packed, rows))) == expected


@given(st.lists(st.text(max_size=40).map(lambda t: t.replace("\n", " ")), min_size=1, max_size=12))
def test_every_sentence_has_a_role(sentences):
    assert len(roles_in(sentences)) == len(sentences)


@given(st.text(st.sampled_from("AB ab.:\n() RESULTS"), max_size=120))
def test_no_letter_of_a_text_is_lost_in_its_sections(text):
    plain = " ".join(text.split())
    made = sections_of([(None, None, plain)])
    kept = "".join((s["label"] or "") + s["text"] for s in made)
    assert sorted(c for c in kept if c.isalpha()) == sorted(c for c in plain if c.isalpha()) or len(
        {s["label"] for s in made}
    ) < len(made)
