"""The forward pass of a BERT encoder on numpy: word pieces in, one vector a text out.

Source: Devlin et al. (2019); the shapes are those of MiniLM-L6-H384 (Wang et al., 2020). The mean of
the last layer over a text's pieces, scaled to length one, is its vector (Reimers and Gurevych, 2019).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

LAYERS, HEADS, WIDTH = 6, 12, 384
_EPSILON = 1e-12
_AWAY = np.float32(-1e9)  # what padding adds to an attention score
_SLICE = 32_768  # numbers that GELU works on at a time: they stay in the processor's cache
# erf as x · P(x²) / Q(x²) on [-4, 4], good to some units in the last place of float32.
# Source: Eigen, MathFunctionsImpl.h (`generic_fast_erf_float`).
_P = (-2.72614225801306e-10, 2.77068142495902e-08, -2.10102402082508e-06, -5.69250639462346e-05,
      -7.34990630326855e-04, -2.95459980854025e-03, -1.60960333262415e-02)  # fmt: skip
_Q = (-1.45660718464996e-05, -2.13374055278905e-04, -1.68282697438203e-03, -7.37332916720468e-03,
      -1.42647390514189e-02)  # fmt: skip


@dataclass(frozen=True)
class Dense:
    """A linear map: ``rows @ weight + bias``."""

    weight: Array
    bias: Array

    def __call__(self, rows: Array) -> Array:
        """Apply it to rows."""
        made = rows @ self.weight
        made += self.bias
        return made


@dataclass(frozen=True)
class Norm:
    """Layer normalisation."""

    weight: Array
    bias: Array

    def __call__(self, rows: Array) -> Array:
        """Normalise rows in place."""
        rows -= rows.mean(axis=-1, keepdims=True)
        spread = np.einsum("ij,ij->i", rows, rows) / np.float32(rows.shape[-1])
        rows *= (1 / np.sqrt(spread + np.float32(_EPSILON)))[:, None]
        rows *= self.weight
        rows += self.bias
        return rows


@dataclass(frozen=True)
class Layer:
    """One layer: attention over the pieces of a text, then a feed-forward step on each."""

    attend: Dense
    merge: Dense
    settle: Norm
    widen: Dense
    narrow: Dense
    close: Norm


class Encoder:
    """A BERT encoder with its weights."""

    def __init__(self, tensors: Mapping[str, Array]) -> None:
        """``tensors``: by the names that the published model gives them; KeyError where one lacks."""
        self._words = tensors["embeddings.word_embeddings.weight"]
        kind = tensors["embeddings.token_type_embeddings.weight"][0]
        self._places = tensors["embeddings.position_embeddings.weight"] + kind
        self._first = _norm(tensors, "embeddings.LayerNorm")
        self._layers = [_layer(tensors, f"encoder.layer.{number}") for number in range(LAYERS)]

    def states(self, texts: Sequence[Sequence[int]]) -> list[Array]:
        """The last layer of each text: a row a piece; they are padded to the longest, so let them be alike."""
        lengths = np.array([len(text) for text in texts])
        longest = int(lengths.max())
        numbers = np.zeros((len(texts), longest), np.int64)
        for row, text in zip(numbers, texts, strict=True):
            row[: len(text)] = text
        held = np.arange(longest) < lengths[:, None]
        away = None if held.all() else np.where(held, np.float32(0), _AWAY)[:, None, None, :]
        rows = self._first((self._words[numbers] + self._places[:longest]).reshape(-1, WIDTH))
        for layer in self._layers:
            rows = _through(layer, rows, len(texts), away)
        pieces = rows.reshape(len(texts), longest, WIDTH)
        return [row[:length] for row, length in zip(pieces, lengths, strict=True)]


def pooled(states: Sequence[Array]) -> Array:
    """One vector of length one a text: the mean of its pieces."""
    means = np.stack([rows.mean(axis=0) for rows in states])
    return np.asarray(means / np.linalg.norm(means, axis=1, keepdims=True), np.float32)


def _through(layer: Layer, rows: Array, texts: int, away: Array | None) -> Array:
    seen = layer.merge(_attention(layer.attend(rows), texts, away))
    seen += rows
    rows = layer.settle(seen)
    made = layer.narrow(gelu(layer.widen(rows)))
    made += rows
    return layer.close(made)


def _attention(mixed: Array, texts: int, away: Array | None) -> Array:
    """What each piece takes over from the others of its text; ``mixed`` holds query, key and value."""
    split = mixed.reshape(texts, -1, 3, HEADS, WIDTH // HEADS)
    query, key, value = (split[:, :, part].transpose(0, 2, 1, 3) for part in range(3))
    scores = query @ key.transpose(0, 1, 3, 2)
    if away is not None:
        scores += away
    scores -= scores.max(axis=-1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=-1, keepdims=True)
    taken = (scores @ value).transpose(0, 2, 1, 3).reshape(-1, WIDTH)
    return np.asarray(taken, np.float32)


def gelu(rows: Array) -> Array:
    """The exact Gaussian error linear unit, x · Φ(x), in place."""
    flat = rows.reshape(-1)
    for start in range(0, len(flat), _SLICE):
        part = flat[start : start + _SLICE]
        scaled = np.clip(part * np.float32(0.5**0.5), -4, 4)
        square = scaled * scaled
        scaled *= _polynomial(_P, square)
        scaled /= _polynomial(_Q, square)
        scaled += 1
        scaled *= 0.5
        part *= scaled
    return rows


def _polynomial(factors: Sequence[float], at: Array) -> Array:
    made = at * np.float32(factors[0])
    for factor in factors[1:-1]:
        made += np.float32(factor)
        made *= at
    made += np.float32(factors[-1])
    return made


def _layer(tensors: Mapping[str, Array], name: str) -> Layer:
    parts = [_dense(tensors, f"{name}.attention.self.{part}") for part in ("query", "key", "value")]
    scale = np.float32((WIDTH // HEADS) ** -0.5)  # of the scores, laid into the query
    parts[0] = Dense(parts[0].weight * scale, parts[0].bias * scale)
    return Layer(
        attend=Dense(np.hstack([p.weight for p in parts]), np.hstack([p.bias for p in parts])),
        merge=_dense(tensors, f"{name}.attention.output.dense"),
        settle=_norm(tensors, f"{name}.attention.output.LayerNorm"),
        widen=_dense(tensors, f"{name}.intermediate.dense"),
        narrow=_dense(tensors, f"{name}.output.dense"),
        close=_norm(tensors, f"{name}.output.LayerNorm"),
    )


def _dense(tensors: Mapping[str, Array], name: str) -> Dense:
    return Dense(tensors[f"{name}.weight"].T, tensors[f"{name}.bias"])


def _norm(tensors: Mapping[str, Array], name: str) -> Norm:
    return Norm(tensors[f"{name}.weight"], tensors[f"{name}.bias"])
