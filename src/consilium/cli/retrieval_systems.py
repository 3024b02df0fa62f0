"""The systems that can be measured over the documents of a test collection, by name."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from consilium import wiring
from consilium.adapters.embedding import installed
from consilium.adapters.index import documents as text_index
from consilium.adapters.index.documents import DocumentText
from consilium.adapters.index.fused import Fused, Ranked
from consilium.cli.common_options import say
from consilium.errors import Cancelled, MalformedCollection
from consilium.evaluation import beir
from consilium.evaluation.retrieval import System
from consilium.ports import Embedder
from consilium.settings import from_environment

if TYPE_CHECKING:
    from consilium.adapters.vectors.documents import DocumentVectors

_PATIENCE = 300.0  # seconds that a service may take over one request


class Bench:
    """The documents of one corpus, with their indexes: made at first need, kept in the data folder.

    They are kept by the digest of the corpus and the fingerprint of what made them, so that none can go stale.
    """

    def __init__(self, corpus: Path, digest: str, threads: int = 1) -> None:
        """``digest``: of the corpus; ``threads``: batches of documents that are embedded at once."""
        self._corpus, self._threads = corpus, threads
        self._folder = from_environment().data_dir / "evaluation" / digest[:16]

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids of all documents; the corpus is read whole, so that a fault in it is told first."""
        ids = frozenset(name for name, _ in beir.documents(self._corpus))
        if not ids:
            raise MalformedCollection(f"{self._corpus} holds no document.")
        return ids

    @cached_property
    def text(self) -> DocumentText:
        """The text index."""
        folder = self._folder / f"text-{_short(text_index.ANALYSER)}"
        if not folder.exists():
            say(f"Indexing {len(self.ids):,} documents …")
            text_index.build(folder, beir.documents(self._corpus))
        return DocumentText(folder)

    @cached_property
    def vectors(self) -> DocumentVectors:
        """The vectors; what was embedded before is not embedded again."""
        # The embedder first: it says what is missing, and to numpy, which listens once, how many threads to use.
        embedder = self.embedder
        from consilium.adapters.vectors import documents as vectors  # noqa: PLC0415 - brings numpy
        from consilium.cli.embedding_progress import Telling  # noqa: PLC0415 - slow to import

        folder = self._folder / f"vectors-{_short(dataclasses.asdict(embedder.fingerprint))}"
        try:
            with Telling() as told:
                vectors.embed(folder, lambda: beir.documents(self._corpus), embedder, report=told)
        except KeyboardInterrupt:
            raise Cancelled("Cancelled; what was embedded is kept, and the next run goes on there.") from None
        return vectors.DocumentVectors(folder, embedder)

    @cached_property
    def embedder(self) -> Embedder:
        """The embedder that the settings name."""
        return wiring.embedder(from_environment(), threads=self._threads, patience=_PATIENCE)

    @cached_property
    def fused(self) -> Fused:
        """Text and vectors together."""
        vectors = self.vectors  # first: it tells at once where there is no model
        return Fused(self.text, vectors)


SYSTEMS: Mapping[str, Callable[[Bench], System]] = {
    "text": lambda bench: bench.text,
    "dense": lambda bench: bench.vectors,
    "hybrid": lambda bench: bench.fused,
    "ranked": lambda bench: Ranked(bench.fused, bench.vectors),
}


def usual() -> tuple[str, ...]:
    """What is measured where nothing is named: text, and all of it where the model is installed."""
    settings = from_environment()
    here = settings.embedding is None and installed.is_there(installed.folder_of(settings.data_dir))
    return ("text", "hybrid", "ranked") if here else ("text",)


def _short(fingerprint: object) -> str:
    return hashlib.sha256(json.dumps(fingerprint, sort_keys=True).encode()).hexdigest()[:8]
