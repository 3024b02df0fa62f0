"""A library made small, and a library put by, while others read it."""

from __future__ import annotations

import os
import sqlite3
import tarfile
import tempfile
from pathlib import Path

from consilium.adapters.library import works_index
from consilium.adapters.library.folder import Folder, Refresh, Report, writing
from consilium.adapters.library.sqlite_faults import translated
from consilium.adapters.library.store import Store
from consilium.errors import LibraryError


def compact(folder: Folder, refresh: Refresh, report: Report) -> None:
    """Write the index of passages whole, drop what no reader opens any more, give the disk back what is free.

    Raises:
        LibraryError: it could not be written; the library is as it was.
    """
    with writing(folder, report):
        store = Store(folder.database, write=True)
        try:
            report("Writing the index of passages whole …")
            works_index.brought_up(folder, store, anew=True)
        finally:
            store.close()
        refresh(folder.headings())
        folder.drop_old()
        report("Packing the store …")
        with translated(folder.database):
            database = sqlite3.connect(folder.database, timeout=30, isolation_level=None)
            try:
                database.execute("vacuum")
                database.execute("pragma wal_checkpoint(truncate)")
            finally:
                database.close()


def backup(folder: Folder, file: Path) -> int:
    """Write store and MeSH, as they are at this moment, into a tar file, whole or not at all; its bytes.

    Indexes and vectors are not in it: they are made from the store.

    Raises:
        LibraryError: it could not be written.
    """
    try:
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=file.parent) as aside:
            copied, packed = Path(aside) / folder.database.name, Path(aside) / "packed"
            _copy(folder.database, copied)
            with tarfile.open(packed, "w") as tar:
                tar.add(copied, folder.database.name)
                if headings := folder.headings():
                    tar.add(headings, f"{folder.mesh.name}/{headings.name}")
                    tar.add(folder.pointer, folder.pointer.name)
            with packed.open("rb+") as written:
                os.fsync(written.fileno())
            packed.replace(file)
    except OSError as fault:
        raise LibraryError(f"{file} could not be written ({fault.strerror or fault}).") from fault
    return file.stat().st_size


def _copy(database: Path, to: Path) -> None:
    """The state of one moment, while others go on to write."""
    with translated(to):
        source = sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True, timeout=30)
        copy = sqlite3.connect(to)
        try:
            source.backup(copy)
        finally:
            copy.close()
            source.close()
