"""``consilium record``: an answer with a live language model, its replies kept so that they can be heard again."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from consilium import wiring
from consilium.adapters.models import cassettes
from consilium.adapters.models.cassettes import Exchange
from consilium.adapters.models.replayed import Recorder
from consilium.adapters.replay.record import recordable
from consilium.api import outcome_of
from consilium.cli.ask import deliver
from consilium.cli.common_options import LibraryOption, open_world, say
from consilium.domain.question import Audience, Question
from consilium.errors import ConfigurationError
from consilium.pipeline.asker import presumed
from consilium.pipeline.writing.desk import Writer
from consilium.settings import from_environment

NOTHING_ASKED = 3


def record(
    question: Annotated[str, typer.Argument(help="The question.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The cassette to write.")],
    audience: Annotated[
        Audience | None, typer.Option("--for", help="For whom; by default as the question reads.")
    ] = None,
    country: Annotated[str | None, typer.Option(help="Whose guidelines come first.")] = None,
    library: LibraryOption = None,
    as_of: Annotated[
        datetime.datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The date for which it is asked; default today."),
    ] = None,
) -> None:
    """Answer with the language model that is set, and keep all that it said. Exit code 3: it was asked nothing."""
    settings = from_environment()
    live = wiring.model(settings, report=say)
    if live is None or settings.model is None:
        raise ConfigurationError(
            "No language model is set, so there is nothing to record; set CONSILIUM_MODEL."
        )
    recorder = Recorder(live)
    writer = Writer(recorder, settings.model.model, allowance=settings.allowance)
    world = replace(open_world(library), writer=writer)
    country = country or settings.country
    asked = Question(question, audience or presumed(question), country, as_of.date() if as_of else None)
    try:
        outcome_of(recordable(asked, world.lexicon), world)
    finally:  # what was paid for is kept, whatever became of the answer
        if recorder.exchanges:
            deliver(cassettes.written(recorder.exchanges), output)
    if not recorder.exchanges:
        typer.echo("The answer asked nothing of the language model; nothing was recorded.", err=True)
        raise typer.Exit(NOTHING_ASKED)
    typer.echo(_told(recorder.exchanges, output))


def _told(exchanges: list[Exchange], output: Path) -> str:
    stages = ", ".join(dict.fromkeys(exchange.request.stage for exchange in exchanges))
    return (
        f"{len(exchanges)} replies ({stages}) are in {output}; to hear them again: ask … --cassette {output}"
    )
