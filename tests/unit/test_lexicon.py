"""Folding, recognising and spelling."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consilium.lexicon import concepts
from consilium.lexicon.normalise import fold, key
from consilium.lexicon.recognise import read
from consilium.lexicon.spelling import Speller, slips

LEXICON = concepts.from_json(
    {
        "concepts": [
            {"id": "disease", "name": "disease", "kind": "condition"},
            {"id": "croup", "name": "croup", "kind": "condition", "is_a": ["disease"]},
            {"id": "severe-croup", "name": "severe croup", "kind": "condition", "is_a": ["croup"]},
            {"id": "pulmonary-embolism", "name": "pulmonary embolism", "kind": "condition"},
        ],
        "common": ["the"],
        "fingerprint": "test",
        "phrases": {
            "croup": [[["croup"], "croup"]],
            "severe": [[["severe", "croup"], "severe-croup"]],
            "pulmonary": [[["pulmonary", "embolism"], "pulmonary-embolism"]],
        },
        "short": {"pe": [["pulmonary-embolism", ["dvt", "clot"]]]},
    }
)


@pytest.mark.parametrize(
    "one,other",
    [
        ("anaemia", "anemia"), ("oesophagus", "esophagus"), ("tumours", "tumor"), ("Crohn's", "crohn"),
        ("haemorrhages", "hemorrhage"), ("randomised", "randomized"), ("diagnoses", "diagnosis"),
        ("injuries", "injury"), ("litres", "liter"), ("Guillain-Barré", "guillain barre"),
    ],
)  # fmt: skip
def test_spelling_variants_of_a_word_meet(one, other):
    assert key(one) == key(other)


@pytest.mark.parametrize("one,other", [("does", "dose"), ("ileum", "ilium"), ("toe", "tea")])
def test_different_words_stay_apart(one, other):
    assert fold(one) != fold(other)


def test_the_longest_name_wins():
    assert read("Is severe croup dangerous?", LEXICON).concepts == {"severe-croup"}


def test_an_ambiguous_abbreviation_needs_its_context_or_capitals():
    assert read("pe lessons at school", LEXICON).concepts == frozenset()
    assert read("pe after a clot", LEXICON).concepts == {"pulmonary-embolism"}
    assert read("PE: what now?", LEXICON).concepts == {"pulmonary-embolism"}


def test_what_no_concept_accounts_for_comes_back():
    assert [t.folded for t in read("croup and zebras", LEXICON).rest] == ["and", "zebra"]


def test_ancestors_reach_all_the_way_up():
    assert LEXICON.ancestors["severe-croup"] == {"croup", "disease"}
    assert LEXICON.children["disease"] == {"croup", "severe-croup"}


@pytest.mark.parametrize(
    "typed,meant", [("diabtes", "diabetes"), ("pnuemonia", "pneumonia"), ("hypertenssion", "hypertension")]
)
def test_one_slip_in_a_long_word_is_repaired(typed, meant):
    assert Speller(["diabetes", "pneumonia", "hypertension"]).nearest(typed) == meant


def test_short_words_and_known_words_are_left_alone():
    speller = Speller(["gout", "ileum", "ilium", "diabetes", "diabetic"])
    assert speller.nearest("gowt") is None
    assert speller.nearest("ilium") is None
    assert speller.nearest("diabetes") is None


def test_a_slip_by_ear_costs_nothing_and_the_commoner_word_wins():
    often = {"diabetes": 90, "diabeta": 1}.get
    assert Speller(["tomography", "cortisone"]).nearest("tomografy") == "tomography"
    assert Speller(["diabeta", "diabetes"], lambda word: often(word, 0)).nearest("diabetis") == "diabetes"


@settings(derandomize=True, max_examples=100)
@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_the_distance_is_symmetric_and_zero_only_for_equal_words(one, other):
    assert slips(one, other, 9) == slips(other, one, 9)
    assert (slips(one, other, 9) == 0) == (one == other)


def test_the_shipped_lexicon_has_no_dangling_relation():
    shipped = concepts.load()
    for concept in shipped.concepts.values():
        for other in (*concept.is_a, *concept.compatible):
            assert other in shipped.concepts, f"{concept.id} names {other}"


def test_every_gloss_is_short_and_plain():
    for concept in concepts.load().concepts.values():
        if concept.gloss:
            assert len(concept.gloss.split()) <= 16, concept.id
            assert not any(c.isdigit() for c in concept.gloss), concept.id


@pytest.mark.parametrize(
    "text,concept",
    [
        ("my blood pressure", "blood-pressure"), ("my chest pain", "chest-pain"), ("my back hurts", "back-pain"),
        ("bad heart failure", "heart-failure"), ("sore back pain", "back-pain"),
    ],
)  # fmt: skip
def test_a_light_word_in_front_takes_nothing_from_the_longer_name_behind_it(text, concept):
    shipped = concepts.load()
    assert [m.concept for m in read(text, shipped).mentions] == [
        m.concept for m in read(text.split(maxsplit=1)[1], shipped).mentions
    ]
    assert concept in shipped.up(read(text, shipped).concepts)


def test_a_light_word_stays_part_of_a_name_that_nothing_longer_follows():
    shipped = concepts.load()
    assert read("the pill", shipped).concepts == {"combined-oral-contraceptive"}
