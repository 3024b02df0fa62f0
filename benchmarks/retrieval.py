"""What finding documents costs: building the indexes, one question, and memory.

    python benchmarks/retrieval.py [--small] [COUNT ...]

Prints, for 24,000 and 200,000 documents or as many as are asked for: seconds, disk and peak memory of
building the text index; one question by text, hybrid and ranked, its encoding included: the median and 95th
percentile by the clock, the median by processor time (which tells more on a busy machine), and the peak
memory of a process that has answered twenty; and what a filter costs. Beside the text index, where it is
installed, bm25s in the same run.

The documents are real statements of the starter library put together by chance, as long as abstracts: fewer
different words than among so many abstracts, each in more documents, so that those are searched no slower.
How long it takes does not depend on the numbers of vectors and word pieces; they are drawn by chance. Without
the installed model (`consilium models install`) text alone is measured. Each figure is of a fresh process.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from made_up import CORPUS, MODEL, questions, write_corpus, write_vectors

from consilium.adapters.embedding import installed
from consilium.adapters.embedding.minilm import MiniLM
from consilium.adapters.embedding.threads import one_each
from consilium.adapters.index import documents as text_index
from consilium.adapters.index import tantivy_text
from consilium.adapters.index.documents import DocumentText
from consilium.adapters.index.fused import DEPTH, Fused, Ranked
from consilium.adapters.vectors.documents import DocumentVectors
from consilium.adapters.vectors.shelf import Shelf
from consilium.domain.evidence import Annotation, Checked, Origin, Sentence, Source, SourceKind, StatementKind
from consilium.evaluation import beir
from consilium.evaluation.retrieval import CUTOFF
from consilium.ports import Query

KINDS = (SourceKind.GUIDELINE, SourceKind.STUDY, SourceKind.REGULATORY)
DESIGNS = ("trial", "cohort", "case series", "review")
SINCE = 2015
FIRST, TIMED = 20, 100  # questions that are answered before memory is read, and those that are timed after it
TEXT, BY_KIND, VECTORS = "text", "by-kind", "vectors"
Timed = dict[str, float]


def build_text(folder: Path) -> Timed:
    """The text index of documents."""
    took = spent(lambda: text_index.build(folder / TEXT, beir.documents(folder / CORPUS)))
    return {**took, "disk": size_of(folder / TEXT), **memory()}


def build_by_kind(folder: Path) -> Timed:
    """The text index of a library, which can be asked for kinds of sources, over the same texts."""

    def rows() -> Iterator[tuple[Source, Sentence, Annotation]]:
        for number, (name, text) in enumerate(beir.documents(folder / CORPUS)):
            source = Source(name, 1, KINDS[number % len(KINDS)], "", "")
            sentence = Sentence(
                name, name, text, StatementKind.FINDING, Origin.SUMMARY, Checked.SECONDARY, name
            )
            yield source, sentence, Annotation()

    (folder / BY_KIND).mkdir()
    return spent(lambda: tantivy_text.build(folder / BY_KIND, rows(), {}))


def ask_text(folder: Path) -> Timed:
    """Text alone."""
    return asked(lambda: DocumentText(folder / TEXT).search)


def ask_hybrid(folder: Path) -> Timed:
    """Text and vectors."""

    def opened() -> Callable[[str, int], object]:
        vectors = DocumentVectors(folder / VECTORS, MiniLM(MODEL))
        return Fused(DocumentText(folder / TEXT), vectors).search

    return asked(opened)


def ask_ranked(folder: Path) -> Timed:
    """Text and vectors, and the best of them by their word pieces."""

    def opened() -> Callable[[str, int], object]:
        vectors = DocumentVectors(folder / VECTORS, MiniLM(MODEL))
        return Ranked(Fused(DocumentText(folder / TEXT), vectors), vectors).search

    return asked(opened)


def ask_bm25s(folder: Path) -> Timed:
    """The same documents and questions by bm25s; no figures where it is not installed."""
    try:
        import bm25s  # noqa: PLC0415 - only for whoever has it
        import Stemmer  # noqa: PLC0415
    except ImportError:
        return {}
    stem = Stemmer.Stemmer("english")

    def words(texts: Sequence[str]) -> Any:
        return bm25s.tokenize(texts, stopwords="en", stemmer=stem, show_progress=False)

    names, index = [], bm25s.BM25(backend="auto")

    def build() -> None:
        names[:], texts = zip(*beir.documents(folder / CORPUS), strict=True)
        index.index(words(texts), show_progress=False)

    built = {**spent(build), "built_peak": memory()["peak"]}
    index.save(folder / "bm25s")
    built["disk"] = size_of(folder / "bm25s")

    def search(query: str, limit: int) -> object:
        found, scores = index.retrieve(words([query]), k=limit, show_progress=False)
        return [
            (names[place], float(score)) for place, score in zip(found[0].tolist(), scores[0], strict=True)
        ]

    return {**built, "numba": float(index.backend == "numba"), **asked(lambda: search)}


def filtered(folder: Path) -> Timed:
    """Medians by processor time of searching with and without a filter: vectors by year and design, text by kind of source."""
    shelf, model = Shelf(folder / VECTORS, MiniLM.fingerprint), MiniLM(MODEL)
    text, by_kind = DocumentText(folder / TEXT), tantivy_text.TantivyText(folder / BY_KIND)
    years = np.random.default_rng(2).integers(1990, 2025, len(shelf)).tolist()
    kept = {
        f"d{number:06}"
        for number, year in enumerate(years)
        if year >= SINCE and DESIGNS[number % len(DESIGNS)] == "trial"
    }
    mask = shelf.where(kept.__contains__)
    vectors = {query: model.encode_queries([query])[0] for query in questions(FIRST + TIMED)}

    def of_kinds(kinds: tuple[SourceKind, ...]) -> Callable[[str], object]:
        def search(query: str) -> object:
            words = tuple((word, 1.0) for word in query.lower().split())
            return by_kind.search(Query((), words, kinds, CUTOFF))

        return search

    ways: dict[str, Callable[[str], object]] = {
        "encode": lambda query: model.encode_queries([query]),
        "scan": lambda query: shelf.search(vectors[query], DEPTH),
        "scan_masked": lambda query: shelf.search(vectors[query], DEPTH, mask),
        "mask": lambda _: shelf.where(kept.__contains__),
        "text": lambda query: text.search(query, DEPTH),
        "kinds": of_kinds(KINDS),
        "one_kind": of_kinds(KINDS[:1]),
    }
    return {"kept": float(mask.mean()), **{name: timed(way)["cpu"] for name, way in ways.items()}}


WORK = (build_text, build_by_kind, ask_text, ask_hybrid, ask_ranked, ask_bm25s, filtered)


def asked(opened: Callable[[], Callable[[str, int], object]]) -> Timed:
    """Seconds of opening, memory after the first questions, and milliseconds of those after them."""
    start = time.perf_counter()
    search = opened()
    took = time.perf_counter() - start
    for query in questions(FIRST):
        search(query, CUTOFF)
    return {"opened": took, **memory(), **timed(lambda query: search(query, CUTOFF))}


def timed(search: Callable[[str], object]) -> Timed:
    """Milliseconds of one question, warm."""
    took = []
    for query in questions(FIRST + TIMED):
        clock, processor = time.perf_counter(), time.process_time()
        search(query)
        took.append((1000 * (time.perf_counter() - clock), 1000 * (time.process_time() - processor)))
    clocks, processors = zip(*took[FIRST:], strict=True)
    return {
        "p50": statistics.median(clocks),
        "p95": statistics.quantiles(clocks, n=20)[-1],
        "cpu": statistics.median(processors),
    }


def spent(work: Callable[[], object]) -> Timed:
    """Seconds of a piece of work, by the clock and of the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return {"seconds": time.perf_counter() - clock, "cpu_seconds": time.process_time() - processor}


def memory() -> Timed:
    """Megabytes: the peak of this process, and how much of what it holds now is files that it has mapped."""
    told = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text("utf-8").splitlines())
    return {
        name: int(told[key].split()[0]) / 1000 for name, key in (("peak", "VmHWM"), ("mapped", "RssFile"))
    }


def size_of(folder: Path) -> float:
    """Megabytes on the disk."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def alone(work: Callable[[Path], Timed], folder: Path) -> Timed:
    """What a fresh process measures."""
    done = subprocess.run(
        [sys.executable, __file__, "--work", work.__name__, str(folder)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{work.__name__} failed:\n{done.stderr}")
    figures: Timed = json.loads(done.stdout.splitlines()[-1])
    return figures


def measure(folder: Path, count: int) -> None:
    """All figures over so many documents."""
    print(f"\n{count:,} documents of {write_corpus(folder, count):.0f} bytes; load {os.getloadavg()[0]:.1f}")
    built, other = alone(build_text, folder), alone(ask_bm25s, folder)
    print("text index: " + _built(built, built["peak"]))
    if other:
        print(f"bm25s{' with numba' if other['numba'] else ''}: " + _built(other, other["built_peak"]))
    here = installed.is_there(MODEL)
    if here:
        pieces, size = write_vectors(folder / VECTORS, count), size_of(folder / VECTORS)
        print(f"vectors, drawn: {size:,.0f} MB on the disk, {pieces:.0f} word pieces each")
    print(f"{'':8}{'p50 ms':>8}{'p95 ms':>8}{'cpu ms':>8}{'opened s':>10}{'peak MB':>9}{'of it mapped':>14}")
    text = _told("text", alone(ask_text, folder))
    if other:
        _told("bm25s", other)
        print(f"        text takes {text['cpu'] / other['cpu']:.2f} x the processor time of bm25s")
    if here:
        _told("hybrid", alone(ask_hybrid, folder))
        _told("ranked", alone(ask_ranked, folder))
        alone(build_by_kind, folder)
        _tell_filters(alone(filtered, folder))


def _told(name: str, row: Timed) -> Timed:
    times = "".join(f"{row[key]:8.1f}" for key in ("p50", "p95", "cpu"))
    print(f"{name:8}{times}{row['opened']:10.2f}{row['peak']:9.0f}{row['mapped']:14.0f}")
    return row


def _built(row: Timed, peak: float) -> str:
    return (
        f"built in {row['seconds']:.1f} s ({row['cpu_seconds']:.1f} s of processor time), "
        f"{row['disk']:.0f} MB on the disk, peak {peak:.0f} MB"
    )


def _tell_filters(row: Timed) -> None:
    anew = row["scan_masked"] + row["mask"]
    print("processor time of the parts, medians:")
    print(f"  question encoded {row['encode']:.1f} ms; {DEPTH} by text {row['text']:.1f} ms")
    print(
        f"  vectors scanned {row['scan']:.1f} ms; by year and design ({100 * row['kept']:.0f} % kept) "
        f"{row['scan_masked']:.1f} ms, {row['scan_masked'] / row['scan']:.2f} x; "
        f"the mask made anew {anew:.1f} ms, {anew / row['scan']:.2f} x"
    )
    print(
        f"  a library's text, any kind of source {row['kinds']:.1f} ms; "
        f"one kind {row['one_kind']:.1f} ms, {row['one_kind'] / row['kinds']:.2f} x"
    )


def main() -> None:
    """Measure all of it, or one piece of work in this process."""
    told = argparse.ArgumentParser(description="What finding documents costs.")
    told.add_argument("counts", nargs="*", type=int, default=(24_000, 200_000))
    told.add_argument("--small", action="store_true", help="a quick look, over 2,000 documents")
    told.add_argument("--work", nargs=2, help=argparse.SUPPRESS)
    given = told.parse_args()
    if given.work:
        name, folder = given.work
        print(json.dumps({work.__name__: work for work in WORK}[name](Path(folder))))
        return
    one_each()
    sys.stdout.reconfigure(line_buffering=True)
    print(f"{os.cpu_count()} processors")
    for count in (2_000,) if given.small else given.counts:
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder), count)


if __name__ == "__main__":
    main()
