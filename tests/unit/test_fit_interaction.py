"""The slopes by which the projection of word pieces is fitted are those of the loss."""

from __future__ import annotations

import numpy as np
import pytest
from tools.fit_interaction import Example, States, gradient

CHANCE = np.random.default_rng(3)


def _rows(count, width=6):
    rows = CHANCE.standard_normal((count, width)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def example():
    lengths = [4, 7, 5]
    starts = np.cumsum([0, *lengths])
    held = States(_rows(sum(lengths)), np.zeros(sum(lengths), np.int64), starts, _rows(3))
    weights = np.array([0.5, 0.3, 0.2], np.float32)
    return Example(_rows(3), weights, held, [0, 1, 2], _rows(1, 3)[0], np.array([0, 1, 0], np.float32))


def _loss(matrix, scale, example):
    return gradient(matrix.astype(np.float32), scale, example)[0]


def test_the_slope_by_the_projection_is_that_of_the_loss(example):
    matrix, scale = CHANCE.standard_normal((6, 3)), np.array([2.0, 3.0], np.float32)
    slope = gradient(matrix.astype(np.float32), scale, example)[1]
    for place in [(0, 0), (2, 1), (5, 2)]:
        step = np.zeros_like(matrix)
        step[place] = 1e-2
        near = (_loss(matrix + step, scale, example) - _loss(matrix - step, scale, example)) / 2e-2
        assert slope[place] == pytest.approx(near, abs=2e-3)


def test_the_slope_by_the_weights_of_both_scores_is_that_of_the_loss(example):
    matrix, scale = CHANCE.standard_normal((6, 3)), np.array([2.0, 3.0], np.float32)
    slope = gradient(matrix.astype(np.float32), scale, example)[2]
    for place in (0, 1):
        step = np.zeros(2, np.float32)
        step[place] = 1e-2
        near = (_loss(matrix, scale + step, example) - _loss(matrix, scale - step, example)) / 2e-2
        assert slope[place] == pytest.approx(near, abs=2e-3)
