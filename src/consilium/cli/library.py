"""``consilium library``: what is there, what changed, checking, rebuilding."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

import typer

from consilium import wiring
from consilium.adapters.library import curation
from consilium.adapters.library.mesh import about as about_mesh
from consilium.cli import mesh
from consilium.cli.common_options import LibraryOption, open_world, say
from consilium.domain.change import StatusChange
from consilium.lexicon import concepts
from consilium.ports import Library

_PAGE = 500


class Form(StrEnum):
    """How changes are written."""

    TEXT = "text"
    JSON = "json"


def info(library: LibraryOption = None) -> None:
    """Show what the library holds: sources by kind, design, status and licence."""
    world = open_world(library)
    sources = list(world.library.sources())
    generations = ", ".join(f"{k} {v}" for k, v in world.library.generations().items())
    typer.echo(f"{len(sources)} sources, {world.index.size} statements (generations: {generations})")
    checked = sum(source.status_checked for source in sources)
    typer.echo(f"Currency checked for {checked}; none of the records has been reviewed by a person.")
    for title, values in (
        ("Kind", [s.kind.value for s in sources]),
        ("Status", [s.status.value for s in sources]),
        ("Design", [s.design for s in sources]),
        ("Licence", [s.licence or "not stated" for s in sources]),
        ("Country", [s.jurisdiction or "not stated" for s in sources]),
    ):
        top = Counter(values).most_common(8)
        typer.echo(f"{title}: " + ", ".join(f"{name} {count}" for name, count in top))
    widened = about_mesh(wiring.folder(library))
    typer.echo(f"Lexicon: {len(concepts.load().concepts):,} concepts that ship")
    if widened:
        typer.echo(f"{widened.edition}: {mesh.told(widened)}")


def changes(
    since: Annotated[int, typer.Option(min=0, help="Only what came after this entry.")] = 0,
    form: Annotated[Form, typer.Option("--format", help="How to write them.")] = Form.TEXT,
    library: LibraryOption = None,
) -> None:
    """Show what has changed about sources: retractions, new editions, statements that read differently."""
    number = 0
    for change in _since(open_world(library).library, since):
        number += 1
        typer.echo(
            json.dumps(dataclasses.asdict(change), ensure_ascii=False) if form is Form.JSON else _line(change)
        )
    if not number and form is Form.TEXT:
        typer.echo("Nothing has changed.")


def _since(library: Library, after: int) -> Iterator[StatusChange]:
    while page := library.changes(after, _PAGE):
        yield from page
        after = page[-1].id


def _line(change: StatusChange) -> str:
    about = change.sentence or change.source
    return f"{change.id}  {change.at}  {about}: {change.kind.value.replace('_', ' ')}. {change.why}"


def check(library: LibraryOption = None) -> None:
    """Check the records of the library, and list what is superseded, expired or unchecked."""
    world = open_world(library)
    faults, notes = curation.check(wiring.store_of(world))
    for note in notes:
        typer.echo(note)
    if faults:
        for fault in faults:
            say(fault)
        raise typer.Exit(6)
    typer.echo("Every record is sound.")


def rebuild(library: LibraryOption = None) -> None:
    """Build the index again from the store; the records stay as they are."""
    world = wiring.world(library=library, report=say, anew=True)
    typer.echo(f"Rebuilt: {world.index.size} statements.")
