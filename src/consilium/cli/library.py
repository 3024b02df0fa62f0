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
from consilium.adapters.library import soundness
from consilium.adapters.library.holdings import Holdings, holdings
from consilium.adapters.library.mesh import about as about_mesh
from consilium.cli import mesh
from consilium.cli.common_options import LibraryOption, open_world, say
from consilium.domain.change import StatusChange
from consilium.lexicon import concepts
from consilium.ports import Library

_PAGE, _MOST, _TOLD = 500, 8, 50_000
_SHOWN = (
    ("Kind", "kind"),
    ("Status", "status"),
    ("Design", "design"),
    ("Year", "year"),
    ("Licence", "licence"),
    ("Language", "language"),
    ("Country", "jurisdiction"),
)


class Form(StrEnum):
    """How changes are written."""

    TEXT = "text"
    JSON = "json"


def info(
    library: LibraryOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="All figures, as JSON.")] = False,
) -> None:
    """Show what the library holds: sources by kind, design, year, status, licence and language; sizes; freshness.

    For example `consilium library info --json`.
    """
    world = open_world(library)
    place = wiring.folder(library)
    held = holdings(place, wiring.store_of(world))
    if as_json:
        told = dataclasses.asdict(held) | {"statements": world.index.size}
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    for line in _figures(held, world.index.size):
        typer.echo(line)
    widened = about_mesh(place)
    typer.echo(f"Lexicon: {len(concepts.load().concepts):,} concepts that ship")
    if widened:
        typer.echo(f"{widened.edition}: {mesh.told(widened)}")


def _figures(held: Holdings, statements: int) -> Iterator[str]:
    generations = ", ".join(f"{k} {v}" for k, v in held.generations.items())
    yield f"{held.records} sources, {statements} statements (generations: {generations})"
    yield f"Currency checked for {held.checked}; none of the records has been reviewed by a person."
    if held.works:
        named = ", ".join(f"{name} {count:,}" for name, count in sorted(held.collections.items()))
        yield f"{held.works:,} works in their own words ({named}), found by {held.passages:,} passages"
        if held.behind:
            yield "Not all of them are found yet: run `consilium library rebuild`, or go on adding."
        unfinished = f", {held.unfinished:,} of them not to their end" if held.unfinished else ""
        yield f"Files read: {held.files:,}{unfinished}, the last on {(held.last_read or '')[:10]}"
        if held.quoted:
            yield f"{held.quoted:,} works may be quoted by the sentence only."
    for title, name in _SHOWN:
        counts = _by_decade(held.by[name]) if name == "year" else Counter(held.by[name])
        top = counts.most_common(_MOST)
        more = " …" if len(counts) > _MOST else ""
        yield f"{title}: " + ", ".join(f"{value} {count:,}" for value, count in top) + more
    yield "On disk: " + ", ".join(f"{name} {size / 1e6:,.1f} MB" for name, size in held.bytes.items() if size)


def _by_decade(years: dict[str, int]) -> Counter[str]:
    told: Counter[str] = Counter()
    for year, count in years.items():
        told[f"{year[:3]}0s" if year.isdigit() else year] += count
    return told


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
    """Check the store, every record, every work and the indexes; list what is superseded, expired or unchecked.

    Exit code 6 where something is unsound. For example `consilium library check > found.txt`.
    """
    world = open_world(library)
    sound = True
    for finding in soundness.check(wiring.folder(library), wiring.store_of(world), _checked):
        sound = sound and not finding.is_fault
        (say if finding.is_fault else typer.echo)(finding.said)
    if not sound:
        raise typer.Exit(6)
    typer.echo("Every record is sound.")


def _checked(works: int) -> None:
    if works % _TOLD == 0:
        say(f"{works:,} works checked")


def rebuild(library: LibraryOption = None) -> None:
    """Build the indexes again from the store; what it holds stays as it is."""
    world = wiring.world(library=library, report=say, anew=True)
    typer.echo(f"Rebuilt: {world.index.size} statements.")
