"""all-MiniLM-L6-v2 with weights of eight bits on onnxruntime: about twice as fast as on numpy, nearly the same."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from consilium.adapters.embedding.encoder import WIDTH
from consilium.adapters.embedding.installed import INT8, VOCABULARY
from consilium.adapters.embedding.quantised import ASKED, GIVEN, LONGEST
from consilium.adapters.embedding.wordpiece import WordPiece
from consilium.errors import ConfigurationError
from consilium.ports import Fingerprint


class Int8MiniLM:
    """The made model; satisfies ``ports.Embedder``. Each text is a run of its own."""

    fingerprint = Fingerprint(INT8.name.removesuffix(".onnx"), INT8.sha256, "mean", "", "", WIDTH, LONGEST)

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

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row a question."""
        return self._rows([self._vector(text) for text in texts])

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row a text."""
        with ThreadPoolExecutor(self._threads) as pool:
            return self._rows(list(pool.map(self._vector, texts)))

    def _vector(self, text: str) -> NDArray[np.float32]:
        numbers = np.array(self._pieces.numbers(text, LONGEST), np.int64)
        row: NDArray[np.float32] = self._session.run([ASKED], {GIVEN: numbers})[0]
        return row

    @staticmethod
    def _rows(rows: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
        return np.vstack(rows) if rows else np.empty((0, WIDTH), np.float32)
