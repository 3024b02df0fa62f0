"""Vectors of word pieces: some dozens a text, eight bits a number, read text by text.

A table tells where the pieces of each text lie and what their checksum is; its own digest stands in the
manifest. So damage is found in what is read, and nothing has to be read whole.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from consilium.adapters.vectors.manifest import Segment, damaged, put
from consilium.errors import EmbeddingError

Array = NDArray[np.float32]
# A number of a row of length one over 64 dimensions seldom exceeds half of one; 127 stands for 0.7.
SCALE = np.float32(180)
_TABLE = np.dtype([("start", "<u8"), ("count", "<u4"), ("sum", "<u4")])


class PieceWriter:
    """Writes the pieces of one segment, text by text, into a file that is open."""

    def __init__(self, file: IO[bytes]) -> None:
        """Begin with the first text."""
        self._file, self._start, self._width = file, 0, 0
        self._table: list[tuple[int, int, int]] = []

    def add(self, texts: Sequence[Array]) -> None:
        """The pieces of some more texts.

        Raises:
            EmbeddingError: they are no numbers.
        """
        for rows in texts:
            if not np.isfinite(rows).all():
                raise EmbeddingError("The embedding model gave a word piece that is no number.")
            numbers = np.clip(np.rint(rows * SCALE), -127, 127).astype(np.int8).tobytes()
            self._table.append((self._start, len(rows), zlib.crc32(numbers)))
            self._file.write(numbers)
            self._start, self._width = self._start + len(rows), rows.shape[1]

    def finish(self, segment: Segment, table: Path) -> Segment:
        """Write the table; the segment with what it needs to open them."""
        content = np.array(self._table, _TABLE).tobytes()
        put(table, content)
        return replace(segment, pieces_sha256=hashlib.sha256(content).hexdigest(), pieces_width=self._width)


class PieceRows:
    """The pieces of one segment, memory-mapped."""

    def __init__(self, folder: Path, segment: Segment) -> None:
        """Open them.

        Raises:
            VectorsMismatch: a file is missing, cut short, or not what was written.
        """
        table, self._file = folder / f"{segment.name}.pieces", folder / f"{segment.name}.i8"
        try:
            content = table.read_bytes()
            if hashlib.sha256(content).hexdigest() != segment.pieces_sha256:
                raise damaged(table, "it has changed since it was written")
            self._table = np.frombuffer(content, _TABLE)
            total, width = int(self._table["count"].sum()), segment.pieces_width
            if self._file.stat().st_size != total * width:
                raise damaged(self._file, "it is not as long as it was")
            self._rows = np.memmap(self._file, np.int8, "r", shape=(total, width))
        except (OSError, ValueError) as fault:
            raise damaged(self._file, str(fault)) from fault

    def of(self, text: int) -> Array:
        """The pieces of one text.

        Raises:
            VectorsMismatch: they are not what was written.
        """
        return np.asarray(self.kept(text) / SCALE, np.float32)

    def kept(self, text: int) -> NDArray[np.int8]:
        """The same as they are kept: ``SCALE`` times as large.

        Raises:
            VectorsMismatch: they are not what was written.
        """
        start, count, checksum = self._table[text].tolist()
        rows = self._rows[start : start + count]
        if zlib.crc32(rows.tobytes()) != checksum:
            raise damaged(self._file, "it has changed since it was written")
        return rows
