"""Logistic regression by Newton's method with a small ridge, on numpy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

_RIDGE, _STEPS, _ENOUGH, _FAR = 1e-3, 50, 1e-8, 30.0


def fit(
    rows: Sequence[Sequence[float]], good: Sequence[bool], shares: Sequence[float]
) -> tuple[tuple[float, ...], float]:
    """The weight of each column and the intercept.

    Source: iteratively reweighted least squares, McCullagh and Nelder, Generalized Linear Models (1989), chapter 2.

    Args:
        good: for each row, whether the odds should be high.
        shares: how much each row counts.
    """
    columns = np.asarray(rows, float)
    mean, spread = columns.mean(0), columns.std(0)
    spread[spread == 0] = 1.0
    design = np.column_stack([(columns - mean) / spread, np.ones(len(columns))])
    wanted, counts = np.asarray(good, float), np.asarray(shares, float) / np.mean(shares)
    ridge = np.append(np.full(columns.shape[1], _RIDGE * len(columns)), 0.0)
    beta = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(design @ beta, -_FAR, _FAR)))
        slope = design.T @ (counts * (wanted - chance)) - ridge * beta
        bend = (design * (counts * chance * (1 - chance))[:, None]).T @ design + np.diag(ridge)
        step = np.linalg.solve(bend, slope)
        beta += step
        if np.abs(step).max() < _ENOUGH:
            break
    weights = beta[:-1] / spread
    return tuple(weights.tolist()), float(beta[-1] - weights @ mean)
