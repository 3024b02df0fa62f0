"""What SQLite raises, in words that a curator can act on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from consilium.errors import LibraryError


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn what SQLite raises into words that a curator can act on."""
    try:
        yield
    except sqlite3.DatabaseError as fault:
        words = str(fault)
        if "full" in words:
            message = f"The disk that holds {path} is full; nothing was changed. Free some space."
        elif "readonly" in words or "unable to open" in words:
            message = (
                f"{path} cannot be written ({words}). Choose another folder with --library "
                "or CONSILIUM_DATA_DIR."
            )
        elif "locked" in words:
            message = f"{path} is in use by another process; try again."
        else:
            message = (
                f"{path} is damaged ({words}). Move the file away and run `consilium library "
                "rebuild`; records that you added must be added again from their files."
            )
        raise LibraryError(message) from fault
