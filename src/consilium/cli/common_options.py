"""Options that several commands share, and the world that they open."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from consilium import wiring
from consilium.pipeline.answer import World

LibraryOption = Annotated[
    Path | None,
    typer.Option("--library", help="The library folder; default: CONSILIUM_DATA_DIR.", file_okay=False),
]


def open_world(library: Path | None) -> World:
    """The world of a library folder; says on standard error when it has to be built."""
    return wiring.world(library=library, report=say)


def say(message: str) -> None:
    """A line for the person at the terminal; standard output stays for the answer."""
    sys.stderr.write(message + "\n")
