"""``consilium evaluate effects``: do bullets on trials say which way an outcome went?"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from consilium.api import outcome_of
from consilium.cli.common_options import LibraryOption, open_world
from consilium.evaluation import effects as measure

_WIDTH = 42
_PRINTED = (measure.AGREES, measure.OPPOSITE, measure.OTHER, measure.UNREAD)


def effects(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR",
            exists=True,
            file_okay=False,
            help="Evidence Inference: queries with their annotations. Its trials are in the library already.",
        ),
    ],
    library: LibraryOption = None,
    split: Annotated[str, typer.Option(help="train, test or all.")] = "test",
    most: Annotated[int, typer.Option(min=1, help="Questions drawn by chance.")] = 400,
    seed: Annotated[int, typer.Option(help="Of what is drawn by chance.")] = 0,
    details: Annotated[
        bool, typer.Option("--details", help="Print what is quoted and how it was read.")
    ] = False,
) -> None:
    """Do bullets on trials state the direction of effect that annotators read in them?"""
    world = open_world(library)
    items = measure.drawn(measure.effects(folder), split, most, seed)
    rows = [measure.told(item, lambda question: outcome_of(question, world)) for item in items]
    counts = Counter(row.verdict for row in rows)
    printed = sum(counts[verdict] for verdict in _PRINTED)
    typer.echo(f"{'questions':<{_WIDTH}} {len(rows)}")
    for verdict in (measure.CANNOT, measure.NO_ANSWER, measure.NO_BULLET):
        typer.echo(f"{verdict:<{_WIDTH}} {counts[verdict]}")
    typer.echo(f"{'quote the trial':<{_WIDTH}} {printed}")
    for verdict in _PRINTED:
        typer.echo(f"{'  ' + verdict:<{_WIDTH}} {counts[verdict]:<5} {counts[verdict] / max(1, printed):.3f}")
    read = measure.spans_read(items)
    told = read.total() - read[measure.UNREAD]
    typer.echo(f"{'marked spans that the rules can read':<{_WIDTH}} {told} of {read.total()}")
    typer.echo(f"{'  read rightly':<{_WIDTH}} {read[measure.AGREES] / max(1, told):.3f}")
    typer.echo(f"{'  read as the opposite':<{_WIDTH}} {read[measure.OPPOSITE] / max(1, told):.3f}")
    for row in rows if details else ():
        if row.sentences:
            typer.echo(json.dumps(_details(row), ensure_ascii=False))


def _details(row: measure.Told) -> dict[str, object]:
    effect = row.effect
    return {
        "id": effect.id,
        "verdict": row.verdict,
        "annotated": effect.way.value,
        "question": effect.text,
        "quoted": [[effect.read(sentence), sentence] for sentence in row.sentences],
        "marked": list(effect.spans),
    }
