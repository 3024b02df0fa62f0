"""Write a graph of ONNX: operations, the constants they work on, and what goes in and comes out.

Source: onnx.proto of https://github.com/onnx/onnx (version 8 of its form) for the numbers of the fields, and
the wire format of protocol buffers. The same graph gives the same bytes.
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

FLOAT, INT64 = 1, 7
_FORM, _OPERATIONS = 8, 18  # versions of the file and of ONNX's own operations
_MICROSOFT = "com.microsoft"  # operations that onnxruntime adds
_KINDS = {"float32": FLOAT, "uint8": 2, "int8": 3, "int64": INT64}
_WHOLE, _TEXT, _FRACTION = 0, 2, 5  # how a field is written
_SEVEN_BITS = 7

Attribute = int | float
Shape = Sequence[int | str]


def _number(value: int) -> bytes:
    made = bytearray()
    value &= (1 << 64) - 1
    while value >> _SEVEN_BITS:
        made.append(value & 0x7F | 0x80)
        value >>= _SEVEN_BITS
    return bytes([*made, value])


def _field(place: int, value: int | str | bytes) -> bytes:
    if isinstance(value, int):
        return _number(place << 3 | _WHOLE) + _number(value)
    raw = value.encode() if isinstance(value, str) else value
    return _number(place << 3 | _TEXT) + _number(len(raw)) + raw


def _attribute(name: str, value: Attribute) -> bytes:
    if isinstance(value, float):
        fraction = _number(2 << 3 | _FRACTION) + struct.pack("<f", value)
        return _field(1, name) + fraction + _field(20, 1)
    return _field(1, name) + _field(3, value) + _field(20, 2)


def _tensor(name: str, array: NDArray[Any]) -> bytes:
    shape = b"".join(_field(1, size) for size in array.shape)
    little = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"), copy=False)
    return shape + _field(2, _KINDS[array.dtype.name]) + _field(8, name) + _field(9, little.tobytes())


def _port(name: str, kind: int, shape: Shape) -> bytes:
    sizes = b"".join(_field(1, _field(1 if isinstance(size, int) else 2, size)) for size in shape)
    return _field(1, name) + _field(2, _field(1, _field(1, kind) + _field(2, sizes)))


class Graph:
    """A graph in the making; what an operation gives goes by a name of its own."""

    def __init__(self) -> None:
        self._nodes: list[bytes] = []
        self._constants: list[bytes] = []
        self._count = itertools.count()

    def constant(self, array: NDArray[Any] | np.generic) -> str:
        """A constant."""
        name = f"c{next(self._count)}"
        self._constants.append(_tensor(name, np.asarray(array)))
        return name

    def add(self, operation: str, *inputs: str, **attributes: Attribute) -> str:
        """An operation of ONNX, by its name."""
        return self._add(operation, inputs, 1, "", attributes)[0]

    def add_own(self, operation: str, *inputs: str, **attributes: Attribute) -> str:
        """An operation that onnxruntime adds, by its name."""
        return self._add(operation, inputs, 1, _MICROSOFT, attributes)[0]

    def split(self, rows: str, parts: int, width: int) -> list[str]:
        """Cut rows into ``parts`` of so many columns."""
        sizes = self.constant(np.full(parts, width, np.int64))
        return self._add("Split", (rows, sizes), parts, "", {"axis": 1})

    def written(self, given: str, asked: Mapping[str, tuple[str, Shape]]) -> bytes:
        """The file: whole numbers go in by the name ``given``; results of a shape come out by the names ``asked``."""
        last = (
            _field(1, result) + _field(2, name) + _field(4, "Identity") for name, (result, _) in asked.items()
        )
        body = [
            *(_field(1, node) for node in (*self._nodes, *last)),
            _field(2, "encoder"),
            *(_field(5, constant) for constant in self._constants),
            _field(11, _port(given, INT64, [given])),
            *(_field(12, _port(name, FLOAT, shape)) for name, (_, shape) in asked.items()),
        ]
        own = _field(8, _field(1, _MICROSOFT) + _field(2, 1))
        return _field(1, _FORM) + _field(7, b"".join(body)) + _field(8, _field(2, _OPERATIONS)) + own

    def _add(
        self, operation: str, inputs: Sequence[str], count: int, domain: str, attributes: dict[str, Attribute]
    ) -> list[str]:
        number = next(self._count)
        made = [f"n{number}.{part}" for part in range(count)]
        self._nodes.append(
            b"".join(_field(1, name) for name in inputs)
            + b"".join(_field(2, name) for name in made)
            + _field(4, operation)
            + b"".join(_field(5, _attribute(name, value)) for name, value in attributes.items())
            + (_field(7, domain) if domain else b"")
        )
        return made
