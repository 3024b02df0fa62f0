"""The one place that chooses adapters."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from importlib import resources
from pathlib import Path

from consilium.adapters.library.generations import Folder, ready
from consilium.adapters.library.store import Store
from consilium.lexicon import concepts
from consilium.lexicon.spelling import Speller
from consilium.pipeline.annotate import annotate
from consilium.pipeline.answer import World
from consilium.settings import Settings, from_environment


@cache
def rules_digest() -> str:
    """The digest of what shapes annotations beside the lexicon: the rules and the annotator."""
    digest = hashlib.sha256()
    for module, name in (
        ("pipeline", "tables.json"),
        ("pipeline", "annotate.py"),
        ("lexicon", "recognise.py"),
    ):
        digest.update(resources.files(f"consilium.{module}").joinpath(name).read_bytes())
    return digest.hexdigest()[:16]


def world(
    settings: Settings | None = None,
    *,
    library: Path | None = None,
    report: Callable[[str], None] = lambda _: None,
    anew: bool = False,
) -> World:
    """Everything an answer is made from; builds the library on first use.

    Raises:
        LibraryError: the library folder cannot be used.
    """
    chosen = settings or from_environment()
    lexicon = concepts.load()
    store, index = ready(
        Folder(library or chosen.data_dir), lexicon, annotate, rules_digest(), report=report, anew=anew
    )
    speller = Speller(
        lexicon.words | lexicon.common | index.vocabulary(),
        lambda word: index.word_frequency(word) + (word in lexicon.words),
        lexicon.words,
    )
    return World(lexicon, index, store, speller, chosen.emergency_number, chosen.crisis_number)


def folder(library: Path | None = None) -> Folder:
    """The library folder of the settings, or ``library``."""
    return Folder(library or from_environment().data_dir)


def store_of(world_: World) -> Store:
    """The store behind a world, for commands that look after the library."""
    assert isinstance(world_.library, Store)  # noqa: S101 - wiring made it
    return world_.library
