"""Recommendation sentences are recognised, and each keeps the grade of its own clause."""

from __future__ import annotations

import pytest

from consilium.adapters.sources.recommendations import advice_in, with_grades
from consilium.adapters.sources.sentences import ends_of

TASK_FORCE = {"organisation": ["US Preventive Services Task Force"], "title": "Screening"}
NOBODY = {"organisation": ["Example Hospital"], "title": "Croup"}


def advised(text, label=None, about=NOBODY):
    """What each sentence of a text was recognised as, None where it is no advice."""
    ends = with_grades(text, ends_of(text))
    found = advice_in(text, ends, label, about)
    return [found.get(str(number)) for number in range(len(ends))]


def graded(text, **where):
    """The one piece of advice in a text: its native words, strength, direction and certainty."""
    advice = next(item for item in advised(text, **where) if item)
    return tuple(advice.get(name) for name in ("native", "strength", "direction", "certainty"))


@pytest.mark.parametrize(
    "text,grade",
    [
        (
            "We recommend dexamethasone (strong recommendation, moderate-certainty evidence).",
            ("strong recommendation, moderate-certainty evidence", "strong", "for", "moderate"),
        ),
        (
            "We suggest not using nebulised mist (conditional recommendation; very low certainty of evidence).",
            ("conditional recommendation; very low certainty of evidence", "conditional", "against", "very_low"),
        ),
        ("We strongly recommend warfarin.", ("strongly recommend", "strong", "for", None)),
        ("We recommend heparin (1B).", ("1B", "strong", "for", "moderate")),
        ("We suggest aspirin [2C].", ("2C", "conditional", "for", "low")),
        ("We suggest rest (weak; low).", ("weak; low", "conditional", "for", "low")),
        ("In adults, aspirin is recommended (Class I, Level A).", ("Class I, Level A", "strong", "for", "high")),
        ("Statins are reasonable (COR 2a, LOE B-R).", ("COR 2a, LOE B-R", "conditional", "for", "moderate")),
        (
            "Sedatives should not be given (Class III: Harm, LOE C-LD).",
            ("Class III: Harm, LOE C-LD", "strong", "against", "low"),
        ),
        ("Offer an NSAID.", ("Offer", None, "for", None)),
        ("Consider oxygen for adults.", ("Consider", None, "for", None)),
        ("Do not offer opioids.", ("Do not", None, "against", None)),
        ("We recommend rest.", ("recommend", None, "for", None)),
        ("We recommend against rest.", ("recommend against", None, "against", None)),
        ("Exercise should be offered (Grade A).", ("Grade A", None, "for", None)),
        ("Exercise should be offered (Good practice statement).", ("Good practice statement", "good_practice", "for", None)),
        (
            "No recommendation can be made for or against heliox.",
            ("No recommendation can be made", "insufficient", "none", None),
        ),
    ],
)  # fmt: skip
def test_a_grade_is_kept_in_the_words_of_its_clause(text, grade):
    assert graded(text) == grade


@pytest.mark.parametrize(
    "letter,strength,direction",
    [
        ("A", "strong", "for"),
        ("B", "strong", "for"),
        ("C", "conditional", "either"),
        ("D", "strong", "against"),
    ],
)
def test_the_letters_of_the_task_force_mean_what_it_says_they_mean(letter, strength, direction):
    text = f"The USPSTF recommends screening adults. ({letter} recommendation)"
    assert graded(text, about=TASK_FORCE) == (f"{letter} recommendation", strength, direction, None)


def test_the_same_letter_of_another_body_has_no_strength():
    assert graded("We recommend rest. (B recommendation)") == ("B recommendation", None, "for", None)


def test_an_i_statement_finds_the_evidence_insufficient():
    text = "The USPSTF concludes that the current evidence is insufficient to assess screening. (I statement)"
    assert graded(text, about=TASK_FORCE) == ("I statement", "insufficient", "none", None)


def test_two_recommendations_of_one_paragraph_keep_their_own_grades():
    text = (
        "We recommend steroids (strong recommendation, high certainty). "
        "We suggest adrenaline (conditional recommendation, low certainty)."
    )
    assert [(a["strength"], a["certainty"]) for a in advised(text)] == [
        ("strong", "high"),
        ("conditional", "low"),
    ]


def test_a_grade_after_the_full_stop_belongs_to_the_sentence_before_it():
    text = "Steroids are recommended. (Strong recommendation, high-quality evidence.) Croup is common."
    first, second = advised(text)
    assert (first["strength"], second) == ("strong", None)


def test_two_strengths_in_one_sentence_are_not_made_one():
    text = "Steroids are recommended for adults (strong recommendation) and children (weak recommendation)."
    assert graded(text)[:2] == ("strong recommendation; weak recommendation", None)


def test_a_table_row_gives_its_grade_to_its_sentences():
    text = (
        "COR: 1 | LOE: A | In adults, aspirin is recommended. Statins should be given.\nRest is recommended."
    )
    assert [a.get("strength") for a in advised(text)] == ["strong", "strong", None]


def test_an_insufficient_row_lends_nothing_to_advice_beside_it():
    text = (
        "The evidence is insufficient to assess screening. Children with signs should be assessed. | Grade: I"
    )
    assert [a.get("strength") for a in advised(text, about=TASK_FORCE)] == ["insufficient", None]


def test_level_of_evidence_without_a_class_says_no_certainty():
    assert graded("Rest is recommended (Level A).")[3] is None


@pytest.mark.parametrize(
    "text",
    [
        "NICE recommends dexamethasone.",
        "The American College of Physicians recommends rest.",
        "WHO recommends that children should be given zinc.",
        "Other guidelines recommend rest.",
        "Rest is recommended by the World Health Organization.",
        "Further trials should compare the two drugs.",
        "Should children with croup be given steroids?",
        "In 2009, the USPSTF recommended rest.",
        "Bed rest was previously recommended.",
        "Studies suggest that steroids work.",
        "It should be noted that croup is common.",
        "Croup is common in winter.",
        "Adult: 250 mg orally every 12 hours",
        "It should not be given.",
        "Educate patients on:",
        "This recommendation applies to adults.",
        "See the Clinical Considerations section for details.",
        "No investigation is required.",
    ],
)
def test_what_is_no_advice_of_the_issuer_is_not_recognised(text):
    assert advised(text, label="Treatment") == [None]


@pytest.mark.parametrize("issuer", ["National Institute for Health and Care Excellence (NICE)", "NICE"])
def test_the_issuers_own_name_makes_it_its_own_advice(issuer):
    assert (
        advised("NICE recommends rest.", about={"organisation": [issuer], "title": "x"})[0]["native"]
        == "recommends"
    )


@pytest.mark.parametrize(
    "text", ["Give oxygen.", "If hypotensive, give fluids.", "Cefuroxime: avoid in pregnancy."]
)
def test_an_imperative_is_advice_under_treatment(text):
    assert advised(text, label="Croup > Treatment")[0] is not None


@pytest.mark.parametrize(
    "label", ["Treatment goals", "Clinical features", "Methods", "Rationale", "Why the committee"]
)
def test_an_imperative_under_another_heading_is_not(label):
    assert advised("Eliminate the organism.", label=label) == [None]


def test_a_drug_with_its_dose_is_advice_only_under_treatment():
    text = "Metronidazole 400 mg orally every 12 hours for 7 days"
    assert advised(text, label="Drug treatment")[0] is not None
    assert advised(text, label="Adverse reactions") == advised(text, label="Epidemiology") == [None]


def test_a_condition_without_the_others_is_no_advice():
    assert advised("Offer oxygen if all of the following: stridor") == [None]
    assert advised("Offer oxygen if all of the following: stridor; low saturation.")[0] is not None


def test_an_individual_decision_points_both_ways():
    assert graded("The decision to screen should be an individual one.")[2] == "either"
