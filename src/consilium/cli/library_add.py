"""``consilium library add``: evidence records, works from files and folders, and MeSH, into a library."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from consilium import wiring
from consilium.adapters.library import curation, ingest
from consilium.adapters.library.reading import File
from consilium.adapters.sources import kinds
from consilium.adapters.sources.kinds import Given, Kind
from consilium.cli import ingest_report, mesh
from consilium.cli.common_options import LibraryOption, open_world, say
from consilium.cli.embed import lag
from consilium.cli.ingest_progress import Telling
from consilium.errors import Cancelled

_COLLECTION = "literature"


def add(
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="WHAT...",
            help="Files, or folders with all that is in them. Or `mesh FILE`: the descriptors of MeSH in XML.",
        ),
    ],
    library: LibraryOption = None,
    told: Annotated[
        Kind | None,
        typer.Option("--as", help="What kind of file all of them are; by itself, it is recognised."),
    ] = None,
    collection: Annotated[
        str | None, typer.Option(help="The name under which works are kept together.")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Read files anew that were read before.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read everything and write nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The report as JSON.")] = False,
) -> None:
    """Add evidence records, works in their own words, or MeSH.

    Evidence records: all of a call, or nothing. Works: what was read is kept, whatever happens, and the same
    command goes on from there.

    For example `consilium library add local-guideline.yaml`, `consilium library add ~/pubmed/baseline`, or
    `consilium library add mesh desc2026.xml`.
    """
    if what[0] == mesh.What.MESH:
        if len(what) != 2:
            raise typer.BadParameter(
                "say which file of MeSH: consilium library add mesh desc2026.xml "
                "(a file of records that is called mesh: ./mesh)"
            )
        mesh.add(Path(what[1]), library)
        return
    given, left = kinds.found([Path(name) for name in what], told)
    begun = time.monotonic()
    report = ingest_report.Report(left=left, dry=dry_run)
    records = [item.path for item in given if item.kind is Kind.RECORDS]
    if records:
        report.records = _add_records(records, library, dry_run=dry_run)
    files = [_file(item, collection) for item in given if item.kind not in {Kind.RECORDS, Kind.MESH}]
    if files:
        report.outcomes = _add_works(files, library, again=again, dry_run=dry_run)
    for item in given:
        if item.kind is Kind.MESH and not dry_run:
            mesh.add(item.path, library)
    report.seconds = time.monotonic() - begun
    typer.echo(json.dumps(report.as_json(), ensure_ascii=False) if as_json else report.as_text())
    if report.faults:
        raise typer.Exit(6)


def _file(given: Given, collection: str | None) -> File:
    read, how = kinds.reader(given)
    return File(given.path, read, how, collection or _COLLECTION)


def _add_records(files: list[Path], library: Path | None, *, dry_run: bool) -> curation.Added:
    world = open_world(library)
    place, store = wiring.folder(library), wiring.store_of(world)
    if dry_run:
        return curation.tried(store, files)
    added = curation.add(place, store, files)
    say("Indexing …")
    told = lag(wiring.world(library=library, report=say), library)
    if told:
        say(f"Vectors: {told}")
    return added


def _add_works(
    files: Sequence[File], library: Path | None, *, again: bool, dry_run: bool
) -> list[ingest.Outcome]:
    open_world(library)
    place = wiring.folder(library)
    try:
        with Telling([file.path for file in files]) as tell:
            if dry_run:
                return ingest.tried(place, files, tell)
            return ingest.ingest(place, files, wiring.refresher(place), say, tell, again=again)
    except KeyboardInterrupt:
        raise Cancelled("Cancelled; what was read is kept, and the same command goes on there.") from None
