"""What is marked for the eye of a reviewer, and the known errors shown to it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from consilium.pipeline.emphasis import Kind, emphasised
from consilium.pipeline.spoil import spoilt

TEXT = "Adults should not take more than 40 mg daily without advice."


def test_numbers_negations_modals_and_population_are_marked():
    found = [(kind, piece) for kind, piece in emphasised(TEXT) if kind]
    assert found == [
        (Kind.POPULATION, "Adults"),
        (Kind.MODAL, "should"),
        (Kind.NEGATION, "not"),
        (Kind.NUMBER, "40 mg"),
        (Kind.NEGATION, "without"),
    ]


@given(st.text(max_size=200))
def test_the_pieces_put_together_are_the_text(text):
    assert "".join(piece for _, piece in emphasised(text)) == text


def test_a_known_error_changes_a_number_a_negation_or_a_direction():
    found = {spoilt(TEXT, seed) for seed in range(3)}
    assert found == {
        ("number", TEXT.replace("40", "400")),
        ("negation", TEXT.replace("should not", "should")),
        ("direction", TEXT.replace("more", "fewer")),
    }


def test_a_statement_that_offers_no_place_is_left_alone():
    assert spoilt("Clonus.", 0) is None


def test_without_anything_else_a_verb_is_turned_into_its_opposite():
    assert spoilt("Clonus is a sign.", 0) == ("negation", "Clonus is not a sign.")


@given(st.text(alphabet="abc 0123456789.not iswa", max_size=80), st.integers(0, 99))
def test_a_known_error_is_never_the_text_itself(text, seed):
    made = spoilt(text, seed)
    assert made is None or made[1] != text
