"""``consilium library remove``, ``export``, ``compact`` and ``backup``: what is taken out, away, together, and by."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Annotated

import typer

from consilium import wiring
from consilium.adapters.library import curation, export, upkeep
from consilium.cli import mesh
from consilium.cli.common_options import LibraryOption, open_world, say
from consilium.errors import LibraryError

CollectionOption = Annotated[str | None, typer.Option("--collection", help="All of this collection.")]


def remove(
    what: Annotated[
        list[str] | None,
        typer.Argument(metavar="ID...", help="Ids of works or of records of your own; or `mesh`."),
    ] = None,
    collection: CollectionOption = None,
    library: LibraryOption = None,
) -> None:
    """Take works, or evidence records of your own, out of use; or MeSH out of the lexicon.

    Every version stays in the store, so that what cites one can still show it. For example
    `consilium library remove pmid-12345678`, or `consilium library remove --collection guidelines`.
    """
    if what == [mesh.What.MESH]:
        mesh.remove(library)
        return
    if not what and not collection:
        raise typer.BadParameter("say what to remove: ids, --collection NAME, or mesh")
    open_world(library)
    place = wiring.folder(library)
    records, works = curation.remove(place, what or [], collection, wiring.refresher(place), say)
    typer.echo(f"Removed {records:,} records and {works:,} works. Their versions can still be cited.")


def export_(
    file: Annotated[Path | None, typer.Argument(help="The file to write; default: standard output.")] = None,
    form: Annotated[
        export.Form, typer.Option("--format", help="How sources are written.")
    ] = export.Form.JSONL,
    collection: CollectionOption = None,
    library: LibraryOption = None,
) -> None:
    """Write out your own records and all works: to be added again (jsonl), or for reference managers.

    Of works that may be quoted by the sentence only, the text is left out. For example
    `consilium library export library.ris --format ris`.
    """
    store = wiring.store_of(open_world(library))
    with _written(file) as out:
        for line in export.lines(store, form, collection):
            out.write(line)


@contextmanager
def _written(file: Path | None) -> Iterator[IO[str]]:
    """A file that is there whole or not at all, or standard output."""
    if file is None:
        yield sys.stdout
        return
    try:
        with tempfile.TemporaryDirectory(prefix=".export-", dir=file.parent) as aside:
            with (Path(aside) / "whole").open("w", encoding="utf-8", newline="") as out:
                yield out
            (Path(aside) / "whole").replace(file)
    except OSError as fault:
        raise LibraryError(f"{file} could not be written ({fault.strerror or fault}).") from fault


def compact(library: LibraryOption = None) -> None:
    """Make the library small: the index of works in one piece, no old generations, a packed store.

    Two libraries that hold the same, added in whatever order, then give the same scores. For example
    `consilium library compact`, once a month.
    """
    open_world(library)
    place = wiring.folder(library)
    upkeep.compact(place, wiring.refresher(place), say)
    typer.echo("Compacted.")


def backup(
    file: Annotated[Path, typer.Argument(help="The tar file to write.")], library: LibraryOption = None
) -> None:
    """Write the store, and MeSH where it was added, into a tar file, even while others read and write.

    To restore it, unpack it into an empty folder and run `consilium library rebuild --library FOLDER`. For example
    `consilium library backup library-2026-11-30.tar`.
    """
    open_world(library)
    size = upkeep.backup(wiring.folder(library), file)
    typer.echo(f"Wrote {file}, {size / 1e6:,.1f} MB.")
