"""Two orders in one: by scores spread alike, by ranks."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consilium.adapters.index import fusion

ALWAYS = settings(derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))


def test_scores_are_spread_over_0_to_1_and_added_half_and_half():
    # Spread: text a 1, b .5, c 0; near a 0, b 1.
    fused = fusion.min_max({"a": 9.0, "b": 7.0, "c": 5.0}, {"a": 0.2, "b": 0.6, "c": 0.3})
    assert fused == pytest.approx({"a": 0.5, "b": 0.75, "c": 0.125})


def test_the_weight_is_that_of_meaning():
    fused = fusion.min_max({"a": 2.0, "b": 1.0}, {"a": 0.1, "b": 0.9}, dense_weight=0.8)
    assert fused == pytest.approx({"a": 0.2, "b": 0.8})


def test_what_text_did_not_find_has_nothing_of_it():
    assert fusion.min_max({"a": 2.0, "b": 1.0}, {"x": 0.9, "a": 0.1})["x"] == 0.5


def test_where_nearness_is_not_known_text_stands_for_both():
    assert fusion.min_max({"a": 3.0, "b": 1.0}, {"b": 0.3}) == pytest.approx({"a": 1.0, "b": 0.5})


def test_scores_that_are_all_alike_are_all_1():
    assert fusion.spread({"a": 4.0, "b": 4.0}) == {"a": 1.0, "b": 1.0}


def test_ranks_are_added_as_their_reciprocals():
    fused = fusion.reciprocal_rank([["a", "b"], ["b", "c"]])
    assert fused == pytest.approx({"a": 1 / 61, "b": 1 / 62 + 1 / 61, "c": 1 / 62})


def test_what_both_rankings_hold_comes_before_what_one_alone_has_first():
    fused = fusion.reciprocal_rank([["a", "b"], ["c", "b"]])
    assert fusion.best(fused, 1)[0][0] == "b"


def test_ties_come_by_name_and_the_best_first():
    assert fusion.best({"b": 0.5, "a": 0.5000000001, "c": 0.9}, 2) == (("c", 0.9), ("a", 0.5))


scores = st.dictionaries(st.sampled_from("abcdef"), st.floats(-1e6, 1e6))


@ALWAYS
@given(scores, scores)
def test_every_name_of_either_gets_a_score_between_0_and_1(text, near):
    fused = fusion.min_max(text, near)
    assert fused.keys() == text.keys() | near.keys()
    assert all(0 <= score <= 1 for score in fused.values())
