"""Generations of the index: built aside, then switched to in one rename; never half there.

A library folder holds ``library.sqlite3``, ``index/<generation>/``, ``works/<generation>/`` and ``CURRENT``.
That names the generation that readers open; on a second line, the MeSH headings under ``mesh/`` that the
lexicon was widened by; on a third, the generation of the index of passages. Builders take ``write.lock``;
readers take nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from consilium.adapters import starter
from consilium.adapters.index import tantivy_text
from consilium.adapters.index.joined import Annotate
from consilium.adapters.index.passages import PassageIndex
from consilium.adapters.library import works_index
from consilium.adapters.library.folder import Folder, Report, writing
from consilium.adapters.library.headings import Headings, compiled_again, made_for
from consilium.adapters.library.store import Store
from consilium.domain.evidence import Annotation, Sentence, Source
from consilium.errors import IndexMismatch, LibraryError
from consilium.lexicon.concepts import Lexicon
from consilium.lexicon.widened import widened


@dataclass(frozen=True, slots=True)
class Opened:
    """A library as it is used.

    Attributes:
        lexicon: the one that the index of statements was built under.
        passages: the index of the works in it; None where there are none. While works are being taken in, it finds
            those of before.
    """

    store: Store
    index: tantivy_text.TantivyText
    lexicon: Lexicon
    passages: PassageIndex | None


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
        index = tantivy_text.TantivyText(folder.index / name)
        return Opened(store, index, lexicon, works_index.opened(folder.passages()))
    except IndexMismatch:
        store.close()
        return None


def _lexicon(path: Path | None, shipped: Lexicon) -> Lexicon | None:
    """The lexicon with the headings in ``path``; None where these were compiled for another."""
    if path is None:
        return shipped
    found = Headings(path)
    return widened(shipped, found) if found.about.made_for == made_for(shipped) else None


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
        passages = works_index.brought_up(folder, store, anew=anew)
        used = (folder.current(), folder.headings(), folder.passages())
        if build or used != (name, headings, passages):
            folder.switch(name, headings, passages)
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


def _rows(
    store: Store, lexicon: Lexicon, annotate: Annotate
) -> Iterator[tuple[Source, Sentence, Annotation]]:
    for source, sentences in store.everything():
        for sentence in sentences:
            yield source, sentence, annotate(sentence, source, lexicon)
