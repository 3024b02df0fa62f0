"""``consilium doctor``: what works here, what does not, and what to do about it."""

from __future__ import annotations

import platform
import sys

import typer

from consilium import __version__, wiring
from consilium.cli.common_options import LibraryOption, open_world
from consilium.cli.embed import lag
from consilium.cli.models import embedding_model
from consilium.errors import ConsiliumError
from consilium.settings import from_environment


def doctor(library: LibraryOption = None) -> None:
    """Check the installation, the settings and the library."""
    settings = from_environment()
    typer.echo(f"consilium {__version__} on Python {platform.python_version()} ({sys.platform})")
    typer.echo(f"library: {wiring.folder(library).path}")
    typer.echo(f"country: {settings.country or 'not set (CONSILIUM_COUNTRY)'}")
    number = settings.emergency_number or "not set (CONSILIUM_EMERGENCY_NUMBER): notices name no number"
    crisis = settings.crisis_number or "not set (CONSILIUM_CRISIS_NUMBER): notices name no number"
    typer.echo(f"emergency number: {number}")
    typer.echo(f"crisis line: {crisis}")
    typer.echo(f"embedding model: {embedding_model(settings)}")
    typer.echo("language model: none configured; articles are composed from records word for word")
    try:
        world = open_world(library)
    except ConsiliumError as error:
        typer.echo(f"library: NOT USABLE: {error}")
        raise typer.Exit(error.exit_code) from None
    typer.echo(f"library: {world.index.size} statements, {len(world.lexicon.concepts)} concepts: works")
    typer.echo(f"search: {wiring.how_searched(world)}")
    told = lag(world, library)
    if told:
        typer.echo(f"vectors: {told}")
