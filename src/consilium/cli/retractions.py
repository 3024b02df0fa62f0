"""``consilium library add retractions``: what registers say of retractions, concerns and corrections."""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import typer

from consilium import wiring
from consilium.adapters.library.folder import writing
from consilium.adapters.library.notices import COLLECTION, Read, Told, held_by
from consilium.adapters.library.store import Store
from consilium.adapters.sources.opened import told
from consilium.adapters.sources.readings import Skipped
from consilium.adapters.sources.retractions.reading import read
from consilium.cli.common_options import open_world, say
from consilium.domain.notice import Notice
from consilium.errors import LibraryError
from consilium.settings import from_environment

_SHOWN, _MOST, _SECONDS = 20, 10_000, 600.0
_PUBMED = "pubmed"

__all__ = ["COLLECTION", "add"]


def add(what: Sequence[str], library: Path | None) -> None:
    """Take in files of notices, each of them or nothing of it, or what PubMed says of the sources that are held."""
    if not what:
        raise typer.BadParameter("say which file: consilium library add retractions retraction_watch.csv")
    world = open_world(library)
    if list(what) == [_PUBMED]:
        _ask(wiring.store_of(world), library)
        return
    today = f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}"
    for path in map(Path, what):
        with told(path):
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
        with _writer(library) as store:
            _take(store, path, Read(path.name, digest, today))


@contextmanager
def _writer(library: Path | None) -> Iterator[Store]:
    place = wiring.folder(library)
    with writing(place, say):
        store = Store(place.database, write=True)
        try:
            yield store
        finally:
            store.close()


def _ask(held: Store, library: Path | None) -> None:
    """Ask PubMed about every source that is held and has a PMID."""
    pmids = sorted({source.pmid for source in held_by(held) if source.pmid}, key=int)
    if len(pmids) > _MOST:
        raise LibraryError(
            f"{len(pmids):,} sources have a PMID; PubMed is asked about {_MOST:,} at most. Its update files say the same."
        )
    services = wiring.outside(from_environment(), library, _SECONDS)
    with services.client as client:
        try:
            found = services.pubmed.standing(pmids)
        finally:
            say(f"Sent outside this machine: {len(pmids):,} PMIDs, in {len(client.sent)} requests")
    digest = hashlib.sha256(repr((found.day, found.notices, sorted(found.known))).encode()).hexdigest()
    with _writer(library) as store:
        done = store.take_notices(found.notices, Read("PubMed", digest, found.day, found.known))
    typer.echo(f"PubMed was asked about {len(pmids):,} sources, and knows {len(found.known):,} of them.")
    _say_about(done)


def _take(store: Store, path: Path, file: Read) -> None:
    if store.notices.has_read(file.digest):
        typer.echo(f"{path.name} was read before; nothing changed.")
        return
    given: list[Notice] = []
    skipped: list[Skipped] = []
    for item in read(path):
        if isinstance(item, Notice):
            given.append(item)
        else:
            skipped.append(item)
    done = store.take_notices(given, file)
    kinds = ", ".join(
        f"{count:,} {kind.value}" for kind, count in Counter(n.kind for n in given).most_common()
    )
    typer.echo(f"{path.name}: {done.new:,} new notices, {done.same:,} known ({kinds or 'none'}).")
    _say_about(done)
    if skipped:
        typer.echo(f"Skipped: {len(skipped):,}, the first at {skipped[0].place}. {skipped[0].reason}")


def _say_about(done: Told) -> None:
    for name, notice in done.about[:_SHOWN]:
        typer.echo(f"{name}: {notice.told()}")
    if len(done.about) > _SHOWN:
        typer.echo(f"And {len(done.about) - _SHOWN:,} more sources; `consilium library check` lists all.")
    if not done.about:
        typer.echo("No source of this library is concerned.")
