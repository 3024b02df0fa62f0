"""The stamp of what is published: eight bytes that every process of this host can see.

Whoever changes what readers see writes a new random stamp; whoever keeps pages compares it before
each use. A random stamp needs no lock: two writers at once still leave one that nobody has seen.
"""

from __future__ import annotations

import mmap
import os
import secrets
from pathlib import Path

_SIZE = 8


class Epoch:
    """The stamp in one file, mapped into memory."""

    def __init__(self, path: Path) -> None:
        """``path``: the file; made if it is not there."""
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if os.fstat(file).st_size < _SIZE:
                os.write(file, secrets.token_bytes(_SIZE))
            self._bytes = mmap.mmap(file, _SIZE)
        finally:
            os.close(file)

    def now(self) -> bytes:
        """The stamp as it is at this moment."""
        return self._bytes[:_SIZE]

    def renew(self) -> None:
        """Let every process of this host know that something has changed."""
        self._bytes[:_SIZE] = secrets.token_bytes(_SIZE)
