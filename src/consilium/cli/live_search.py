"""``consilium ask --live``: PubMed is asked by the plan, what came back is taken in, the question is answered anew."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from consilium import wiring
from consilium.adapters.library.given import Given, file_of
from consilium.adapters.library.ingest import ingest
from consilium.adapters.outside.services import When
from consilium.adapters.sources.recognised import Form
from consilium.api import outcome_of
from consilium.cli.common_options import say
from consilium.domain.article import Abstention
from consilium.domain.question import FollowUp, Plan, Question
from consilium.errors import ConfigurationError, LibraryError, QuestionError
from consilium.pipeline.answer import World
from consilium.pipeline.pubmed_query import queries
from consilium.pipeline.trace import Consulted, Outcome, Step
from consilium.settings import from_environment

COLLECTION = "live"
_PATIENCE = 10.0  # seconds in which another process must be done with writing the library
_NOTHING_TO_ASK = "Nothing was asked of PubMed: the question has no name that the lexicon knows."


def when_of(flag: bool | None, *, alone: bool) -> When:
    """When PubMed is asked: as the flag says, else the setting.

    Args:
        alone: whether what is wanted is an answer from the library alone, whatever the setting.

    Raises:
        QuestionError: it is, and the flag says otherwise.
    """
    if flag and alone:
        raise QuestionError("--live asks one question anew: leave out --batch, --replay and --cassette.")
    if alone or flag is False:
        return When.NEVER
    return When.ALWAYS if flag else from_environment().live


def answered(
    question: Question,
    world: World,
    follow_up: FollowUp | None,
    tell: Callable[[Step], None],
    when: When,
    library: Path | None,
) -> tuple[Outcome, World]:
    """The answer, and the world that it was given from.

    Raises:
        QuestionError: the question cannot be read.
        ConfigurationError: a package that asking needs is not installed.
    """
    if when is When.NEVER:
        return outcome_of(question, world, follow_up, tell), world
    # Composed without a model: this only tells the plan, and whether the library answers by itself.
    first = outcome_of(question, replace(world, writer=None), follow_up)
    plan = first.trace.searched_for
    enough = when is When.ABSTAINING and not isinstance(first.result, Abstention)
    if plan is None or enough:  # nothing is searched for an emergency, or for what is no clinical question
        return outcome_of(question, world, follow_up, tell) if world.writer else first, world
    consulted, now = _consulted(plan, world, library)
    outcome = outcome_of(question, now, follow_up, tell)
    return _with(outcome, consulted), now


def _with(outcome: Outcome, consulted: Consulted) -> Outcome:
    """An outcome that tells what was asked outside; an abstention says itself what could not be had."""
    result = outcome.result
    if isinstance(result, Abstention):
        result = replace(result, message=" ".join((result.message, *consulted.unreached)))
    return replace(outcome, result=result, trace=replace(outcome.trace, consulted=consulted))


def _consulted(plan: Plan, world: World, library: Path | None) -> tuple[Consulted, World]:
    """Ask PubMed, and take what came back; the world with it."""
    settings = from_environment()
    services = wiring.outside(settings, library, settings.live_seconds)
    from consilium.adapters.outside.looking import Looked, look  # noqa: PLC0415 - an extra, which is there

    asked = queries(plan, world.lexicon)
    with services.client as client:
        try:
            looked = look(asked, services)
        except ConfigurationError as fault:  # the operator's to put right, and no reason not to answer
            looked = Looked(None, None, (), tuple(client.sent), (str(fault),))
    unreached = [*([] if asked else [_NOTHING_TO_ASK]), *looked.unreached]
    if looked.records:
        try:
            world = _taken(looked.records.xml, world, library)
        except LibraryError as fault:
            unreached.append(f"What PubMed gave could not be kept. {fault}")
    sent = tuple((request.to, request.what) for request in looked.sent)
    for told in (_summary(looked.by, len(sent)), *unreached):
        say(told)
    return Consulted(sent, looked.by, tuple(unreached)), world


def _summary(by: Sequence[tuple[str, tuple[str, ...]]], requests: int) -> str:
    """What was looked for and found, in a line."""
    found = ", ".join(f"{len(ids)} for {looked_for}" for looked_for, ids in by)
    return f"PubMed, {requests} request{'' if requests == 1 else 's'} sent: {found or 'nothing found'}."


def _taken(xml: bytes, world: World, library: Path | None) -> World:
    """The world of a library with these records, read as a file of them is.

    Raises:
        LibraryError: they cannot be read, or the library cannot be written.
    """
    place = wiring.folder(library)
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "pubmed.xml"
            path.write_bytes(xml)
            file = file_of(Given(path, Form.MEDLINE), {}, COLLECTION)
            [taken] = ingest(place, [file], wiring.refresher(place), say, lambda _: None, patience=_PATIENCE)
    except OSError as fault:
        raise LibraryError(f"{fault.filename or place.path} cannot be written ({fault.strerror}).") from fault
    if taken.fault:
        raise LibraryError(taken.fault)
    return replace(wiring.world(library=library, report=say), writer=world.writer)
