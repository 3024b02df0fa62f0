"""The next generation of the index of passages: hard links to the last one, and what has changed since."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import tantivy

from consilium.adapters.index.passages import documents, schema
from consilium.adapters.sources.works import Work
from consilium.errors import IndexMismatch

_HEAP = 64_000_000


class Generation:
    """A generation while it is being written; nobody reads it before it is finished."""

    def __init__(self, folder: Path, before: Path | None = None) -> None:
        """Begin in the empty ``folder``.

        Args:
            before: the generation that it goes on from; that one stays as it is.

        Raises:
            IndexMismatch: it cannot be written, or ``before`` cannot be read.
        """
        with _told():
            if before:
                _link(before, folder)
            # One thread: documents keep the order in which they are given.
            index = tantivy.Index.open(str(folder)) if before else tantivy.Index(schema(), path=str(folder))
            self._writer = index.writer(heap_size=_HEAP, num_threads=1)

    def take(self, works: Iterable[tuple[int, Work]], gone: Iterable[str] = ()) -> None:
        """Find these works from now on, each with its version, and those sources no more.

        A source that is in both is found as it is given here.
        """
        with _told():
            for source in gone:
                self._writer.delete_documents_by_term("source", source)
            for version, work in works:
                for document in documents(work, version):
                    self._writer.add_document(document)

    def finish(self) -> None:
        """Write the last of it to the disk."""
        with _told():
            self._writer.commit()
            self._writer.wait_merging_threads()


def build(folder: Path, works: Iterable[tuple[int, Work]]) -> None:
    """Write a whole generation into the empty ``folder``.

    Raises:
        IndexMismatch: it could not be written.
    """
    generation = Generation(folder)
    generation.take(works)
    generation.finish()


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as fault:
        raise IndexMismatch(f"The index of passages could not be written: {fault}.") from fault


def _link(before: Path, folder: Path) -> None:
    """The engine writes every file once and replaces the lists of files by renaming: links are safe, locks are not.

    A file system without hard links gets copies.
    """
    for file in before.iterdir():
        if file.suffix != ".lock":
            try:
                os.link(file, folder / file.name)
            except OSError:
                (folder / file.name).write_bytes(file.read_bytes())
