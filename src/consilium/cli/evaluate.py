"""``consilium evaluate``: coverage over known questions, and the golden cases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from consilium.api import encoded, outcome_of
from consilium.cli.common_options import LibraryOption, open_world
from consilium.evaluation import coverage as measure
from consilium.evaluation import golden as cases


def coverage(
    questions: Annotated[Path | None, typer.Option(help="Known questions; default: those shipped.")] = None,
    split: Annotated[str, typer.Option(help="train, test or all.")] = "test",
    library: LibraryOption = None,
    details: Annotated[bool, typer.Option("--details", help="List what each answer lacks.")] = False,
) -> None:
    """Do answers hold what they must? Thresholds were fixed on train; report on test."""
    world = open_world(library)
    rows = []
    for topic in measure.topics(questions):
        if split in {"all", topic.split}:
            rows.append(measure.judge(topic, outcome_of(measure.asked(topic), world)))
    for name, value in measure.summary(rows, world.library).items():
        typer.echo(f"{name:<42} {value:,.3f}" if isinstance(value, float) else f"{name:<42} {value}")
    if details:
        for row in rows:
            if row.missing or row.stray:
                typer.echo(json.dumps({"id": row.topic.id, "missing": row.missing, "stray": row.stray}))


def golden(library: LibraryOption = None) -> None:
    """Run the golden clinical cases and their twins; a failing one blocks a release."""
    world = open_world(library)
    failed = 0
    for case in cases.cases():
        answer = encoded(outcome_of(case.asked, world), world)
        faults = cases.judge(case, answer)
        failed += bool(faults)
        typer.echo(f"{'FAIL' if faults else 'ok  '} {case.id}  {case.asked.text[:80]}")
        for fault in faults:
            typer.echo(f"       {fault}")
    typer.echo(f"{failed} failed")
    raise typer.Exit(1 if failed else 0)
