"""Generations of the index of passages: each goes on from the last by what the store says has changed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import NamedTuple, Self

from consilium.adapters.index.passage_generation import Generation
from consilium.adapters.index.passages import ANALYSER, PassageIndex
from consilium.adapters.library.folder import Folder
from consilium.adapters.library.store import Store
from consilium.errors import IndexMismatch

_UPTO = "upto.json"
# The name of one that was made of everything at once, in the order of ids, ends so.
_WHOLE = "-whole"


class _Upto(NamedTuple):
    """The state of the store that a generation was made from."""

    analyser: str
    change: int
    mark: str


def opened(folder: Path | None) -> PassageIndex | None:
    """The index of passages in ``folder``; None where that is None.

    Raises:
        IndexMismatch: it is damaged, or of another version.
    """
    if folder is None:
        return None
    if (upto := _upto(folder)) is None or upto.analyser != ANALYSER:
        raise IndexMismatch(f"The index of passages in {folder} does not fit this version.")
    return PassageIndex(folder)


def is_behind(folder: Folder, store: Store) -> bool:
    """Whether the store holds works, or changes of them, that the index in use does not know."""
    current = folder.passages()
    upto = _upto(current) if current else None
    return (upto.change, upto.mark) != store.works.change if upto else store.works.any


def brought_up(folder: Folder, store: Store, *, anew: bool = False) -> Path | None:
    """The generation of what the store holds, made if it is not there; None where it holds no works.

    Args:
        anew: make it of everything at once, whatever is there.

    Raises:
        IndexMismatch: it could not be written.
    """
    if not store.works.any:
        return None
    for made in () if anew else reversed(_names(folder, store)):
        if _is_sound(made):
            return made
    with Growing(folder, store, anew=anew) as growing:
        return growing.finished()


class Growing:
    """The next generation while works are being taken in; left early, nothing of it stays."""

    def __init__(self, folder: Folder, store: Store, *, anew: bool = False) -> None:
        """Go on from the generation in use, if the store has come by it.

        Args:
            anew: begin with nothing.
        """
        self._folder, self._store, self._whole = folder, store, anew
        self._scratch = folder.works / f"building-{os.getpid()}"
        before = folder.passages()
        upto = _upto(before) if before and not anew and _is_sound(before) else None
        known = upto is not None and store.works.has_come_by(upto.change, upto.mark)
        self._before = before if known else None
        self._change = self._begun = upto.change if upto and known else 0

    def __enter__(self) -> Self:
        for stale in self._folder.works.glob("building-*"):
            shutil.rmtree(stale)
        self._scratch.mkdir(parents=True)
        self._generation = Generation(self._scratch, self._before)
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._scratch, ignore_errors=True)

    def follow(self) -> None:
        """Take in what the store has written since the last time."""
        works, now = self._store.works, self._store.works.change[0]
        if self._whole and not self._change:
            self._generation.take(works.all())
        elif now > self._change:
            # What was outdated before anything was indexed is not there to be taken out.
            gone = works.outdated(self._change) if self._change else ()
            self._generation.take(works.changed(self._change), gone)
        self._change = now

    def finished(self) -> Path:
        """The generation of all that the store holds, ready to be used; that of before where nothing changed."""
        self.follow()
        if self._before and self._change == self._begun:
            return self._before
        self._generation.finish()
        (self._scratch / _UPTO).unlink(missing_ok=True)  # it may be a link to that of before
        with (self._scratch / _UPTO).open("w", encoding="utf-8") as file:
            json.dump(_Upto(ANALYSER, *self._store.works.change), file)
            file.flush()
            os.fsync(file.fileno())
        target = _names(self._folder, self._store)[self._whole]
        if target.exists():
            target.rename(self._scratch.with_name(f"{self._scratch.name}-old"))
        self._scratch.rename(target)
        return target


def _names(folder: Folder, store: Store) -> tuple[Path, Path]:
    """What a generation of the state of the store is called, and one that was made of everything at once."""
    mark = store.works.change[1]
    name = "p-" + hashlib.sha256(f"{ANALYSER} {mark}".encode()).hexdigest()[:20]
    return folder.works / name, folder.works / f"{name}{_WHOLE}"


def _upto(folder: Path) -> _Upto | None:
    try:
        return _Upto(*json.loads((folder / _UPTO).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _is_sound(folder: Path) -> bool:
    try:
        return opened(folder) is not None
    except IndexMismatch:
        return False
