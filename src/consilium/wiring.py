"""The one place that chooses adapters."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import cache, partial
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from consilium.adapters.embedding import installed
from consilium.adapters.embedding import threads as threads_
from consilium.adapters.index.hybrid import Hybrid
from consilium.adapters.library.generations import Folder, Opened, opened_as_it_is, ready, refresh
from consilium.adapters.library.store import Store
from consilium.adapters.models import configured, opening
from consilium.adapters.vectors.meaning import NO_VECTORS, Meaning
from consilium.errors import ConfigurationError, LibraryError
from consilium.lexicon import concepts
from consilium.lexicon.spelling import Speller
from consilium.pipeline.annotate import annotate
from consilium.pipeline.answer import World
from consilium.pipeline.writing.desk import Writer
from consilium.ports import Embedder, TextIndex
from consilium.settings import Settings, from_environment

if TYPE_CHECKING:
    from consilium.adapters.models.endpoint import Endpoint


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
    place = Folder(library or chosen.data_dir)
    opened = ready(place, concepts.load(), annotate, rules_digest(), report=report, anew=anew)
    return _over(place, opened, chosen)


def _over(place: Folder, opened: Opened, settings: Settings) -> World:
    store, index, lexicon = opened.store, opened.index, opened.lexicon
    speller = Speller(
        lexicon.words | lexicon.common | index.vocabulary(),
        lambda word: index.word_frequency(word) + (word in lexicon.words),
        lexicon.words,
    )
    searched: TextIndex = index
    if settings.by_meaning:
        opener = partial(embedder, settings)
        searched = Hybrid(index, Meaning(place.vectors, opener, store, settings.scanned_vectors))
    return World(lexicon, searched, store, speller, settings.emergency_number, settings.crisis_number)


def embedder(settings: Settings, *, threads: int = 1, patience: float | None = None) -> Embedder:
    """The embedder that the settings name: a service, else the installed model.

    Args:
        threads: how many batches of documents are worked on at once.
        patience: seconds in which a service must answer.

    Raises:
        ConfigurationError: there is none, or numpy or onnxruntime is missing.
    """
    threads_.one_each()
    try:
        if service := settings.embedding:
            from consilium.adapters.embedding.endpoint import Endpoint  # noqa: PLC0415 - brings numpy

            return Endpoint(replace(service, patience=patience or service.patience))
        folder = installed.folder_of(settings.data_dir)
        if not installed.is_there(folder):
            raise ConfigurationError("No embedding model is installed; run `consilium models install`.")
        installed.check_sizes(folder)
        if settings.int8:
            return _int8(settings, threads)
        from consilium.adapters.embedding.minilm import MiniLM  # noqa: PLC0415 - brings numpy

        return MiniLM(folder, threads=threads)
    except ImportError as fault:
        raise ConfigurationError(
            f"Searching by meaning needs numpy ({fault}); run: pip install 'consilium[dense]'"
        ) from fault


def _int8(settings: Settings, threads: int) -> Embedder:
    file = installed.int8_of(settings.data_dir)
    installed.check_int8_size(file)
    try:
        from consilium.adapters.embedding.int8 import Int8MiniLM  # noqa: PLC0415 - brings onnxruntime
    except ImportError as fault:
        raise ConfigurationError(
            f"CONSILIUM_EMBEDDING_RUNTIME needs onnxruntime ({fault}); run: pip install 'consilium[onnx]'"
        ) from fault
    return Int8MiniLM(installed.folder_of(settings.data_dir), file, threads=threads)


def model(settings: Settings, *, report: Callable[[str], None] = lambda _: None) -> Endpoint | None:
    """The language model that the settings name, or None; ``report`` hears of a key that others can read.

    Raises:
        ConfigurationError: what speaks to it is not installed.
    """
    service = settings.model
    if service is None:
        return None
    if told := configured.caution(settings.data_dir):
        report(told)
    return opening.opened(service, settings.data_dir)


def written(
    world_: World, settings: Settings | None = None, report: Callable[[str], None] = lambda _: None
) -> World:
    """A world whose answers are written with the model that the settings name; the same world if none is.

    Raises:
        ConfigurationError: what speaks to it is not installed.
    """
    chosen = settings or from_environment()
    service, made = chosen.model, model(chosen, report=report)
    if service is None or made is None:
        return world_
    return replace(world_, writer=Writer(made, service.model, allowance=chosen.allowance))


def how_searched(world_: World) -> str:
    """How a world searches, in words, and why not by meaning where it does not."""
    meaning = meaning_of(world_)
    if meaning is None:
        return "by text alone: CONSILIUM_SEARCH says so"
    about = meaning.about
    return f"by text and by meaning ({about})" if about else f"by text alone: {meaning.trouble}"


def trouble(world_: World) -> str | None:
    """Why a library that has vectors was searched by text alone; None where nothing is amiss."""
    meaning = meaning_of(world_)
    found = meaning.trouble if meaning else None
    return None if found == NO_VECTORS else found


def basis(world_: World, version: str) -> dict[str, Any]:
    """What an answer rests on beside the library: version, lexicon, rules, settings, vectors' model."""
    meaning = meaning_of(world_)
    vectors = meaning.fingerprint if meaning else None
    return {
        "consilium": version,
        "lexicon": world_.lexicon.fingerprint,
        "rules": rules_digest(),
        "settings": {
            "emergency_number": world_.emergency_number,
            "crisis_number": world_.crisis_number,
            "search": "by text alone" if meaning is None else "by text and by meaning",
        },
        "vectors": asdict(vectors) if vectors else None,
    }


def meaning_of(world_: World) -> Meaning | None:
    """What a world tells meaning by."""
    index = world_.index
    return index.meaning if isinstance(index, Hybrid) and isinstance(index.meaning, Meaning) else None


class Kept:
    """The world of a library for a process that lives long: each call gives the one in use now.

    Another process may make a new generation at any time. A call looks at one file to learn of it,
    and opens what is there. It builds nothing after the first call: a generation that another
    version of Consilium made is left to that one, and this process goes on with what it has open. Whoever
    took a world before keeps a whole one: the earlier store and index stay open until let go of.
    """

    def __init__(self, library: Path | None = None, *, writes: bool = False) -> None:
        """Keep a world.

        Args:
            library: the folder; by default that of the settings.
            writes: whether answers are written with the model that the settings name.
        """
        self._library, self._lock, self._writes = library, threading.Lock(), writes
        self._held: _Held | None = None

    def __call__(self) -> World:
        """The world of the generation in use.

        Raises:
            LibraryError: the library folder cannot be used.
        """
        held = self._held
        if held is None or held.is_past:
            with self._lock:
                held = self._held = self._renewed(self._held)
        return held.world

    def _renewed(self, held: _Held | None) -> _Held:
        if held is None:
            settings = from_environment()
            place = Folder(self._library or settings.data_dir)
            # The stamp first: what changes while this opens is seen at the next call.
            stamp = place.stamp()
            made = world(settings, library=self._library)
            return _Held(place, settings, stamp, written(made, settings) if self._writes else made)
        if not held.is_past:
            return held
        stamp = held.place.stamp()
        try:
            opened = opened_as_it_is(held.place, concepts.load(), rules_digest())
        except LibraryError:
            opened = None
        return replace(
            held,
            stamp=stamp,
            world=replace(_over(held.place, opened, held.settings), writer=held.world.writer)
            if opened
            else held.world,
        )


@dataclass(frozen=True)
class _Held:
    place: Folder
    settings: Settings
    stamp: tuple[int, int] | None
    world: World

    @property
    def is_past(self) -> bool:
        """Whether another generation is in use; a folder that is gone for a moment changes nothing."""
        return self.place.stamp() not in {self.stamp, None}


def folder(library: Path | None = None) -> Folder:
    """The library folder of the settings, or ``library``."""
    return Folder(library or from_environment().data_dir)


def refresher(place: Folder) -> Callable[[Path | None], None]:
    """Brings a folder up to date under MeSH headings or none; whoever calls it holds the writer's lock."""
    return lambda headings: refresh(place, concepts.load(), annotate, rules_digest(), headings=headings)


def store_of(world_: World) -> Store:
    """The store behind a world, for commands that look after the library."""
    assert isinstance(world_.library, Store)  # noqa: S101 - wiring made it
    return world_.library
