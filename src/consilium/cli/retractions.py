"""``consilium library add retractions``: what registers say of retractions, concerns and corrections."""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import typer

from consilium import wiring
from consilium.adapters.library.folder import writing
from consilium.adapters.library.notices import COLLECTION, Read
from consilium.adapters.library.store import Store
from consilium.adapters.sources.opened import told
from consilium.adapters.sources.readings import Skipped
from consilium.adapters.sources.retractions.reading import read
from consilium.cli.common_options import open_world, say
from consilium.domain.notice import Notice

_SHOWN = 20

__all__ = ["COLLECTION", "add"]


def add(files: Sequence[Path], library: Path | None) -> None:
    """Take in files of notices, each of them or nothing of it, and say which sources they are about."""
    if not files:
        raise typer.BadParameter("say which file: consilium library add retractions retraction_watch.csv")
    open_world(library)
    place = wiring.folder(library)
    today = f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}"
    for path in files:
        with told(path):
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
        with writing(place, say):
            store = Store(place.database, write=True)
            try:
                _take(store, path, Read(path.name, digest, today))
            finally:
                store.close()


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
    for name, notice in done.about[:_SHOWN]:
        typer.echo(f"{name}: {notice.told()}")
    if len(done.about) > _SHOWN:
        typer.echo(f"And {len(done.about) - _SHOWN:,} more sources; `consilium library check` lists all.")
    if not done.about:
        typer.echo("No source of this library is concerned.")
    if skipped:
        typer.echo(f"Skipped: {len(skipped):,}, the first at {skipped[0].place}. {skipped[0].reason}")
