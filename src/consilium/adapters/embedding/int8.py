"""all-MiniLM-L6-v2 with weights of eight bits on onnxruntime: about twice as fast as on numpy, nearly the same."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from consilium.adapters.embedding import interaction
from consilium.adapters.embedding.encoder import WIDTH
from consilium.adapters.embedding.installed import INT8, VOCABULARY
from consilium.adapters.embedding.quantised import GIVEN, LONGEST, STATES, VECTOR
from consilium.adapters.embedding.wordpiece import WordPiece
from consilium.errors import ConfigurationError
from consilium.ports import Fingerprint, Pieces

Array = NDArray[np.float32]


class Int8MiniLM:
    """The made model; satisfies ``ports.PieceEmbedder``. Each text is a run of its own."""

    fingerprint = Fingerprint(
        INT8.name.removesuffix(".onnx"),
        INT8.sha256,
        "mean",
        "",
        "",
        WIDTH,
        LONGEST,
        interaction.shipped().digest,
    )

    sent_to = None

    def __init__(self, folder: Path, model: Path, *, threads: int = 1) -> None:
        """Open what ``consilium models install --int8`` made.

        Args:
            folder: of the published model, for its vocabulary.
            threads: how many documents are worked on at once.

        Raises:
            ConfigurationError: a file is missing, cut short, or of another model.
        """
        self._threads = threads
        self._question = lru_cache(maxsize=interaction.ASKED)(self._through)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # a text is small; documents have threads of their own
        # No more than that: what it would put together otherwise is slower (see `quantised`).
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        options.log_severity_level = 3  # errors only
        try:
            self._pieces = WordPiece.read(folder / VOCABULARY)
            self._session = onnxruntime.InferenceSession(
                model.read_bytes(), options, providers=["CPUExecutionProvider"]
            )
        # onnxruntime's own errors have no public base but RuntimeError and Exception.
        except Exception as fault:
            raise ConfigurationError(
                f"The embedding model in {model} cannot be used ({fault}); "
                "run `consilium models install --int8 --again`."
            ) from fault

    def encode_queries(self, texts: Sequence[str]) -> Array:
        """One row a question."""
        return _stacked([self._question(text)[1] for text in texts])

    def encode_documents(self, texts: Sequence[str]) -> Array:
        """One row a text."""
        return self.encode_pieces(texts)[0]

    def encode_question(self, text: str) -> Pieces:
        """The word pieces of a question."""
        numbers, _, states = self._question(text)
        return interaction.shipped().asked(numbers, states)

    def encode_pieces(self, texts: Sequence[str]) -> tuple[Array, list[Array]]:
        """One row a text, and the rows of its word pieces."""

        def encode(text: str) -> tuple[Array, Array]:
            _, vector, states = self._through(text)
            return vector, interaction.shipped().rows(states)

        with ThreadPoolExecutor(self._threads) as pool:
            made = list(pool.map(encode, texts))
        return _stacked([vector for vector, _ in made]), [rows for _, rows in made]

    def _through(self, text: str) -> tuple[list[int], Array, Array]:
        """The word pieces of a text by number, its vector, and the last layer: a row a piece."""
        numbers = self._pieces.numbers(text, LONGEST)
        vector, states = self._session.run([VECTOR, STATES], {GIVEN: np.array(numbers, np.int64)})
        return numbers, vector, states


def _stacked(rows: Sequence[Array]) -> Array:
    return np.vstack(rows) if rows else np.empty((0, WIDTH), np.float32)
