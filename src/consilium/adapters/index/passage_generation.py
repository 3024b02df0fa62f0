"""The next generation of the index of passages: hard links to the last one, and what has changed since."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import tantivy

from consilium.adapters.index.passages import documents, schema
from consilium.adapters.sources.works import Work
from consilium.errors import IndexMismatch

_HEAP = 64_000_000


def build(
    folder: Path, works: Iterable[tuple[int, Work]], *, before: Path | None = None, gone: Iterable[str] = ()
) -> None:
    """Write a generation into the empty ``folder``.

    Args:
        works: works to be found, each with its version.
        before: the generation that it goes on from; it stays as it is.
        gone: sources whose passages in ``before`` are to be found no more; of what is in ``works`` as well, only
            the version given there is found.

    Raises:
        IndexMismatch: it could not be written, or ``before`` could not be read.
    """
    try:
        if before:
            _link(before, folder)
        # One thread: documents keep the order in which the store gives them.
        index = tantivy.Index.open(str(folder)) if before else tantivy.Index(schema(), path=str(folder))
        with index.writer(heap_size=_HEAP, num_threads=1) as writer:
            for source in gone:
                writer.delete_documents_by_term("source", source)
            for version, work in works:
                for document in documents(work, version):
                    writer.add_document(document)
            writer.commit()
            writer.wait_merging_threads()
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
