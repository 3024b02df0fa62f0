"""Measures of a ranking and their intervals, against values worked by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consilium.evaluation.bootstrap import interval, paired
from consilium.evaluation.measures import ndcg, percentile, recall, reciprocal_rank

RELEVANT = {"a": 3.0, "b": 2.0, "c": 1.0}

ALWAYS = settings(derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))


def test_the_gain_is_linear_and_discounted_by_the_logarithm_of_the_place():
    # DCG: 2 at the first place, nothing at the second, 3 at the third: 2 + 3 / log2(4) = 3.5.
    # The best there could be: 3 + 2 / log2(3) + 1 / log2(4) = 4.76186.
    assert ndcg(["b", "x", "a"], RELEVANT) == pytest.approx(3.5 / (3 + 2 / math.log2(3) + 0.5))
    assert ndcg(["b", "x", "a"], RELEVANT) == pytest.approx(0.7350, abs=1e-4)


def test_what_stands_below_the_cutoff_counts_for_nothing():
    assert ndcg([*"0123456789", "a"], RELEVANT, 10) == 0


def test_the_ideal_is_cut_off_as_the_ranking_is():
    many = {str(number): 1.0 for number in range(20)}
    assert ndcg([str(number) for number in range(10)], many, 10) == 1


def test_a_negative_judgement_is_no_gain():
    assert ndcg(["n", "a"], {"n": -2.0, "a": 1.0}) == pytest.approx(1 / math.log2(3))


def test_recall_is_the_share_of_the_relevant_that_was_found():
    assert recall(["x", "c", "a"], RELEVANT) == pytest.approx(2 / 3)
    assert recall(["x", "c", "a"], RELEVANT, 2) == pytest.approx(1 / 3)


def test_the_reciprocal_rank_is_that_of_the_first_relevant_document():
    assert reciprocal_rank(["x", "y", "b", "a"], RELEVANT) == pytest.approx(1 / 3)
    assert reciprocal_rank(["x"], RELEVANT) == 0


def test_a_percentile_is_one_of_the_values():
    assert [percentile([5, 1, 4, 2, 3], share) for share in (0, 0.5, 0.8, 0.95, 1)] == [1, 3, 4, 5, 5]


names = st.lists(st.sampled_from("abcdefghijkl"), unique=True)
judged = st.dictionaries(st.sampled_from("abcdefghijkl"), st.floats(0, 1e6, allow_subnormal=False))


@ALWAYS
@given(names, judged, st.integers(1, 12))
def test_every_measure_lies_between_nothing_and_one(ranking, relevant, cutoff):
    found = [measure(ranking, relevant, cutoff) for measure in (ndcg, recall)]
    assert all(0 <= value <= 1 + 1e-9 for value in [*found, reciprocal_rank(ranking, relevant)])


@ALWAYS
@given(judged.filter(lambda judged: any(judged.values())))
def test_no_ranking_beats_the_one_by_gain(relevant):
    best = sorted(relevant, key=lambda name: -relevant[name])
    assert ndcg(best, relevant) == pytest.approx(1)
    assert ndcg(best[::-1], relevant) <= 1 + 1e-9


def test_the_same_seed_gives_the_same_interval_and_another_gives_another():
    values = [0.1, 0.9, 0.4, 0.5, 0.7, 0.3]
    assert interval(values, 1) == interval(values, 1)
    assert interval(values, 1) != interval(values, 2)


def test_an_interval_is_about_as_wide_as_the_normal_law_says():
    values = [number % 2 for number in range(400)]
    found = interval(values, 7)
    assert found.mean == 0.5
    # 1.96 standard errors of .025 on either side
    assert found.low == pytest.approx(0.451, abs=0.006)
    assert found.high == pytest.approx(0.549, abs=0.006)


def test_questions_are_compared_pair_by_pair():
    # Each question is better by .1: no choice of questions changes that.
    found = paired([0.1, 0.5, 0.9], [0.2, 0.6, 1.0], 0)
    assert found.low == pytest.approx(0.1)
    assert found.high == pytest.approx(0.1)


def test_two_lists_of_different_length_are_no_pairs():
    with pytest.raises(ValueError, match="shorter"):
        paired([0.1, 0.5], [0.2], 0)
