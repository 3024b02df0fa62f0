"""``consilium library add``: evidence records, works from files and folders, and MeSH, into a library."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from consilium import wiring
from consilium.adapters import starter
from consilium.adapters.library import curation, ingest
from consilium.adapters.library.given import Given, file_of, found
from consilium.adapters.library.reading import File
from consilium.adapters.sources.documents import about
from consilium.adapters.sources.recognised import Form
from consilium.cli import live_search, mesh, online, retractions
from consilium.cli.common_options import LibraryOption, open_world, say
from consilium.cli.embed import lag
from consilium.cli.ingest_progress import Telling
from consilium.cli.ingest_report import Report
from consilium.domain.evidence import SourceStatus
from consilium.errors import Cancelled, MalformedSource

_RESERVED = {starter.COLLECTION, curation.LOCAL, retractions.COLLECTION, live_search.COLLECTION, "vectors"}


def _told(name: str, said: str) -> Any:
    return typer.Option(f"--{name}", help=said, rich_help_panel="Guideline documents")


def add(
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="WHAT...",
            help="Files, or folders with all that is in them. Or `mesh FILE`: the descriptors of MeSH in XML; "
            "`retractions FILE...`: what registers say of retractions. Or from PubMed: "
            "`pmid:…`, `pubmed:QUERY`.",
        ),
    ],
    library: LibraryOption = None,
    form: Annotated[
        Form | None, typer.Option("--as", help="What all of the files are. They are recognised without it.")
    ] = None,
    collection: Annotated[
        str | None,
        typer.Option(
            help="The name that works are kept under; default: `literature`, `guidelines` for documents."
        ),
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Read files anew that were read before.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read everything and write nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The report as JSON.")] = False,
    title: Annotated[str | None, _told("title", "Its title, of one document.")] = None,
    source_id: Annotated[str | None, _told("id", "The id to keep it under, of one document.")] = None,
    organisation: Annotated[
        list[str] | None, _told("organisation", "Who issued it; may be given again.")
    ] = None,
    year: Annotated[int | None, _told("year", "The year of this edition.")] = None,
    jurisdiction: Annotated[str | None, _told("jurisdiction", "Where it holds, such as UK.")] = None,
    licence: Annotated[str | None, _told("licence", "The terms in words, such as CC BY 4.0.")] = None,
    status: Annotated[SourceStatus | None, _told("status", "How the edition stands today.")] = None,
    url: Annotated[str | None, _told("url", "Where it is published.")] = None,
    language: Annotated[str | None, _told("language", "Its language, such as eng.")] = None,
    supersedes: Annotated[
        list[str] | None, _told("supersedes", "The id of a source that it replaces; may be given again.")
    ] = None,
) -> None:
    """Add evidence records, works in their own words, guideline documents, or MeSH.

    Evidence records: all of a call, or nothing. Works: what was read is kept, whatever happens, and the same
    command goes on from there.

    For example `consilium library add local-guideline.yaml`, `consilium library add ~/pubmed/baseline`, or
    `consilium library add croup.pdf --organisation "Our hospital" --year 2026 --licence "own work"`.
    """
    if what[0] == mesh.What.MESH:
        if len(what) != 2:
            raise typer.BadParameter(
                "say which file of MeSH: consilium library add mesh desc2026.xml "
                "(a file of records that is called mesh: ./mesh)"
            )
        mesh.add(Path(what[1]), library)
        return
    if what[0] == retractions.COLLECTION:
        retractions.add(what[1:], library)
        return
    if online.asks(what):
        with online.fetched(what, library) as pages:
            add(pages, library, Form.MEDLINE, collection, again, dry_run, as_json)
        return
    if collection in _RESERVED:
        raise typer.BadParameter(f"{collection} is a collection of Consilium's own; choose another name")
    facts = _facts(
        title=title, id=source_id, organisation=organisation, year=year, jurisdiction=jurisdiction,
        licence=licence, status=status, url=url, language=language, supersedes=supersedes,
    )  # fmt: skip
    given, left = found([Path(name) for name in what], form)
    _refuse_one_name_for_many(given, facts)
    report, begun = Report(left=left, dry=dry_run), time.monotonic()
    report.records = _add_records([g.path for g in given if g.form is Form.RECORDS], library, dry_run=dry_run)
    files = [file_of(g, facts, collection) for g in given if g.form not in {Form.RECORDS, Form.MESH}]
    report.outcomes = _add_works(files, library, again=again, dry_run=dry_run)
    report.seconds = time.monotonic() - begun
    typer.echo(json.dumps(report.as_json(), ensure_ascii=False) if as_json else report.as_text())
    for item in given:
        if item.form is Form.MESH and not dry_run:
            mesh.add(item.path, library)
    if report.faults:
        raise typer.Exit(6)


def _facts(**told: Any) -> dict[str, Any]:
    """What was told of guideline documents, by the names of a side-car."""
    given = {name: str(value) if name == "status" else value for name, value in told.items() if value}
    try:
        return about.checked(given, "--")
    except MalformedSource as fault:
        raise typer.BadParameter(str(fault).removeprefix("--: ")) from fault


def _refuse_one_name_for_many(given: Sequence[Given], facts: dict[str, Any]) -> None:
    documents = sum(item.form.is_document for item in given)
    named = [name for name in ("title", "id") if name in facts]
    if documents > 1 and named:
        raise typer.BadParameter(
            f"--{named[0]} is of one document, and there are {documents}; write a side-car beside each"
        )
    if not documents and facts:
        raise typer.BadParameter("what is told of guideline documents fits none of these files")


def _add_records(files: list[Path], library: Path | None, *, dry_run: bool) -> curation.Added | None:
    if not files:
        return None
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
    if not files:
        return []
    open_world(library)
    place = wiring.folder(library)
    try:
        with Telling([file.path for file in files]) as tell:
            if dry_run:
                return ingest.tried(place, files, tell)
            return ingest.ingest(place, files, wiring.refresher(place), say, tell, again=again)
    except KeyboardInterrupt:
        raise Cancelled("Cancelled; what was read is kept, and the same command goes on there.") from None
