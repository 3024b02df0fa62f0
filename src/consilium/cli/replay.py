"""``consilium ask … --replay FILE`` and ``consilium replay FILE``: record an answer, and prove it again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from consilium import __version__, wiring
from consilium.adapters.replay import file as replays
from consilium.adapters.replay.difference import Difference, differences, same_article
from consilium.adapters.replay.record import Json, asked_json, asked_of, recorded
from consilium.api import encoded, outcome_of
from consilium.cli.common_options import LibraryOption, open_world
from consilium.domain.question import FollowUp, Question
from consilium.pipeline.answer import World
from consilium.pipeline.trace import Outcome

CHANGED = 10


def record_of(
    outcome: Outcome, question: Question, follow_up: FollowUp | None, world: World, answer: Json
) -> Json:
    """An answer with every stage that led to it."""
    asked = asked_json(question, follow_up)
    return recorded(outcome, asked, wiring.basis(world, __version__), world.lexicon, answer)


def replay(
    file: Annotated[Path, typer.Argument(help="A file that `ask --replay` wrote.", metavar="FILE")],
    library: LibraryOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write what changed as JSON.")] = False,
) -> None:
    """Answer a recorded question again: the same article, or what changed. Exit code 10: another article."""
    then = replays.read(file)
    world = open_world(library)
    question, follow_up = asked_of(then["asked"])
    outcome = outcome_of(question, world, follow_up)
    now = record_of(outcome, question, follow_up, world, encoded(outcome, world))
    held = {name: world.library.source(name) for name in then["basis"]["sources"]}
    changes = differences(then, now, {name: s.version if s else None for name, s in held.items()})
    same = same_article(then, now)
    typer.echo(
        _as_json(then, now, changes, same=same) if as_json else _as_text(then, now, changes, same=same)
    )
    if not same:
        raise typer.Exit(CHANGED)


def _as_json(then: Json, now: Json, changes: tuple[Difference, ...], *, same: bool) -> str:
    told = {
        "same": same,
        "first": changes[0].stage if changes else None,
        "changes": [{"stage": change.stage, "what": list(change.said)} for change in changes],
        "then": then["article"]["id"],
        "now": now["article"]["id"],
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def _as_text(then: Json, now: Json, changes: tuple[Difference, ...], *, same: bool) -> str:
    asked, kind = then["asked"], then["article"]["kind"]
    lines = [f"“{asked['question']}”, for a {asked['audience']}, as of {asked['as_of']}"]
    if same:
        lines.append(f"The same {kind}: {now['article']['id']}")
    else:
        lines.append(f"Not the same {kind}. What differs first: {changes[0].stage}.")
        lines += [f"  then {then['article']['id']}", f"  now  {now['article']['id']}"]
    if same and changes:
        lines.append("Beneath it this changed, and made no difference to what it says:")
    for change in changes:
        lines += ["", change.stage, *(f"  {said}" for said in change.said)]
    return "\n".join(lines)
