"""All vectors of a library, searched exactly: no neighbour is missed, and a filter costs nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from consilium.adapters.vectors import manifest as manifests
from consilium.adapters.vectors import segment as segments
from consilium.adapters.vectors.manifest import Manifest, Row
from consilium.adapters.vectors.pieces import SCALE, PieceRows
from consilium.domain.evidence import SourceKind
from consilium.errors import VectorsMismatch
from consilium.ports import Fingerprint, Pieces

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]
_BLOCK = 16_384  # rows that are multiplied at a time
_DIGITS = 6  # of a similarity: more of them depend on how many threads multiply
_TRIES = 3


class Shelf:
    """The vectors of one manifest, opened; a sentence that was embedded twice has its newest vector."""

    def __init__(self, folder: Path, wanted: Fingerprint) -> None:
        """Open the vectors in ``folder``.

        Raises:
            VectorsMismatch: there are none, they are damaged, or of another embedder than ``wanted``.
        """
        manifest, self._blocks, self._rows, self._pieces = _opened(folder, wanted)
        self.generation = manifest.generation
        self._names = [row.sentence for row in self._rows]
        self._place = {name: place for place, name in enumerate(self._names)}
        self._starts = np.cumsum([0, *(len(block) for block in self._blocks)])
        if self._starts[-1] != len(self._rows):
            raise VectorsMismatch
        self._newest = np.zeros(len(self._rows), np.bool_)
        self._newest[list(self._place.values())] = True
        self._kinds = np.array([row.kind for row in self._rows])

    def __len__(self) -> int:
        """How many sentences have a vector."""
        return len(self._place)

    def row(self, sentence: str) -> Row | None:
        """The row of a sentence's newest vector, or None."""
        place = self._place.get(sentence)
        return None if place is None else self._rows[place]

    def of_kinds(self, kinds: Collection[SourceKind]) -> Mask:
        """The rows whose source is of one of these kinds."""
        return np.isin(self._kinds, [kind.value for kind in kinds])

    def where(self, told: Callable[[str], bool]) -> Mask:
        """The rows whose sentence id ``told`` says yes to; for filters of any sort."""
        return np.fromiter(map(told, self._names), np.bool_, len(self._names))

    def search(self, vector: Array, limit: int, mask: Mask | None = None) -> list[tuple[Row, float]]:
        """The nearest rows among those of ``mask``, nearest first, ties by id and all returned.

        Raises:
            VectorsMismatch: the vectors hold what is no number.
        """
        allowed = self._newest if mask is None else self._newest & mask
        near = np.concatenate([*(_product(block, vector) for block in self._blocks), np.empty(0)])
        near = np.where(allowed, near, -2.0)
        if limit < len(near):
            edge = np.partition(near, -limit)[-limit]
            places = np.flatnonzero((near >= edge) & allowed)
        else:
            places = np.flatnonzero(allowed)
        found = [(self._rows[place], float(near[place])) for place in places]
        return sorted(found, key=lambda pair: (-pair[1], pair[0].sentence))

    def scores(self, vector: Array, sentences: Sequence[str]) -> dict[str, tuple[Row, float]]:
        """The row of each of these sentences and how near it is; without those that have no vector.

        Raises:
            VectorsMismatch: the vectors hold what is no number.
        """
        places = [self._place[name] for name in sentences if name in self._place]
        if not places:
            return {}
        vectors = np.stack([self._blocks[part][number] for part, number in self._located(places)])
        near = _product(vectors, vector)
        return {
            self._rows[place].sentence: (self._rows[place], float(score))
            for place, score in zip(places, near, strict=True)
        }

    def interaction(self, asked: Pieces, sentences: Sequence[str]) -> dict[str, float]:
        """How well each word piece of a question is met by one of a sentence, the best of them, on average.

        Sentences without word pieces are left out. Source: Khattab and Zaharia, ColBERT (SIGIR 2020),
        with weights for the pieces of the question.

        Raises:
            VectorsMismatch: the pieces are not what was written.
        """
        names = [name for name in sentences if name in self._place]
        if not self._pieces or not names or not len(asked.weights):
            return {}
        places = [self._place[name] for name in names]
        pieces = [self._pieces[part].kept(number) for part, number in self._located(places)]
        starts = np.cumsum([0, *map(len, pieces[:-1])])
        numbers = np.concatenate(pieces).astype(np.float32)  # some millions: joined small, made large once
        met = np.maximum.reduceat(numbers @ asked.rows.T, starts) / SCALE
        return dict(zip(names, (met @ asked.weights).astype(float).round(_DIGITS).tolist(), strict=True))

    def _located(self, places: Sequence[int]) -> list[tuple[int, int]]:
        """The segment of each place, and which of its rows it is."""
        parts = np.searchsorted(self._starts, places, side="right") - 1
        return [
            (int(part), int(place - self._starts[part])) for part, place in zip(parts, places, strict=True)
        ]


def _opened(folder: Path, wanted: Fingerprint) -> tuple[Manifest, list[Array], list[Row], list[PieceRows]]:
    """The manifest in use, its vectors, their rows and their word pieces."""
    tries = 0
    while True:
        manifest = manifests.read(folder)
        if manifest is None:
            raise VectorsMismatch("The library has no vectors; run `consilium library embed`.")
        manifests.check_fingerprint(manifest, wanted)
        try:
            blocks = [segments.opened(folder, s, wanted.dimension) for s in manifest.segments]
            rows = [row for s in manifest.segments for row in manifests.rows_of(folder, s)]
            pieces = [PieceRows(folder, s) for s in manifest.segments if wanted.pieces]
        except VectorsMismatch:
            # Another process may have merged segments since the manifest was read.
            tries += 1
            if tries == _TRIES or manifests.read(folder) == manifest:
                raise
        else:
            return manifest, blocks, rows, pieces


def _product(rows: Array, vector: Array) -> NDArray[np.float64]:
    """How near rows are to a vector, block by block, rounded."""
    near = np.empty(len(rows))
    for start in range(0, len(rows), _BLOCK):
        near[start : start + _BLOCK] = rows[start : start + _BLOCK] @ vector
    if not np.isfinite(near).all():
        raise VectorsMismatch("The vectors hold what is no number; run `consilium library embed --again`.")
    return near.round(_DIGITS)
