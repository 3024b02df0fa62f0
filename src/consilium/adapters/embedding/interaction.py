"""Late interaction: what a word piece becomes so that those of a question and of a text can be compared.

The last layer of the model is projected to 64 numbers a piece; the pieces of a question weigh by how seldom
they are in biomedical texts. Projection and weights were fitted to public training splits
(``tools/fit_interaction.py``, ADR 14); NOTICE names the collections. Source of the method: Khattab and
Zaharia, ColBERT (SIGIR 2020).
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from consilium.ports import Pieces

Array = NDArray[np.float32]

_FILE = "interaction.npz"
ASKED = 8  # questions that an embedder remembers: their vector and their pieces come of one run
_SPECIAL = (101, 102)  # the pieces that begin and end a text


class Interaction:
    """The fitted parameters."""

    def __init__(self, content: bytes) -> None:
        """Read them from the bytes of a file."""
        with np.load(io.BytesIO(content), allow_pickle=False) as held:
            self._projection = held["projection"].astype(np.float32)
            self._weights = held["weights"].astype(np.float32)
        self.digest = hashlib.sha256(content).hexdigest()

    def rows(self, states: Array) -> Array:
        """The rows of word pieces, of length one."""
        rows = states @ self._projection
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)

    def asked(self, pieces: Sequence[int], states: Array) -> Pieces:
        """The pieces of a question, without those that begin and end it."""
        kept = ~np.isin(pieces, _SPECIAL)
        weights = self._weights[np.asarray(pieces)[kept]]
        return Pieces(self.rows(states[kept]), weights / max(float(weights.sum()), 1e-9))


@lru_cache(maxsize=1)
def shipped() -> Interaction:
    """The parameters that ship with this package."""
    return Interaction(resources.files(__package__).joinpath(_FILE).read_bytes())
