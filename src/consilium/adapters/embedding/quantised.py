"""The BERT encoder with weights of eight bits, as a graph for onnxruntime: a text in; its vector and rows out.

Weights are scaled column by column, what flows through row by row (Dettmers et al., LLM.int8(), 2022): single
numbers stand out in few rows, and a scale for all would leave little of the others. A row's vector depends
on no other text.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from consilium.adapters.embedding.encoder import HEADS, LAYERS, WIDTH
from consilium.adapters.embedding.graph import Graph

GIVEN, VECTOR, STATES = "pieces", "vector", "states"
LONGEST = 256  # pieces of a text
_WEIGHT, _FLOW = 127, 255  # steps from 0 of a weight, and over the range of a row
_EPSILON = 1e-12
_LEAST_STEP = 1e-30  # of a row that is all zeros

Tensors = Mapping[str, NDArray[np.float32]]


def graph(tensors: Tensors) -> bytes:
    """The graph of a model; ``tensors``: by the names that the published model gives them.

    Raises:
        KeyError: one lacks.
    """
    return _Writer(tensors).written()


def steps(numbers: NDArray[np.float32], axis: int) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Numbers as whole steps from -127 to 127, and how long a step is along ``axis``."""
    longest = np.abs(numbers).max(axis=axis, keepdims=True)
    scale = np.where(longest > 0, longest, 1).astype(np.float32) / np.float32(_WEIGHT)
    return np.rint(numbers / scale).astype(np.int8), scale


class Product:
    """Multiplies rows by weights in whole numbers, each row by steps of its own."""

    def __init__(self, g: Graph) -> None:
        """Multiply in this graph."""
        self._g = g
        self._across, self._flat = g.constant(np.array([1])), g.constant(np.array([-1]))
        self._none, self._one, self._share = (g.constant(np.float32(n)) for n in (0, 1, 1 / _FLOW))
        self._some, self._begin = g.constant(np.float32(_LEAST_STEP)), g.constant(np.uint8(0))

    def __call__(self, rows: str, weight: NDArray[np.float32]) -> str:
        """``rows @ weight``: a row is ``(whole - zero) * step``, a weight ``whole * scale``."""
        g = self._g
        wholes, scale = steps(weight, 0)
        step, zero = self._stepped(rows)
        flat = [g.add("Reshape", part, self._flat) for part in (step, zero)]
        whole = g.add("QuantizeLinear", rows, *flat, axis=0)
        scales, none = g.constant(scale[0]), g.constant(np.zeros(len(scale[0]), np.int8))
        inputs = (whole, g.constant(wholes), self._one, scales, self._begin, none)
        product = g.add("Mul", g.add_own("MatMulIntegerToFloat", *inputs), step)
        shift = g.add("Mul", g.add("Cast", zero, to=1), g.add("Neg", step))
        columns = wholes.sum(axis=0, dtype=np.int64) * scale[0].astype(np.float64)
        return g.add("Gemm", shift, g.constant(columns[None].astype(np.float32)), product)

    def _stepped(self, rows: str) -> tuple[str, str]:
        """How long a step of each row is, and which step is 0: it is one of them, whatever sign a row has."""
        g = self._g
        least = g.add("Min", g.add("ReduceMin", rows, self._across, keepdims=1), self._none)
        most = g.add("Max", g.add("ReduceMax", rows, self._across, keepdims=1), self._none)
        step = g.add("Max", g.add("Mul", g.add("Sub", most, least), self._share), self._some)
        zero = g.add("QuantizeLinear", g.add("Neg", g.add("Div", least, step)), self._one, self._begin)
        return step, zero


class _Writer:
    """Writes one encoder, layer by layer."""

    def __init__(self, tensors: Tensors) -> None:
        self._tensors, self._g = tensors, Graph()
        self._product = Product(self._g)
        self._down, self._rows, self._text = (
            self._g.constant(np.array(numbers)) for numbers in ([0], [-1, WIDTH], [1, -1, WIDTH])
        )

    def written(self) -> bytes:
        g, rows = self._g, self._embedded()
        for number in range(LAYERS):
            rows = self._layer(f"encoder.layer.{number}", rows)
        mean = g.add("ReduceMean", rows, self._down, keepdims=1)
        vector = g.add("LpNormalization", mean, axis=1, p=2)
        return g.written(GIVEN, {VECTOR: (vector, [1, WIDTH]), STATES: (rows, [GIVEN, WIDTH])})

    def _embedded(self) -> str:
        g, named = self._g, self._tensors
        words, scale = steps(named["embeddings.word_embeddings.weight"], 1)
        kind = named["embeddings.token_type_embeddings.weight"][0]
        places = g.constant(named["embeddings.position_embeddings.weight"][:LONGEST] + kind)
        found = g.add("Cast", g.add("Gather", g.constant(words), GIVEN), to=1)
        found = g.add("Mul", found, g.add("Gather", g.constant(scale), GIVEN))
        there = g.add("Slice", places, self._down, g.add("Shape", GIVEN), self._down)
        return self._norm("embeddings.LayerNorm", found, there)

    def _layer(self, name: str, rows: str) -> str:
        g, own = self._g, f"{name}.attention.self"
        parts = [self._dense(f"{own}.{part}") for part in ("query", "key", "value")]
        mixed = self._product(rows, np.hstack([weight for weight, _ in parts]))
        bias = g.constant(np.hstack([bias for _, bias in parts]))
        split = [g.add("Reshape", part, self._text) for part in g.split(mixed, 3, WIDTH)]
        seen = g.add("Reshape", g.add_own("MultiHeadAttention", *split, bias, num_heads=HEADS), self._rows)
        seen = self._linear(f"{name}.attention.output.dense", seen)
        rows = self._norm(f"{name}.attention.output.LayerNorm", seen, rows)
        weight, wide = self._dense(f"{name}.intermediate.dense")
        made = g.add_own("BiasGelu", self._product(rows, weight), g.constant(wide))
        return self._norm(f"{name}.output.LayerNorm", self._linear(f"{name}.output.dense", made), rows)

    def _linear(self, name: str, rows: str) -> str:
        weight, bias = self._dense(name)
        return self._g.add("Add", self._product(rows, weight), self._g.constant(bias))

    def _dense(self, name: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        return self._tensors[f"{name}.weight"].T, self._tensors[f"{name}.bias"]

    def _norm(self, name: str, rows: str, more: str) -> str:
        # Two operations: onnxruntime's one for both takes five times as long.
        g = self._g
        scale, shift = (g.constant(self._tensors[f"{name}.{part}"]) for part in ("weight", "bias"))
        return g.add("LayerNormalization", g.add("Add", rows, more), scale, shift, epsilon=_EPSILON)
