"""One thread for each product of matrices: questions are small, and documents have batches of their own."""

from __future__ import annotations

import os

_BLAS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def one_each() -> None:
    """Say so to numpy, which listens once, when it is first imported; what is set already stands.

    Several threads on one small product wait for each other, and on a busy machine they wait long.
    """
    for name in _BLAS:
        os.environ.setdefault(name, "1")
