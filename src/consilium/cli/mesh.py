"""``consilium library add mesh`` and ``remove mesh``: the lexicon of a library, widened by MeSH headings."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

import typer

from consilium import wiring
from consilium.adapters.library import mesh
from consilium.adapters.library.headings import PUBLISHER, About
from consilium.adapters.sources.mesh import MeshFile
from consilium.cli.common_options import say
from consilium.lexicon import concepts

_DIGITS, _EVERY = 12, 10_000


class What(StrEnum):
    """What is added and taken out by its name."""

    MESH = "mesh"


def add(file: Path, library: Path | None) -> None:
    """Widen the lexicon of a library by a file of MeSH descriptors, and say what came of it."""
    place = wiring.folder(library)
    size = MeshFile(file).size
    with _progress(file.name, size) as tick:
        given = MeshFile(file, tick)
        now, before = mesh.add(place, given, concepts.load(), wiring.refresher(place), say, _counted)
    if now == before:
        typer.echo(f"{now.edition} is there already, from the same file; nothing changed.")
        return
    replaced = f", in place of {before.edition}" if before else ""
    typer.echo(f"Added {now.edition}{replaced}: {told(now)}.")
    for why, count in now.left:
        typer.echo(f"Left out: {count:,} {why}.")


def remove(library: Path | None) -> None:
    """Take MeSH out of the lexicon of a library again, and say so."""
    place = wiring.folder(library)
    gone = mesh.remove(place, wiring.refresher(place), say)
    typer.echo("Took MeSH out; the lexicon is the one that ships." if gone else "This library has no MeSH.")


def told(about: About) -> str:
    """What MeSH a library has, in words."""
    return (
        f"{about.headings:,} headings, {about.concepts:,} concepts and {about.names:,} more names of those that "
        f"ship; from {about.file} ({PUBLISHER}), sha256 {about.digest[:_DIGITS]}…, added on {about.added}"
    )


def _counted(number: int) -> None:
    if number % _EVERY == 0 and not sys.stderr.isatty():
        say(f"{number:,} headings read")


@contextmanager
def _progress(name: str, size: int) -> Iterator[Callable[[int], None]]:
    """A bar at a terminal. The file is gone through twice: once to tell whether it is new, once to read it."""
    from rich.console import Console  # noqa: PLC0415 - slow to load
    from rich.progress import Progress  # noqa: PLC0415

    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task, last, whole = bar.add_task(f"Reading {name}", total=2 * size), 0, 0

        def tick(done: int) -> None:
            nonlocal last, whole
            whole += size if done < last else 0
            last = done
            bar.update(task, completed=whole + done)

        yield tick
