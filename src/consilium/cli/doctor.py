"""``consilium doctor``: what works here, what does not, and what to do about it."""

from __future__ import annotations

import platform
import sys
from typing import Annotated

import typer

from consilium import __version__, wiring
from consilium.cli import language_model
from consilium.cli.common_options import LibraryOption, open_world
from consilium.cli.embed import lag
from consilium.cli.models import embedding_model
from consilium.errors import ConfigurationError, ConsiliumError
from consilium.settings import Settings, from_environment


def doctor(
    library: LibraryOption = None,
    probe: Annotated[
        bool,
        typer.Option("--probe", help="Ask each language model one small question, which may cost money."),
    ] = False,
) -> None:
    """Check the installation, the settings and the library."""
    settings = from_environment()
    typer.echo(f"consilium {__version__} on Python {platform.python_version()} ({sys.platform})")
    typer.echo(f"library: {wiring.folder(library).path}")
    typer.echo(f"country: {settings.country or 'not set (CONSILIUM_COUNTRY)'}")
    number = settings.emergency_number or "not set (CONSILIUM_EMERGENCY_NUMBER): notices name no number"
    crisis = settings.crisis_number or "not set (CONSILIUM_CRISIS_NUMBER): notices name no number"
    typer.echo(f"emergency number: {number}")
    typer.echo(f"crisis line: {crisis}")
    typer.echo(f"PubMed is asked too (CONSILIUM_LIVE): {settings.live}")
    typer.echo(f"embedding model: {embedding_model(settings)}")
    for line in language_model.told(settings):
        typer.echo(f"language model: {line}")
    unusable = _probe(settings) if probe else None
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
    if unusable:
        raise typer.Exit(unusable.exit_code)


def _probe(settings: Settings) -> ConsiliumError | None:
    """Ask the language model, and say what works; the last trouble, if there was any."""
    if settings.model is None:
        raise ConfigurationError("No language model is set, so none can be probed; set CONSILIUM_MODEL.")
    trouble = None
    for found, line in language_model.probed(settings, settings.model):
        typer.echo(f"language model: {line}")
        trouble = found.trouble or trouble
    return trouble
