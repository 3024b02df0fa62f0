"""Vectors of whole documents, embedded once and kept; the nearest to a question found exactly."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from consilium.adapters.vectors import embed as embedding
from consilium.adapters.vectors.embed import Progress
from consilium.adapters.vectors.manifest import Row
from consilium.adapters.vectors.shelf import Shelf
from consilium.errors import VectorsMismatch
from consilium.ports import Embedder, PieceEmbedder

STEP = 128  # documents a step: some ten seconds
_KIND = "document"
Texts = Callable[[], Iterable[tuple[str, str]]]


def embed(
    folder: Path, texts: Texts, embedder: Embedder, *, report: Callable[[Progress], None] = lambda _: None
) -> None:
    """Give every document that lacks one its vector; goes on where an earlier call was ended.

    Args:
        texts: gives the (id, text) of all documents, anew at each call: they need not fit into memory.

    Raises:
        EmbeddingError: the model did not answer, or not with vectors.
        LibraryError: the folder cannot be written.
    """
    try:
        _embed(folder, texts, embedder, report, again=False)
    except VectorsMismatch:  # kept and damaged: nothing of them can be used
        _embed(folder, texts, embedder, report, again=True)


def _embed(
    folder: Path, texts: Texts, embedder: Embedder, report: Callable[[Progress], None], *, again: bool
) -> None:
    with embedding.writing(folder, embedder, again=again) as manifest:
        held = embedding.held(folder, manifest)
        total = sum(1 for _ in _lacking(texts(), held))
        wanted = _lacking(texts(), held)
        grown = embedding.grow(folder, manifest, wanted, total, embedder, report=report, step=STEP)
        embedding.merge(folder, grown, embedding.held(folder, grown))


def _lacking(documents: Iterable[tuple[str, str]], held: Mapping[str, Row]) -> Iterator[tuple[Row, str]]:
    for name, text in documents:
        row = Row(name, hashlib.sha256(text.encode()).hexdigest()[:16], _KIND)
        if held.get(name) != row:
            yield row, text


class DocumentVectors:
    """What ``embed`` wrote, opened; a ``System`` of ``evaluation.retrieval``."""

    name = "dense"

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        """Open the vectors in ``folder``.

        Raises:
            VectorsMismatch: there are none, they are damaged, or of another embedder.
        """
        self._shelf, self._embedder = Shelf(folder, embedder.fingerprint), embedder

    @property
    def about(self) -> Mapping[str, object]:
        """What its scores depend on."""
        return {"embedder": asdict(self._embedder.fingerprint)}

    def search(self, query: str, limit: int) -> tuple[tuple[str, float], ...]:
        """The nearest documents by the product of their vectors, nearest first, ties by id."""
        return self.nearest(self.vector(query), limit)

    def vector(self, query: str) -> NDArray[np.float32]:
        """The vector of a question."""
        row: NDArray[np.float32] = self._embedder.encode_queries([query])[0]
        return row

    def nearest(self, vector: NDArray[np.float32], limit: int) -> tuple[tuple[str, float], ...]:
        """The nearest documents to a vector, nearest first, ties by id."""
        return tuple((row.sentence, score) for row, score in self._shelf.search(vector, limit)[:limit])

    def near(self, vector: NDArray[np.float32], documents: Sequence[str]) -> dict[str, float]:
        """How near these documents are to a vector."""
        return {name: score for name, (_, score) in self._shelf.scores(vector, documents).items()}

    def met(self, query: str, documents: Sequence[str]) -> dict[str, float]:
        """How well the word pieces of a question are met by these documents; empty where there are none."""
        if not isinstance(self._embedder, PieceEmbedder):
            return {}
        return self._shelf.interaction(self._embedder.encode_question(query), documents)
