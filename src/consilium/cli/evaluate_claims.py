"""``consilium evaluate claims``: how many claims the rules keep, and how many they should not let through."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from consilium.cli.retrieval_systems import Bench
from consilium.errors import MalformedCollection
from consilium.evaluation import beir
from consilium.evaluation import claims as measuring
from consilium.evaluation.bootstrap import Interval
from consilium.evaluation.jsonl import digest
from consilium.lexicon import concepts

_WIDTH = 32
_MEANING = (
    "Supported: the share that is kept; the rest are wrongly rejected. The others: the share that is let through wrongly. "
    "The rules reject; they never certify: a claim that passes is not thereby supported."
)


def claims(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", exists=True, file_okay=False, help="A folder as SciFact lays it out."),
    ],
    split: Annotated[str, typer.Option(help="Only claims of this split; default: all.")] = "all",
    seed: Annotated[int, typer.Option(help="Of the resamples of the intervals.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="The figures as JSON.")] = False,
) -> None:
    """What do the checks of wordings let through, without a model? They may reject, and never certify."""
    corpus = beir.first(folder, "corpus.jsonl", "corpus.jsonl.gz")
    known = measuring.abstracts(corpus)
    asked = [
        claim
        for claim in measuring.claims(beir.first(folder, "claims.jsonl", "claims.jsonl.gz"), known)
        if split in {"all", claim.split}
    ]
    if not asked:
        raise MalformedCollection(f"{folder} has no claim of the split {split}.")
    pairs = list(measuring.pairs(asked, known, Bench(corpus, digest(corpus)).text.search))
    figures = {
        name: measuring.passing(pairs, rule, seed)
        for name, rule in measuring.rules(concepts.load()).items()
    }  # fmt: skip
    counts = Counter(pair.kind for pair in pairs)
    if as_json:
        shown = {
            name: {kind: _rounded(share) for kind, share in shares.items()}
            for name, shares in figures.items()
        }
        told = {"claims": len(asked), "pairs": counts, "passing": shown, "meaning": _MEANING}
        typer.echo(json.dumps(told, indent=1))
    else:
        _show(len(asked), counts, figures)


def _rounded(share: Interval) -> dict[str, float]:
    return {name: round(value, 4) for name, value in asdict(share).items()}


def _show(count: int, counts: Mapping[str, int], figures: Mapping[str, Mapping[str, Interval]]) -> None:
    typer.echo(f"{count:,} claims; the share that passes, with its 95 % interval")
    typer.echo(f"{'':<{_WIDTH}}" + "".join(f"{kind:>24}" for kind in measuring.KINDS))
    typer.echo(f"{'pairs':<{_WIDTH}}" + "".join(f"{counts[kind]:>24,}" for kind in measuring.KINDS))
    for name, shares in figures.items():
        cells = (
            f"{share.mean:.3f} ({share.low:.3f}–{share.high:.3f})" if (share := shares.get(kind)) else "–"
            for kind in measuring.KINDS
        )
        typer.echo(f"{name:<{_WIDTH}}" + "".join(f"{cell:>24}" for cell in cells))
    typer.echo(_MEANING)
