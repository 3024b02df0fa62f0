"""``consilium evaluate retrieval``: how well documents are found, on any test collection."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from consilium import __version__
from consilium.cli.common_options import say
from consilium.cli.retrieval_systems import SYSTEMS, Bench, usual
from consilium.evaluation import beir, bootstrap, experiments
from consilium.evaluation import retrieval as measuring
from consilium.evaluation.beir import Collection, Topics
from consilium.evaluation.jsonl import digest
from consilium.evaluation.retrieval import Run, System

_MEASURES = ("ndcg@10", "recall@100", "mrr", "p50_ms", "p95_ms")
Json = dict[str, Any]


def retrieval(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", exists=True, file_okay=False, help="A folder as BEIR lays it out."),
    ],
    system: Annotated[
        list[str] | None, typer.Option(help=f"{', '.join(SYSTEMS)}; may be given several times.")
    ] = None,
    queries: Annotated[Path | None, typer.Option(help="Another file of queries.")] = None,
    qrels: Annotated[Path | None, typer.Option(help="Another file of judgements.")] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="At most so many queries, drawn by chance.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of what is drawn by chance.")] = 0,
    threads: Annotated[int, typer.Option(min=1, help="Batches that are embedded at once.")] = os.cpu_count()
    or 1,
    as_json: Annotated[bool, typer.Option("--json", help="The figures as JSON.")] = False,
    log: Annotated[Path | None, typer.Option(help="Append the figures to this experiment log.")] = None,
    plot: Annotated[Path | None, typer.Option(help="Draw the figures: FILE.svg or FILE.png.")] = None,
) -> None:
    """How well are documents found, and how fast? nDCG@10, recall@100, MRR, and milliseconds a query."""
    names = _chosen(system or usual())
    files = Collection.of(folder, queries, qrels)
    topics = beir.topics(files)
    asked = measuring.sample(topics.asked, limit, seed)
    bench = Bench(files.corpus, digest(files.corpus), threads)
    _warn(topics, missing := measuring.unknown(asked, bench.ids))
    counts = {
        "documents": len(bench.ids), "queries": len(asked), "queries_without_relevant": topics.unanswered,
        "judged_queries_missing": topics.unasked, "relevant_documents_missing": missing,
    }  # fmt: skip
    systems = [SYSTEMS[name](bench) for name in names]
    runs = [measuring.measure(one, asked) for one in systems]
    rows = [_row(run, seed, counts) for run in runs]
    comparisons = [_compared(runs[0], run, seed) for run in runs[1:]]
    if as_json:
        whole = {row["system"]: row for row in rows} | {"comparisons": comparisons}
        typer.echo(json.dumps(rows[0] if len(rows) == 1 else whole, indent=1, ensure_ascii=False))
    else:
        _show(rows, comparisons)
    # The figures first: they are not lost where the log or the picture cannot be written.
    if log:
        kept = {"limit": limit, "seed": seed, "cutoff": measuring.CUTOFF}
        experiments.append(log, _entries(folder, files, kept, systems, rows))
    if plot:
        from consilium.adapters.renderings import chart  # noqa: PLC0415 - brings matplotlib

        chart.draw(plot, folder.resolve().name, rows)


def _chosen(names: Sequence[str]) -> list[str]:
    for name in names:
        if name not in SYSTEMS:
            raise typer.BadParameter(f"{name} is no system; choose of {', '.join(SYSTEMS)}.")
    return list(dict.fromkeys(names))


def _warn(topics: Topics, missing: int) -> None:
    """Say what the files do not agree about."""
    if topics.unanswered:
        say(f"{topics.unanswered:,} queries have no relevant document and are left out.")
    if topics.unasked:
        say(f"{topics.unasked:,} judged queries are not in the file of queries and are left out.")
    if missing:
        say(f"{missing:,} relevant documents are not in the corpus; they count as not found.")


def _row(run: Run, seed: int, counts: Mapping[str, int]) -> Json:
    reach = bootstrap.interval(run.ndcg, seed)
    low, high = round(reach.low, 4), round(reach.high, 4)
    return {"system": run.system, **run.figures, "ndcg@10_low": low, "ndcg@10_high": high, **counts}


def _compared(first: Run, other: Run, seed: int) -> Json:
    reach = bootstrap.paired(first.ndcg, other.ndcg, seed)
    return {
        "system": other.system,
        "baseline": first.system,
        "measure": "ndcg@10",
        "difference": round(reach.mean, 4),
        "low": round(reach.low, 4),
        "high": round(reach.high, 4),
    }


def _entries(
    folder: Path, files: Collection, kept: Json, systems: Sequence[System], rows: Sequence[Json]
) -> list[Json]:
    digests = {
        "corpus": digest(files.corpus),
        "queries": digest(files.queries),
        "qrels": digest(files.qrels),
    }
    where = {
        "version": __version__,
        "kind": "retrieval",
        "collection": folder.resolve().name,
        "files": digests,
    }
    return [
        {**where, "system": system.name, "parameters": {**kept, **system.about}, "figures": row}
        for system, row in zip(systems, rows, strict=True)
    ]


def _show(rows: Sequence[Json], comparisons: Sequence[Json]) -> None:
    first = rows[0]
    typer.echo(f"{first['documents']:,} documents, {first['queries']:,} queries")
    typer.echo(_line("system", ("ndcg@10", "95 %", *_MEASURES[1:])))
    for row in rows:
        reach = f"{row['ndcg@10_low']:.3f}–{row['ndcg@10_high']:.3f}"
        typer.echo(_line(row["system"], (row["ndcg@10"], reach, *(row[name] for name in _MEASURES[1:]))))
    for pair in comparisons:
        typer.echo(
            f"{pair['system']} − {pair['baseline']}: nDCG@10 {pair['difference']:+.3f} "
            f"({pair['low']:+.3f} to {pair['high']:+.3f}, 95 %, paired bootstrap)"
        )


def show_log(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="An experiment log.")
    ],
) -> None:
    """Show an experiment log as a table, the oldest first."""
    typer.echo(f"{'date':<20}{'code':<20}{'collection':<14}{_line('system', ('queries', *_MEASURES))}")
    for entry in experiments.entries(file):
        figures = entry["figures"]
        code = entry.get("commit") or entry.get("version", "")
        cells = [figures.get(name, "") for name in ("queries", *_MEASURES)]
        typer.echo(
            f"{entry.get('date', '')[:19]:<20}{code[:18]:<20}{entry.get('collection', '')[:12]:<14}"
            + _line(entry["system"], cells)
        )


def _line(name: str, cells: Sequence[object]) -> str:
    shown = (f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in cells)
    return f"{name:<10}" + "".join(f"{cell:>13}" for cell in shown)
