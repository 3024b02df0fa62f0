"""Figures as pictures: how well and how fast systems find; what a score keeps and lets through at every floor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from consilium.errors import ConfigurationError

FORMS = (".svg", ".png")
_INK, _SOFT = "#1f4e79", "#8fb0cf"


def draw(file: Path, title: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Draw nDCG@10 with intervals beside milliseconds a query (median, and up to the 95th percentile).

    Args:
        file: its name says which form: ``.svg`` or ``.png``.
        rows: what ``consilium evaluate retrieval`` tells of each system.

    Raises:
        ConfigurationError: matplotlib is missing, the form is another, or the file cannot be written.
    """
    names, places = [row["system"] for row in rows], range(len(rows))
    with _figure(file, (8, 1.4 + 0.5 * len(rows))) as figure:
        found, took = figure.subplots(1, 2, sharey=True)
        reach = [(row["ndcg@10"] - row["ndcg@10_low"], row["ndcg@10_high"] - row["ndcg@10"]) for row in rows]
        found.errorbar(
            [row["ndcg@10"] for row in rows], places, xerr=list(zip(*reach, strict=True)), fmt="o", color=_INK,
            capsize=3,
        )  # fmt: skip
        found.set(xlabel="nDCG@10, 95 % interval", title=f"{title}, {rows[0]['queries']:,} queries")
        took.barh(places, [row["p95_ms"] for row in rows], color=_SOFT, height=0.5, label="95 % of queries")
        took.barh(places, [row["p50_ms"] for row in rows], color=_INK, height=0.5, label="half of them")
        took.set(xlabel="milliseconds a query, at most", title=f"{rows[0]['documents']:,} documents")
        took.legend(frameon=False, fontsize=8)
        found.set_yticks(places, names)
        found.set_ylim(len(rows) - 0.4, -0.6)
        for panel in (found, took):
            panel.spines[["top", "right"]].set_visible(False)
            panel.grid(axis="x", alpha=0.3)


def draw_curves(
    file: Path, title: str, curves: Mapping[str, Sequence[Mapping[str, float]]], kept: str, passed: str
) -> None:
    """Draw, for every floor of each score, the share of one kind that is kept against that of another that passes.

    Raises:
        ConfigurationError: matplotlib is missing, the form is another, or the file cannot be written.
    """
    with _figure(file, (6.4, 5)) as figure:
        panel = figure.subplots()
        for name, points in curves.items():
            ends = ([point[which] for point in points] for which in (passed, kept))
            panel.plot(*ends, label=name, drawstyle="steps-post")
        panel.set(
            xlabel=f"passed, {passed}", ylabel=f"kept, {kept}", title=title, xlim=(0, 1), ylim=(0, 1.01)
        )
        panel.legend(frameon=False, fontsize=8, loc="lower right")
        panel.spines[["top", "right"]].set_visible(False)
        panel.grid(alpha=0.3)


@contextmanager
def _figure(file: Path, size: tuple[float, float]) -> Iterator[Any]:
    """A figure to draw on, written when it is done."""
    if file.suffix.lower() not in FORMS:
        raise ConfigurationError(f"{file} must end in {' or '.join(FORMS)}.")
    try:
        import matplotlib as mpl  # noqa: PLC0415 - an extra
        from matplotlib.figure import Figure  # noqa: PLC0415
    except ImportError as fault:
        raise ConfigurationError(
            f"Pictures need matplotlib ({fault}); run: pip install 'consilium[plots]'"
        ) from fault
    with mpl.rc_context({"svg.hashsalt": "consilium", "svg.fonttype": "none", "font.size": 10}):
        figure = Figure(figsize=size, layout="constrained")
        yield figure
        try:
            figure.savefig(file, dpi=150, metadata={"Date": None} if file.suffix.lower() == ".svg" else None)
        except OSError as fault:
            raise ConfigurationError(f"{file} cannot be written: {fault.strerror or fault}.") from fault
