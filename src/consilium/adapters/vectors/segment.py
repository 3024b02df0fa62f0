"""One segment of vectors: written once, read memory-mapped, refused when it is not what was written."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from consilium.adapters.vectors.manifest import Row, Segment, damaged, lines, put, whole
from consilium.errors import EmbeddingError

Array = NDArray[np.float32]
_KIND = np.dtype("<f4")
_LENGTH_OFF = 1e-3  # how far from one a vector's length may be


def write(folder: Path, rows: list[Row], parts: Iterable[Array], dimension: int) -> Segment:
    """Write a new segment; it is not in use before a manifest names it.

    Args:
        parts: the vectors of ``rows``, some at a time.

    Raises:
        EmbeddingError: they are not one of length one for each row.
    """
    name, digest, count = f"v-{uuid.uuid4().hex[:16]}", hashlib.sha256(), 0
    with whole(folder / f"{name}.f32") as file:
        for part in parts:
            _check(part, dimension)
            numbers = np.ascontiguousarray(part, _KIND).tobytes()
            digest.update(numbers)
            file.write(numbers)
            count += len(part)
        if count != len(rows):
            raise EmbeddingError(f"The embedding model gave {count} vectors for {len(rows)} texts.")
    names = lines(rows)
    put(folder / f"{name}.tsv", names)
    return Segment(name, count, digest.hexdigest(), hashlib.sha256(names).hexdigest())


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
