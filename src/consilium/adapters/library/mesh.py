"""Widen the lexicon of one library by MeSH, or take MeSH out again; all of it or nothing."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator

from consilium.adapters.library.folder import Folder, Refresh, Report, writing
from consilium.adapters.library.headings import About, Headings, made_for, put
from consilium.adapters.sources.mesh import MeshFile
from consilium.errors import LibraryError
from consilium.lexicon.concepts import Lexicon
from consilium.lexicon.headings import Heading

Counted = Callable[[int], None]


def about(folder: Folder) -> About | None:
    """What MeSH a library has, or None.

    Raises:
        LibraryError: its file is missing or damaged.
    """
    path = folder.headings()
    if path is None:
        return None
    found = Headings(path)
    found.close()
    return found.about


def add(
    folder: Folder, file: MeshFile, shipped: Lexicon, refresh: Refresh, report: Report, counted: Counted
) -> tuple[About, About | None]:
    """Widen the lexicon of a library by the headings of a file, in place of those of before.

    Args:
        counted: is told how many headings have been read.

    Returns:
        What the library has now, and what it had before: the same where nothing changed.

    Raises:
        MalformedSource: the file is no MeSH descriptor XML; nothing was changed.
        LibraryError: the folder cannot be written.
    """
    digest = file.digest()
    with writing(folder, report):
        before = _readable(folder)
        if before and before.digest == digest and before.made_for == made_for(shipped):
            refresh(folder.headings())
            return before, before

        def given() -> Iterator[Heading]:
            for number, heading in enumerate(file, 1):
                counted(number)
                yield heading
            report("Indexing under the wider lexicon …")

        made = put(folder.mesh, given(), shipped, lambda: _about(file, digest))
        try:
            refresh(made)
        except BaseException:
            if made != folder.headings():
                made.unlink(missing_ok=True)
            raise
    now = about(folder)
    assert now is not None  # noqa: S101 - it was put there above
    return now, before


def _about(file: MeshFile, digest: str) -> About:
    today = f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}"
    return About(file.path.name, digest, file.year, today)


def remove(folder: Folder, refresh: Refresh, report: Report) -> bool:
    """Take MeSH out of the lexicon of a library; whether there was any.

    Raises:
        LibraryError: the folder cannot be written.
    """
    with writing(folder, report):
        path = folder.headings()
        if path is None:
            return False
        refresh(None)
        path.unlink(missing_ok=True)
    return True


def _readable(folder: Folder) -> About | None:
    try:
        return about(folder)
    except LibraryError:  # it is replaced by what is added now
        return None
