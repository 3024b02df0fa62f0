"""How near sentences are to a question by their vectors; opened at the first question, never before.

Whatever goes wrong with vectors or model, the question is answered by text alone, and ``trouble`` says why.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from consilium.adapters.vectors import manifest as manifests
from consilium.errors import ConsiliumError
from consilium.ports import Embedder, Fingerprint, Library, PieceEmbedder, Pieces, Query, Rows, Searched

if TYPE_CHECKING:
    from consilium.adapters.vectors.shelf import Shelf

RESCORED = (
    1000  # hits of the text index that are scored by meaning in a library too large to be looked through
)
_REST = 60.0  # seconds before what has failed is tried again
NO_VECTORS = "the library has no vectors (consilium library embed)"


class Meaning:
    """The vectors of one library folder, and the embedder that made them."""

    def __init__(
        self, folder: Path, embedder: Callable[[], Embedder], library: Library, scanned: int
    ) -> None:
        """Open nothing yet.

        Args:
            folder: of the vectors.
            embedder: opens the model.
            scanned: up to how many vectors all are looked at for one question.
        """
        self._folder, self._library, self._scanned = folder, library, scanned
        self._open_embedder, self._lock = embedder, threading.Lock()
        self._embedder: Embedder | None = None
        self._shelf: Shelf | None = None
        self._stamp: tuple[int, int] | None = None
        self._rests_until = 0.0
        self._vector = lru_cache(maxsize=64)(self._encoded)
        self._pieces = lru_cache(maxsize=64)(self._in_pieces)
        self.trouble: str | None = None

    @property
    def about(self) -> str | None:
        """The model and how many vectors there are; None where text answers alone."""
        shelf = self._ready()
        if shelf is None or self._embedder is None:
            return None
        return f"{self._embedder.fingerprint.model}, {len(shelf):,} vectors"

    @property
    def fingerprint(self) -> Fingerprint | None:
        """What the vectors in use may be compared with; None where text answers alone."""
        return self._embedder.fingerprint if self._embedder and self._ready() is not None else None

    def searched(self) -> Searched:
        """What it depends on at this moment; a service that has failed was sent the question all the same."""
        shelf, model = self._ready(), self._embedder
        return Searched(
            vectors=None if shelf is None else shelf.generation,
            sent_to=model.sent_to if model and self.trouble != NO_VECTORS else None,
            fell_back=shelf is None and self.trouble != NO_VECTORS,
        )

    def depth(self, limit: int) -> int:
        """How many hits of the text index are to be scored."""
        shelf = self._ready()
        return max(limit, RESCORED) if shelf is not None and len(shelf) > self._scanned else limit

    def similar(self, query: Query, found: Sequence[str]) -> dict[str, float] | None:
        """How near what text found is to the question, and what else is near; None where it cannot tell."""
        shelf = self._ready()
        if shelf is None:
            return None
        try:
            vector = self._vector(query.asked)
            names = list(found)
            if len(shelf) <= self._scanned:
                nearest = shelf.search(vector, query.limit, shelf.of_kinds(query.kinds))
                names += [row.sentence for row, _ in nearest]
            return {name: score for name, (_, score) in shelf.scores(vector, names).items()}
        except ConsiliumError as fault:
            self._rest(fault)
            return None

    def met(self, query: Query, sentences: Sequence[str]) -> dict[str, float]:
        """How well the word pieces of the question are met by these sentences; empty where none are known."""
        shelf, model = self._shelf, self._embedder
        if shelf is None or not isinstance(model, PieceEmbedder):
            return {}
        try:
            return shelf.interaction(self._pieces(query.asked), sentences)
        except ConsiliumError as fault:
            self._rest(fault)
            return {}

    def outdated(self, sentences: Iterable[str]) -> set[str]:
        """Those of these sentences that read otherwise now than when they were embedded."""
        shelf = self._shelf
        if shelf is None:
            return set()
        gone = set()
        for name in sentences:
            row, sentence = shelf.row(name), self._library.sentence(name)
            source = self._library.source(sentence.source) if sentence else None
            if row and (source is None or sentence is None or row != manifests.row_of(source, sentence)):
                gone.add(name)
        return gone

    def _ready(self) -> Shelf | None:
        """The vectors in use, opened anew when there are others; None where they cannot be used."""
        stamp = manifests.stamp(self._folder)
        if stamp is None:
            self._shelf, self.trouble = None, NO_VECTORS
            return None
        with self._lock:
            if stamp == self._stamp and (self._shelf is not None or time.monotonic() < self._rests_until):
                return self._shelf
            try:
                self._shelf, self._stamp, self.trouble = self._opened(), stamp, None
            except ConsiliumError as fault:
                self._stamp = stamp
                self._rest(fault)
            return self._shelf

    def _opened(self) -> Shelf:
        if self._embedder is None:
            self._embedder = self._open_embedder()
        from consilium.adapters.vectors.shelf import Shelf  # noqa: PLC0415 - brings numpy

        return Shelf(self._folder, self._embedder.fingerprint)

    def _encoded(self, asked: str) -> Rows:
        assert self._embedder is not None  # noqa: S101 - whoever has a shelf has it
        return self._embedder.encode_queries([asked])[0]

    def _in_pieces(self, asked: str) -> Pieces:
        assert isinstance(self._embedder, PieceEmbedder)  # noqa: S101 - ``met`` has looked
        return self._embedder.encode_question(asked)

    def _rest(self, fault: ConsiliumError) -> None:
        """Leave it at text for a while."""
        self.trouble, self._shelf = str(fault), None
        self._rests_until = time.monotonic() + _REST
