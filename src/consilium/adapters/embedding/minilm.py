"""all-MiniLM-L6-v2 on numpy alone: no torch, no compiler, no service."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from consilium.adapters.embedding import interaction, tensors
from consilium.adapters.embedding.encoder import WIDTH, Encoder, pooled
from consilium.adapters.embedding.installed import MODEL, VOCABULARY, WEIGHTS, WEIGHTS_SHA256
from consilium.adapters.embedding.wordpiece import WordPiece
from consilium.errors import ConfigurationError
from consilium.ports import Fingerprint, Pieces

MAX_TOKENS = 256  # as published with the model
# Pieces that go through the layers at once: more leave the processor's cache (benchmarks/embedding.py).
_AT_ONCE = 1024


class MiniLM:
    """The published model; satisfies ``ports.PieceEmbedder``."""

    fingerprint = Fingerprint(
        MODEL, WEIGHTS_SHA256, "mean", "", "", WIDTH, MAX_TOKENS, interaction.shipped().digest
    )

    sent_to = None

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        """Open the model that ``consilium models install`` put into ``folder``.

        Args:
            threads: how many batches of documents are worked on at once.

        Raises:
            ConfigurationError: a file is missing, cut short, or of another model.
        """
        self._threads = threads
        self._states = lru_cache(maxsize=interaction.ASKED)(self._through)
        try:
            self._pieces = WordPiece.read(folder / VOCABULARY)
            self._encoder = Encoder(tensors.read(folder / WEIGHTS))
        except (OSError, KeyError, ValueError) as fault:
            raise ConfigurationError(
                f"The embedding model in {folder} is not whole, or it is another one ({fault}); "
                "run `consilium models install --again`."
            ) from fault

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row a question, each encoded by itself so that its numbers depend on nothing else."""
        rows = [pooled([self._states(text)[1]]) for text in texts]
        return np.vstack(rows) if rows else np.empty((0, WIDTH), np.float32)

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row a text, in batches of texts alike in length."""
        return self.encode_pieces(texts)[0]

    def encode_question(self, text: str) -> Pieces:
        """The word pieces of a question."""
        return interaction.shipped().asked(*self._states(text))

    def _through(self, text: str) -> tuple[list[int], NDArray[np.float32]]:
        """The word pieces of one question by number, and what the layers make of them."""
        numbers = self._pieces.numbers(text, MAX_TOKENS)
        return numbers, self._encoder.states([numbers])[0]

    def encode_pieces(self, texts: Sequence[str]) -> tuple[NDArray[np.float32], list[NDArray[np.float32]]]:
        """One row a text, and the rows of its word pieces."""
        numbers = [self._pieces.numbers(text, MAX_TOKENS) for text in texts]
        rows = np.empty((len(texts), WIDTH), np.float32)
        pieces = [rows[:0]] * len(texts)

        def encode(batch: Sequence[int]) -> None:
            states = self._encoder.states([numbers[place] for place in batch])
            rows[batch] = pooled(states)
            for place, state in zip(batch, states, strict=True):
                pieces[place] = interaction.shipped().rows(state)

        with ThreadPoolExecutor(self._threads) as pool:
            list(pool.map(encode, batches([len(text) for text in numbers])))
        return rows, pieces


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Places of texts in batches alike in length, the longest first."""
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lambda place: (-lengths[place], place)):
        if batch and (len(batch) + 1) * lengths[batch[0]] > _AT_ONCE:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch
