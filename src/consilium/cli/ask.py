"""``consilium ask``: a question in, an article or an honest abstention out."""

from __future__ import annotations

import datetime
import json
import os
import shutil
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from consilium import wiring
from consilium.adapters.replay.file import text_of
from consilium.adapters.replay.record import recordable
from consilium.api import encoded, follow_up_of, outcome_of
from consilium.cli.common_options import LibraryOption, open_world, say
from consilium.cli.explain import explain as explained
from consilium.cli.language_model import played
from consilium.cli.live import told
from consilium.cli.live_search import answered, when_of
from consilium.cli.replay import record_of
from consilium.domain.question import Audience, Question
from consilium.errors import LibraryError, QuestionError
from consilium.pipeline.anonymous import caution
from consilium.pipeline.answer import World
from consilium.pipeline.asker import presumed
from consilium.settings import from_environment

ABSTAINED = 3
_EXAMPLES = """
Examples:

    consilium ask "umn signs back pain"

    consilium ask "What helps in bronchiolitis?" --for patient --format html --output answer.html

    consilium ask "and in pregnancy?" --follow-up answer.json

    consilium ask "metformin in Parkinson disease" --live

    consilium ask --batch questions.txt --format json
"""


class Form(StrEnum):
    """How an answer is written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"


def ask(
    question: Annotated[str | None, typer.Argument(help="The question; - reads standard input.")] = None,
    audience: Annotated[
        Audience | None, typer.Option("--for", help="For whom; by default as the question reads.")
    ] = None,
    country: Annotated[
        str | None, typer.Option(help="Whose guidelines come first: UK, USA, Canada …")
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="How to write it.")] = Form.TEXT,
    library: LibraryOption = None,
    as_of: Annotated[
        datetime.datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The date for which it is asked; default today."),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show all that decided about each statement.")
    ] = False,
    replay: Annotated[
        Path | None, typer.Option(help="Record there how the answer came about, for `consilium replay`.")
    ] = None,
    follow_up: Annotated[
        Path | None, typer.Option(help="The JSON of the answer that this question follows.")
    ] = None,
    output: Annotated[Path | None, typer.Option(help="Write there instead of the terminal.")] = None,
    no_model: Annotated[
        bool, typer.Option("--no-model", help="Compose from whole sentences, though a model is configured.")
    ] = False,
    cassette: Annotated[
        Path | None,
        typer.Option(help="Write with the replies that `consilium record` kept; nothing is sent."),
    ] = None,
    live: Annotated[
        bool | None,
        typer.Option("--live/--no-live", help="Ask PubMed too, or not; by default as CONSILIUM_LIVE says."),
    ] = None,
    batch: Annotated[
        Path | None,
        typer.Option(
            help="One question a line, or JSON Lines with `question` and `audience`; - reads standard input."
        ),
    ] = None,
) -> None:
    """Answer a clinical question from the library. Exit code 0: an article; 3: an abstention."""
    if cassette is not None and (batch is not None or replay is not None):
        raise QuestionError("--cassette plays one answer again: leave out --batch and --replay.")
    when = when_of(live, alone=batch is not None or replay is not None or cassette is not None)
    date = as_of.date() if as_of else None
    country = country or from_environment().country
    if batch is not None:
        if replay is not None:
            raise QuestionError("--replay records one question: ask those of a batch one at a time.")
        _batch(batch, audience, country, date, form, _world(library, no_model=no_model), output)
        return
    text = sys.stdin.read() if question == "-" else question
    if text is None:
        raise QuestionError('Ask a question, for example: consilium ask "umn signs back pain"')
    no_model = no_model or cassette is not None
    world = _world(library, no_model=no_model, recorded=replay is not None)
    _warn(text, world)
    earlier = follow_up_of(_article(follow_up), world) if follow_up else None
    asked = Question(text, audience or presumed(text), country, date)
    if replay is not None or cassette is not None:
        asked = recordable(asked, world.lexicon)
    if cassette is not None:
        world = played(world, cassette)
    tell = told(sys.stderr) if world.writer else lambda _: None
    outcome, world = answered(asked, world, earlier, tell, when, library)
    _warn_of_text_alone(world)
    answer = encoded(outcome, world)
    if replay is not None:
        deliver(text_of(record_of(outcome, asked, earlier, world, answer)), replay)
    written = written_as(answer, form, output)
    if explain and form is Form.TEXT:
        written += "\n" + explained(outcome, world)
    deliver(written, output)
    if explain and form is not Form.TEXT:  # the answer stays what it is: valid JSON, HTML, Markdown
        typer.echo(explained(outcome, world), err=True)
    if answer["kind"] == "article":
        raise typer.Exit
    if form is Form.TEXT and not answer["run"]["urgent_notice"]:
        typer.echo("To add a source to this library: consilium library add FILE", err=True)
    raise typer.Exit(ABSTAINED)


def _world(library: Path | None, *, no_model: bool, recorded: bool = False) -> World:
    """The world of a library, with the model that the settings name unless it is not wanted.

    What `--replay` records can be answered again to the byte; with a model nothing can.
    """
    world = open_world(library)
    written = world if no_model else wiring.written(world, report=say)
    if written.writer and recorded:
        say("Recorded without the language model, so that it can be answered again to the byte.")
        return world
    return written


def _warn(text: str, world: World, where: str = "") -> None:
    """Say on standard error that a question seems to name somebody."""
    told = caution(text, world.lexicon)
    if told:
        typer.echo(f"{where}{told}", err=True)


def _warn_of_text_alone(world: World) -> None:
    """Say on standard error that a library's vectors could not be used."""
    trouble = wiring.trouble(world)
    if trouble:
        typer.echo(f"Searched by text alone: {trouble}", err=True)


ask.__doc__ = f"{ask.__doc__}\n{_EXAMPLES}"


def _article(path: Path) -> dict[str, Any]:
    from consilium.adapters.contract.check import load_article  # noqa: PLC0415

    return load_article(path)


def written_as(answer: dict[str, Any], form: Form, output: Path | None) -> str:
    """An answer in the form asked for; colour only for a terminal that wants it."""
    if form is Form.JSON:
        return json.dumps(answer, ensure_ascii=False, indent=1)
    from consilium.adapters.renderings import render  # noqa: PLC0415

    terminal = output is None and sys.stdout.isatty()
    width = shutil.get_terminal_size((88, 24)).columns if terminal else 88
    colour = terminal and "NO_COLOR" not in os.environ
    return render(answer, form.value, width=min(width, 100), colour=colour)


def deliver(text: str, output: Path | None) -> None:
    """Write to a file (aside first, then renamed) or to standard output.

    Raises:
        LibraryError: the file cannot be written.
    """
    if output is None:
        sys.stdout.write(text.rstrip("\n") + "\n")
        return
    aside = output.with_name(output.name + ".part")
    try:
        aside.write_text(text.rstrip("\n") + "\n", "utf-8")
        aside.replace(output)
    except OSError as fault:
        raise LibraryError(f"{output} cannot be written: {fault.strerror or fault}.") from fault


def _batch(
    batch: Path, audience: Audience | None, country: str | None, date: datetime.date | None,
    form: Form, world: World, output: Path | None,
) -> None:  # fmt: skip
    if form is not Form.JSON:
        raise QuestionError("--batch writes JSON Lines; add --format json")
    lines = []
    for number, asked in enumerate(_questions(batch, audience, country, date), 1):
        _warn(asked.text, world, f"Question {number}: ")
        line = json.dumps(_one(asked, world), ensure_ascii=False)
        if output is None:
            sys.stdout.write(line + "\n")
        lines.append(line)
    _warn_of_text_alone(world)
    if output is not None:
        deliver("\n".join(lines), output)


def _one(asked: Question, world: World) -> dict[str, Any]:
    """One line of a batch; a question that cannot be read abstains as unreadable."""
    try:
        return encoded(outcome_of(asked, world), world)
    except QuestionError as fault:
        from consilium.pipeline.unreadable import unreadable  # noqa: PLC0415

        return encoded(unreadable(asked, str(fault), world.library.generations()), world)


def _questions(
    batch: Path, audience: Audience | None, country: str | None, date: datetime.date | None
) -> Iterator[Question]:
    try:
        text = sys.stdin.read() if str(batch) == "-" else batch.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise QuestionError(f"{batch} cannot be read as UTF-8 text: {fault}.") from fault
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        if not line.lstrip().startswith("{"):
            yield Question(line, audience or presumed(line), country, date)
            continue
        try:
            item = json.loads(line)
            whom = Audience(item.get("audience") or audience or presumed(item["question"]))
            yield Question(item["question"], whom, country, date)
        except (ValueError, KeyError, TypeError) as fault:
            raise QuestionError(
                f"{batch}, line {number}: not a question in JSON ({fault}); write "
                '{"question": "…", "audience": "patient"}'
            ) from fault
