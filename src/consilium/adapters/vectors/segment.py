"""One segment of vectors: written once, read memory-mapped, refused when it is not what was written."""

from __future__ import annotations

import contextlib
import hashlib
import uuid
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from consilium.adapters.vectors.manifest import Row, Segment, damaged, lines, put, whole
from consilium.adapters.vectors.pieces import PieceWriter
from consilium.errors import EmbeddingError
from consilium.ports import Fingerprint

Array = NDArray[np.float32]
_KIND = np.dtype("<f4")
_LENGTH_OFF = 1e-3  # how far from one a vector's length may be


Part = tuple[Array, Sequence[Array] | None]  # vectors, and the word pieces of each text if there are any


def write(folder: Path, rows: list[Row], parts: Iterable[Part], fingerprint: Fingerprint) -> Segment:
    """Write a new segment; it is not in use before a manifest names it.

    Args:
        parts: the vectors of ``rows`` with their word pieces, some at a time.

    Raises:
        EmbeddingError: they are not one of length one for each row.
    """
    name, digest, count = f"v-{uuid.uuid4().hex[:16]}", hashlib.sha256(), 0
    with contextlib.ExitStack() as files:
        file = files.enter_context(whole(folder / f"{name}.f32"))
        held = fingerprint.pieces and PieceWriter(files.enter_context(whole(folder / f"{name}.i8")))
        for part, pieces in parts:
            _check(part, fingerprint.dimension)
            numbers = np.ascontiguousarray(part, _KIND).tobytes()
            digest.update(numbers)
            file.write(numbers)
            count += len(part)
            if held and pieces is not None:
                held.add(pieces)
        if count != len(rows):
            raise EmbeddingError(f"The embedding model gave {count} vectors for {len(rows)} texts.")
    names = lines(rows)
    put(folder / f"{name}.tsv", names)
    made = Segment(name, count, digest.hexdigest(), hashlib.sha256(names).hexdigest())
    return held.finish(made, folder / f"{name}.pieces") if held else made


def _check(vectors: Array, dimension: int) -> None:
    if vectors.ndim != 2 or vectors.shape[1] != dimension:
        raise EmbeddingError(
            f"The embedding model gave numbers of the shape {vectors.shape}, not {dimension} for each text."
        )
    lengths = np.linalg.norm(vectors, axis=1)
    if not (np.abs(lengths - 1) < _LENGTH_OFF).all():  # NaN is below nothing
        raise EmbeddingError("The embedding model gave a vector that is no number or not of length one.")


def opened(folder: Path, segment: Segment, dimension: int) -> Array:
    """The vectors of a segment, memory-mapped.

    Raises:
        VectorsMismatch: the file is missing, cut short, or not what was written.
    """
    file = folder / f"{segment.name}.f32"
    try:
        size, wanted = file.stat().st_size, segment.rows * dimension * _KIND.itemsize
        if size != wanted:
            raise damaged(file, f"{size:,} bytes, not {wanted:,}")
        with file.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        if digest != segment.vectors_sha256:
            raise damaged(file, "it has changed since it was written")
        return np.memmap(file, _KIND, "r", shape=(segment.rows, dimension))
    except OSError as fault:
        raise damaged(file, fault.strerror or str(fault)) from fault
