"""``consilium library embed``: give the sentences of a library vectors, so that meaning finds them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from consilium import wiring
from consilium.adapters.embedding.threads import one_each
from consilium.adapters.vectors import manifest
from consilium.adapters.vectors.due import behind
from consilium.cli.common_options import LibraryOption, open_world, say
from consilium.errors import Cancelled, ConfigurationError, VectorsMismatch
from consilium.pipeline.answer import World
from consilium.settings import from_environment

if TYPE_CHECKING:
    from consilium.adapters.vectors.embed import Progress

_PATIENCE = 300.0  # seconds that a service may take, and ask for, over one request


def embed(
    library: LibraryOption = None,
    again: Annotated[bool, typer.Option("--again", help="Anew, whatever vectors there are.")] = False,
    threads: Annotated[
        int, typer.Option(min=1, help="How many batches at once; default: one for each processor.")
    ] = os.cpu_count() or 1,
) -> None:
    """Make the vectors that are missing. May be interrupted at any time: it goes on where it was."""
    one_each()
    try:
        from consilium.adapters.vectors import embed as embedding  # noqa: PLC0415 - brings numpy
    except ImportError as fault:
        raise ConfigurationError(
            f"Vectors need numpy ({fault}); run: pip install 'consilium[dense]'"
        ) from fault
    world = open_world(library)
    model = wiring.embedder(from_environment(), threads=threads, patience=_PATIENCE)
    folder = wiring.folder(library).vectors
    everything = wiring.store_of(world).everything()
    try:
        done = embedding.embed(folder, everything, model, again=again, report=_tell)
    except KeyboardInterrupt:
        raise Cancelled("Cancelled; what was embedded is kept, and the next run goes on there.") from None
    typer.echo(f"Embedded {done.total:,} sentences; every sentence of the library has its vector.")


def _tell(progress: Progress) -> None:
    say(
        f"{progress.done:,} of {progress.total:,} sentences, {progress.rate:.0f} a second, "
        f"{progress.left:.0f} s left"
    )


def lag(world: World, library: Path | None) -> str | None:
    """What is to be said of a library whose vectors are behind; None where they are not, or there are none."""
    folder = wiring.folder(library).vectors
    if manifest.stamp(folder) is None:
        return None
    try:
        count = behind(folder, wiring.store_of(world).everything())
    except VectorsMismatch as fault:
        return str(fault)
    return f"{count:,} sentences have none yet; run `consilium library embed`." if count else None
