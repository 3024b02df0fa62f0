"""``consilium evaluate gate``: what the gates let through and turn away, over a library or over verified claims."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from consilium.api import outcome_of
from consilium.cli.common_options import LibraryOption, open_world, say
from consilium.cli.retrieval_systems import Bench
from consilium.errors import MalformedCollection
from consilium.evaluation import beir, claims, relevance, topical_gate, topicality
from consilium.evaluation import coverage as known
from consilium.evaluation import gates as library_gates
from consilium.evaluation.gates import KINDS, MUST, Tally
from consilium.evaluation.jsonl import digest
from consilium.evaluation.topical_gate import Measured, TopicalGate
from consilium.evaluation.topicality import Pair

_TRAIN, _WIDTH, _TOLD, _MOST = "train", 38, 44, 8
Json = dict[str, Any]


def gate(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="DIR",
            exists=True,
            file_okay=False,
            help="A folder as SciFact lays it out; else the library.",
        ),
    ] = None,
    library: LibraryOption = None,
    questions: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Known questions; default: those shipped."),
    ] = None,
    split: Annotated[str, typer.Option(help="Of the known questions: train, test or all.")] = "test",
    fit: Annotated[Path | None, typer.Option(help="Fit anew on the training claims, and write FILE.")] = None,
    seed: Annotated[int, typer.Option(help="Of what is drawn by chance.")] = 0,
    threads: Annotated[int, typer.Option(min=1, help="Batches embedded at once.")] = os.cpu_count() or 1,
    as_json: Annotated[bool, typer.Option("--json", help="The figures as JSON.")] = False,
    plot: Annotated[Path | None, typer.Option(help="Draw the curves: FILE.svg or FILE.png.")] = None,
) -> None:
    """What do the gates let through, and what do they turn away, and why?"""
    if folder is None:
        if fit or plot:
            raise typer.BadParameter("--fit and --plot need DIR, a folder of claims.")
        tallies = _over_library(library, questions, split, seed)
        typer.echo(json.dumps(_told(tallies), indent=1) if as_json else _library_table(tallies))
        return
    training, others, made = _pairs(folder, seed, threads)
    one = topical_gate.fitted(training, made) if fit else _shipped(made)
    figures = topical_gate.measured(one, training, others, seed)
    if as_json:
        typer.echo(json.dumps(_figures(one, figures), indent=1, ensure_ascii=False))
    else:
        typer.echo(_table(figures, len({pair.claim for pair in others})))
    if fit:
        topical_gate.write(one, fit)
    if plot:
        from consilium.adapters.renderings import chart  # noqa: PLC0415 - brings matplotlib

        curves = {name: [point.passed for point in row.curve] for name, row in figures.items()}
        chart.draw_curves(plot, folder.resolve().name, curves, topicality.EVIDENCE, topicality.HARD)


def _over_library(library: Path | None, questions: Path | None, split: str, seed: int) -> dict[str, Tally]:
    if split not in {"train", "test", "all"}:
        raise typer.BadParameter(f"{split} is no half; choose train, test or all.")
    world = open_world(library)
    asked = [topic for topic in known.topics(questions) if split in {"all", topic.split}]
    without = [q.question for q in known.unanswerable() if split in {"all", known.split_of(q.id)}]
    return library_gates.measure(
        asked,
        without,
        lambda question: outcome_of(question, world),
        world.library,
        relevance.judgements(),
        seed,
    )


def _told(tallies: Mapping[str, Tally]) -> Json:
    return {
        name: {
            "questions": tally.questions,
            "without_answer": tally.unanswerable,
            "evidence_wrongly_rejected": round(tally.rejected(MUST), 4),
            "abstains_without_answer": round(tally.rightly / max(1, tally.unanswerable), 4),
            "abstains_with_answer": round(tally.wrongly / max(1, tally.questions), 4),
            "not_found": tally.unfound,
            "statements": {
                kind: {
                    "beside": tally.beside(kind),
                    "turned_away": round(tally.rejected(kind), 4),
                    "reasons": dict(tally.reasons[kind].most_common()),
                }
                for kind in KINDS
            },
        }
        for name, tally in tallies.items()
    }


def _library_table(tallies: Mapping[str, Tally]) -> str:
    rows: list[str] = []
    for name, tally in tallies.items():
        rows += [
            f"{name}: {tally.questions:,} questions, and {tally.unanswerable:,} without an answer",
            _row("evidence wrongly rejected (goal ≤ 0.050)", tally.rejected(MUST), tally.beside(MUST)),
            _row(
                "abstains without an answer (goal 1.000)",
                tally.rightly / max(1, tally.unanswerable),
                tally.unanswerable,
            ),
            _row(
                "abstains with an answer (goal ≤ 0.050)",
                tally.wrongly / max(1, tally.questions),
                tally.questions,
            ),
            f"  {'must be in the answer, not found':<{_TOLD}} {tally.unfound:,}",
            "  turned away, of the statements",
        ]
        for kind in KINDS:
            rows.append(_row(f"  {kind}", tally.rejected(kind), tally.beside(kind)))
            rows += [
                f"      {count:>6,}  {reason}" for reason, count in tally.reasons[kind].most_common(_MOST)
            ]
    rows.append("What is found and not listed may be right: a list names what must not be missed.")
    return "\n".join(rows)


def _row(name: str, share: float, count: int) -> str:
    return f"  {name:<{_TOLD}} {share:.3f} of {count:,}"


def _pairs(folder: Path, seed: int, threads: int) -> tuple[list[Pair], list[Pair], Json]:
    """The claims to fit on and the others, each beside documents; and what they depend on."""
    file = beir.first(folder, "corpus.jsonl", "corpus.jsonl.gz")
    asked_of = beir.first(folder, "claims.jsonl", "claims.jsonl.gz")
    asked = [claim for claim in claims.claims(asked_of, claims.abstracts(file)) if claim.evidence]
    halves = [[c for c in asked if (c.split == _TRAIN) is wanted] for wanted in (True, False)]
    if not all(halves):
        raise MalformedCollection(
            f"{asked_of} needs claims with evidence of the split {_TRAIN}, and of another."
        )
    bench = Bench(file, digest(file), threads)
    meaning, text = bench.vectors, bench.text
    corpus = topicality.Corpus(file, text)
    training, others = (list(topicality.pairs(half, corpus, text, meaning, seed)) for half in halves)
    made = {
        "collection": folder.resolve().name,
        "corpus": digest(file),
        "claims": digest(asked_of),
        "fitted_on": len(halves[0]),
        "embedder": asdict(bench.embedder.fingerprint),
        "command": f"consilium evaluate gate {folder.resolve().name} --fit FILE --seed {seed}",
        "licence": "Weights made from the collection named; for SciFact see NOTICE.",
    }
    return training, others, made


def _shipped(made: Json) -> TopicalGate:
    one = topical_gate.shipped_gate()
    if one.made["embedder"] != made["embedder"]:
        say("The weights that ship were fitted with another model of vectors; fit your own with --fit FILE.")
    return one


def _figures(one: TopicalGate, figures: Mapping[str, Measured]) -> Json:
    shown = {
        name: {
            "floor": row.floor,
            "passed": {k: {n: round(v, 4) for n, v in asdict(i).items()} for k, i in row.passed.items()},
            "hard_at_kept": round(row.hard_at_kept, 4),
            "curve": [asdict(point) for point in row.curve],
        }
        for name, row in figures.items()
    }
    return {"gate": asdict(one), "figures": shown}


def _table(figures: Mapping[str, Measured], count: int) -> str:
    rows = [
        f"{count:,} claims that nothing was fitted on; the share that passes, with its 95 % interval",
        f"{'':<{_WIDTH}}" + "".join(f"{kind:>23}" for kind in (*topicality.KINDS, "hard, .9 kept")),
    ]
    for name, row in figures.items():
        told = (
            f"{p.mean:.3f} ({p.low:.3f}–{p.high:.3f})" if (p := row.passed.get(k)) else "–"
            for k in topicality.KINDS
        )
        cells = (*told, f"{row.hard_at_kept:.3f}")
        rows.append(f"{name:<{_WIDTH}}" + "".join(f"{cell:>23}" for cell in cells))
    rows += [
        "Floors keep .9 of the evidence of the training claims; “.9 kept”: a floor that does of these claims.",
        "“Evidence absent”: as if the corpus did not hold it.",
    ]
    return "\n".join(rows)
