"""Generations of the index of passages: each goes on from the last by what the store says has changed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import NamedTuple

from consilium.adapters.index import passage_generation
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
    number, mark = store.works.change
    name = "p-" + hashlib.sha256(f"{ANALYSER} {mark}".encode()).hexdigest()[:20]
    for made in () if anew else (folder.works / name, folder.works / (name + _WHOLE)):
        if _is_sound(made):
            return made
    before = folder.passages()
    upto = _upto(before) if before and not anew and _is_sound(before) else None
    if upto is None or not store.works.has_come_by(upto.change, upto.mark):
        before, upto = None, None
    target = folder.works / (name if before else name + _WHOLE)
    _build(target, store, before, upto, _Upto(ANALYSER, number, mark))
    return target


def _build(target: Path, store: Store, before: Path | None, upto: _Upto | None, now: _Upto) -> None:
    scratch = target.parent / f"building-{os.getpid()}"
    try:
        for stale in target.parent.glob("building-*"):
            shutil.rmtree(stale)
        scratch.mkdir(parents=True)
        if upto:
            works, gone = store.works.changed(upto.change), store.works.outdated(upto.change)
            passage_generation.build(scratch, works, before=before, gone=gone)
        else:
            passage_generation.build(scratch, store.works.all())
        (scratch / _UPTO).unlink(missing_ok=True)  # it may be a link to that of before
        with (scratch / _UPTO).open("w", encoding="utf-8") as file:
            json.dump(now, file)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            target.rename(scratch.with_name(f"{scratch.name}-old"))
        scratch.rename(target)
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise


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
