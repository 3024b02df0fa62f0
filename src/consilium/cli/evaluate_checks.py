"""``consilium evaluate checks``: how many false claims the checks catch, and how many true ones they reject."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from consilium.adapters import starter
from consilium.adapters.sources.records import sentences_of, source_of
from consilium.adapters.sources.sentences import ends_of
from consilium.errors import MalformedCollection
from consilium.evaluation import checks as measuring
from consilium.evaluation.mutations import GOALS, KINDS
from consilium.lexicon import concepts

_WIDTH = 30
# Of true claims in other words.
_MOST_LOST = 0.03
_MEANING = (
    "Made false: of the claims that pass as they are, the share that is caught after one change. In other words: the share of "
    "true rewordings that is rejected. The checks reject, and never certify: a claim that passes is not thereby supported."
)


def checks(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[DIR]...", exists=True, file_okay=False, help="Folders in the form of SciFact or K-QA."
        ),
    ] = None,
    split: Annotated[
        str, typer.Option(help="train, test or all. Rules were tuned on train; report on test.")
    ] = "test",
    seed: Annotated[int, typer.Option(help="Of the changes that are drawn by chance.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="The figures as JSON.")] = False,
    details: Annotated[
        bool, typer.Option("--details", help="List what passed wrongly and what was rejected wrongly.")
    ] = False,
) -> None:
    """Do the checks of a generated claim catch what is false, and keep what is true?"""
    if split not in {"train", "test", "all"}:
        raise MalformedCollection(f"There is no half {split}; choose train, test or all.")
    lexicon = concepts.load()
    shipped = ((source_of(r), sentence) for r in starter.records() for sentence in sentences_of(r))
    sources = {measuring.OWN: measuring.own(shipped)} | {
        folder.resolve().name: measuring.collection(folder, ends_of) for folder in folders or ()
    }
    told = {}
    for name, claims in sources.items():
        half = measuring.of_half(claims, split)
        if not half:
            raise MalformedCollection(f"{name} has no supported claim in the half {split}.")
        told[name] = measuring.measure(half, lexicon, seed, reword=name == measuring.OWN)
    if as_json:
        shown = {name: _figures(tally) for name, tally in told.items()}
        typer.echo(json.dumps({"split": split, "collections": shown, "meaning": _MEANING}, indent=1))
        return
    for name, tally in told.items():
        _show(name, tally)
        if details:
            _list(tally)
    typer.echo(_MEANING)


def _figures(tally: measuring.Tally) -> dict[str, object]:
    return {
        "claims": tally.claims,
        "rejected": tally.rejected,
        "reasons": dict(tally.reasons.most_common()),
        "made_false": _shares(tally.mutants, tally.caught, "caught"),
        "in_other_words": _shares(tally.reworded, tally.lost, "rejected"),
    }


def _shares(every: Mapping[str, int], some: Mapping[str, int], name: str) -> dict[str, dict[str, float]]:
    return {kind: {"n": count, name: round(some.get(kind, 0) / count, 4)} for kind, count in every.items()}


def _show(name: str, tally: measuring.Tally) -> None:
    typer.echo(f"{name}: {tally.claims:,} claims, {tally.rejected:,} rejected as they are")
    for reason, count in tally.reasons.most_common():
        typer.echo(f"  {reason:<{_WIDTH}}{count:>8,}")
    typer.echo(f"{'made false':<{_WIDTH + 2}}{'n':>8}{'caught':>10}{'goal':>8}")
    for kind in KINDS:
        if count := tally.mutants[kind]:
            goal = f"{GOALS[kind]:.2f}" if kind in GOALS else ""
            typer.echo(f"  {kind:<{_WIDTH}}{count:>8,}{tally.caught[kind] / count:>10.3f}{goal:>8}")
    if not tally.reworded:
        typer.echo("")
        return
    typer.echo(f"{'in other words':<{_WIDTH + 2}}{'n':>8}{'rejected':>10}{'at most':>8}")
    every, lost = sum(tally.reworded.values()), sum(tally.lost.values())
    for kind, count in sorted(tally.reworded.items()):
        typer.echo(f"  {kind:<{_WIDTH}}{count:>8,}{tally.lost[kind] / count:>10.3f}")
    typer.echo(f"  {'all':<{_WIDTH}}{every:>8,}{lost / every:>10.3f}{_MOST_LOST:>8.2f}\n")


def _list(tally: measuring.Tally) -> None:
    for kind, text, claim in tally.missed:
        typer.echo(json.dumps({"passed": kind, "text": text, "of": claim}, ensure_ascii=False))
    for kind, text, faults in tally.wronged:
        why = {fault.reason.value: fault.detail for fault in faults}
        typer.echo(json.dumps({"rejected": kind, "text": text, "faults": why}, ensure_ascii=False))
