"""Generations of the index: built aside, then switched to in one rename; never half there.

A library folder holds ``library.sqlite3``, ``index/<generation>/`` and ``CURRENT``, which
names the generation that readers open and, on a second line, the MeSH headings under ``mesh/``
that the lexicon was widened by. Builders take ``write.lock``; readers take nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from consilium.adapters import starter
from consilium.adapters.index import tantivy_text
from consilium.adapters.library.headings import Headings, compiled_again, made_for
from consilium.adapters.library.store import Store
from consilium.domain.evidence import Annotation, Sentence, Source
from consilium.errors import IndexMismatch, LibraryError
from consilium.lexicon.concepts import Lexicon
from consilium.lexicon.widened import widened

Annotate = Callable[[Sentence, Source, Lexicon], Annotation]
Report = Callable[[str], None]
_WAIT = 120.0
_KEEP = 2


@dataclass(frozen=True)
class Folder:
    """Where one library lives on disk."""

    path: Path

    @property
    def database(self) -> Path:
        """The store."""
        return self.path / "library.sqlite3"

    @property
    def index(self) -> Path:
        """The folder of index generations."""
        return self.path / "index"

    @property
    def vectors(self) -> Path:
        """The folder of vectors."""
        return self.path / "vectors"

    @property
    def mesh(self) -> Path:
        """The folder of MeSH headings."""
        return self.path / "mesh"

    @property
    def pointer(self) -> Path:
        """The file that names the current generation."""
        return self.path / "CURRENT"

    def stamp(self) -> tuple[int, int] | None:
        """What differs as soon as another generation is in use, or the same one built anew."""
        try:
            pointer = self.pointer.stat()
        except OSError:
            return None
        return pointer.st_mtime_ns, pointer.st_ino

    def current(self) -> str | None:
        """The name of the current generation, or None."""
        name = self._line(0)
        return name if name and (self.index / name / "meta.json").exists() else None

    def headings(self) -> Path | None:
        """The file of MeSH headings in use, or None."""
        name = self._line(1)
        return self.mesh / name if name else None

    def _line(self, number: int) -> str | None:
        try:
            lines = self.pointer.read_text("utf-8").split("\n")
        except OSError:
            return None
        return lines[number].strip() if number < len(lines) else None


@dataclass(frozen=True, slots=True)
class Opened:
    """A library as it is used: its records, its index, and the lexicon that the index was built under."""

    store: Store
    index: tantivy_text.TantivyText
    lexicon: Lexicon


def fingerprint(digests: dict[str, str], lexicon: Lexicon, rules: str) -> str:
    """The name of the generation that these records, lexicon and analyser make."""
    parts = {"a": tantivy_text.ANALYSER, "l": lexicon.fingerprint, "r": rules, "d": digests}
    return "g-" + hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:20]


def ready(
    folder: Folder,
    shipped: Lexicon,
    annotate: Annotate,
    rules: str,
    *,
    report: Report = lambda _: None,
    anew: bool = False,
) -> Opened:
    """Open the library in ``folder``, building or renewing it first where that is needed.

    Args:
        rules: the digest of whatever else shapes annotations.
        report: is told in words what takes time.
        anew: build the index again even if it is up to date.

    Raises:
        LibraryError: the folder cannot be used; the message says why and what to do.
    """
    if not anew and (opened := opened_as_it_is(folder, shipped, rules)):
        return opened
    with writing(folder, report):
        if not anew and (opened := opened_as_it_is(folder, shipped, rules)):
            return opened
        report("Building the library (once) …")
        refresh(folder, shipped, annotate, rules, headings=folder.headings(), anew=anew)
    opened = opened_as_it_is(folder, shipped, rules)
    if opened is None:
        raise IndexMismatch
    return opened


def opened_as_it_is(folder: Folder, shipped: Lexicon, rules: str) -> Opened | None:
    """The generation in use; None where there is none, or where it is not of this version's making."""
    name = folder.current()
    if name is None or not folder.database.exists():
        return None
    lexicon = _lexicon(folder.headings(), shipped)
    if lexicon is None:
        return None
    store = Store(folder.database)
    digests = store.digests()
    if digests.get(starter.COLLECTION) != starter.digest() or name != fingerprint(digests, lexicon, rules):
        store.close()
        return None
    try:
        return Opened(store, tantivy_text.TantivyText(folder.index / name), lexicon)
    except IndexMismatch:
        store.close()
        return None


def _lexicon(path: Path | None, shipped: Lexicon) -> Lexicon | None:
    """The lexicon with the headings in ``path``; None where these were compiled for another."""
    if path is None:
        return shipped
    found = Headings(path)
    return widened(shipped, found) if found.about.made_for == made_for(shipped) else None


class writing:  # noqa: N801 - reads as a statement
    """The single writer of a folder; others wait, and are told."""

    def __init__(self, folder: Folder, report: Report) -> None:
        """Take the lock of ``folder`` on entry; ``report`` is told when that means waiting."""
        self._folder, self._report = folder, report

    def __enter__(self) -> None:
        try:
            self._folder.index.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(str(self._folder.path / "write.lock"))
            try:
                self._lock.acquire(timeout=0.2)
            except Timeout:
                self._report("Another process is building this library; waiting for it …")
                self._lock.acquire(timeout=_WAIT)
        except Timeout:
            raise LibraryError(
                f"Another process has been writing {self._folder.path} for {_WAIT:.0f} s; "
                "end it, or wait and try again."
            ) from None
        except OSError as fault:
            raise LibraryError(
                f"{self._folder.path} cannot be written ({fault.strerror or fault}). Choose "
                "another folder with --library or CONSILIUM_DATA_DIR."
            ) from fault

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def refresh(
    folder: Folder,
    shipped: Lexicon,
    annotate: Annotate,
    rules: str,
    *,
    headings: Path | None,
    anew: bool = False,
) -> None:
    """Bring store and index up to date under ``headings``; the caller holds the writer's lock."""
    store = Store(folder.database, write=True)
    try:
        if store.digests().get(starter.COLLECTION) != starter.digest():
            store.replace(starter.COLLECTION, starter.records(), starter.digest())
        lexicon = _lexicon(headings, shipped)
        if headings and lexicon is None:
            headings = compiled_again(headings, shipped)
            lexicon = widened(shipped, Headings(headings))
        name = fingerprint(store.digests(), lexicon or shipped, rules)
        build = anew or not _complete(folder.index / name)
        if build:
            _build(folder, name, store, lexicon or shipped, annotate)
        if build or folder.current() != name or folder.headings() != headings:
            _switch(folder, name, headings)
    except OSError as fault:
        raise LibraryError(
            f"The index in {folder.path} could not be written ({fault.strerror or fault}); "
            "the library is as it was. Free some space or choose another folder."
        ) from fault
    finally:
        store.close()


def _complete(index: Path) -> bool:
    try:
        tantivy_text.TantivyText(index)
    except IndexMismatch:
        return False
    return True


def _build(folder: Folder, name: str, store: Store, lexicon: Lexicon, annotate: Annotate) -> None:
    scratch = folder.index / f"building-{os.getpid()}"
    try:
        for stale in folder.index.glob("building-*"):
            shutil.rmtree(stale)
        scratch.mkdir()
        tantivy_text.build(scratch, _rows(store, lexicon, annotate), lexicon.ancestors)
        target = folder.index / name
        if target.exists():
            target.rename(scratch.with_name(f"building-{os.getpid()}-old"))
        scratch.rename(target)
    except OSError:
        shutil.rmtree(scratch, ignore_errors=True)
        raise


def _switch(folder: Folder, name: str, headings: Path | None) -> None:
    """Make a generation the one in use, together with the headings that it was built under."""
    before = folder.headings()
    pointer = folder.pointer.with_suffix(".new")
    with pointer.open("w", encoding="utf-8") as file:
        file.write(f"{name}\n{headings.name if headings else ''}".rstrip() + "\n")
        file.flush()
        os.fsync(file.fileno())
    pointer.replace(folder.pointer)
    _tidy(folder, name, {headings, before})


def _rows(
    store: Store, lexicon: Lexicon, annotate: Annotate
) -> Iterator[tuple[Source, Sentence, Annotation]]:
    for source, sentences in store.everything():
        for sentence in sentences:
            yield source, sentence, annotate(sentence, source, lexicon)


def _tidy(folder: Folder, name: str, headings: set[Path | None]) -> None:
    """Drop old generations; the last one stays for readers that have just read CURRENT."""
    for stale in folder.index.glob("building-*"):
        shutil.rmtree(stale, ignore_errors=True)
    old = sorted(
        (path for path in folder.index.glob("g-*") if path.name != name),
        key=lambda path: path.stat().st_mtime,
        reverse=True,
    )
    for path in old[_KEEP - 1 :]:
        shutil.rmtree(path, ignore_errors=True)
    for path in folder.mesh.glob("*"):
        if path not in headings:
            path.unlink(missing_ok=True)
