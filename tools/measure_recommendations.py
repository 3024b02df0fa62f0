"""Measure how well recommendation sentences are recognised, on sentences that were labelled by reading.

    python tools/measure_recommendations.py DATA            # precision and recall by stratum, and the misses
    python tools/measure_recommendations.py DATA --sample   # the next sample to label, with its digests

DATA holds ``nigeria_stg_2022.jsonl.gz`` (270 conditions of a national treatment guideline) and
``uspstf_2021.jsonl.gz`` (137 recommendations). Each condition is written out as a text file and each recommendation
as a web page, and read as a librarian's file would be. ``evaluation/recommendations.jsonl`` holds the labels: the
document, the number and the SHA-256 of the sentence, never the sentence. What samples 1 to 3
showed was put right; sample 4 was drawn afterwards (of what was left: few recommendations of the Task Force), and its
figures are those that count. The words of ``recommendations.yaml`` were
written on the documents of one half; the sample is drawn from the other (``unseen``).

A sentence is labelled a recommendation if, with its headings, it tells by itself what to do, use or avoid, for whom
it is needed or how it is given; a drug with its dose under a heading about treatment does. No recommendation: the
name of a measure ("Bed rest"), goals, what a test shows, a dose without its drug, a sentence whose subject stands
elsewhere ("It should not be given"), a lead-in without its list, that something is not needed, advice told of another
body.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import html
import json
import random
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from consilium.adapters.sources.documents.reading import read
from consilium.adapters.sources.works import is_work, sentences_of
from consilium.domain.evidence import Sentence, StatementKind, digest_of

LABELS = Path(__file__).parents[1] / "evaluation" / "recommendations.jsonl"
SETS = ("nigeria_stg_2022", "uspstf_2021")
STRATA = {"action": 110, "elsewhere": 50, "uspstf": 40}
SEED = 20261130
_ACTION = re.compile(
    r"treat|manag|prevent|measure|follow|caution|surg|therap|drug|prophyla|investigat|vaccin", re.IGNORECASE
)


@dataclass(frozen=True)
class Counts:
    """What was right and wrong in one stratum."""

    hits: int
    false: int
    missed: int
    lost: int

    @property
    def precision(self) -> float:
        """The share of what was recognised that is advice."""
        return self.hits / max(1, self.hits + self.false)

    @property
    def recall(self) -> float:
        """The share of the advice that was recognised."""
        return self.hits / max(1, self.hits + self.missed)


def rows(data: Path, name: str) -> list[dict[str, Any]]:
    """The records of one set."""
    with gzip.open(data / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def name_of(row: dict[str, Any]) -> str:
    """The id of a record's document."""
    return "-".join(re.findall("[a-z0-9]+", row["_id"].lower()))


def unseen(data: Path) -> set[str]:
    """The documents of the half that the words were not written on."""
    ids = {name_of(row): row["_id"] for name in SETS for row in rows(data, name)}
    return {
        name for name, given in ids.items() if hashlib.sha256(f"consilium:{given}".encode()).digest()[0] % 2
    }


def write(data: Path, folder: Path) -> list[Path]:
    """Write every record as a document with its side-car; the paths."""
    paths = []
    for row in rows(data, "nigeria_stg_2022"):
        paths.append(folder / f"{name_of(row)}.txt")
        paths[-1].write_text(row["text"], "utf-8")
        _side_car(paths[-1], row["title"], "Federal Ministry of Health", 2022)
    for row in rows(data, "uspstf_2021"):
        paths.append(folder / f"{name_of(row)}.html")
        paths[-1].write_text(_page(row), "utf-8")
        _side_car(paths[-1], row["title"], "US Preventive Services Task Force", 2021)
    return paths


def _side_car(path: Path, title: str, organisation: str, year: int) -> None:
    about = {"id": path.stem, "title": title, "organisation": organisation, "year": year}
    path.with_name(f"{path.name}.about.json").write_text(json.dumps(about), "utf-8")


def _page(row: dict[str, Any]) -> str:
    title, _, whom = (html.escape(part.strip()) for part in row["title"].partition(" -- "))
    return (
        f"<html><body><nav>Home</nav><main><h1>{title}</h1><h2 id='summary'>Recommendation Summary</h2><table>"
        "<tr><th>Population</th><th>Recommendation</th><th>Grade</th></tr>"
        f"<tr><td>{whom}</td><td>{html.escape(row['text'])}</td><td>{row['metadata']['grade']}</td></tr>"
        "</table></main></body></html>"
    )


def sentences(data: Path) -> list[Sentence]:
    """All sentences of all documents, read from files."""
    with tempfile.TemporaryDirectory() as folder:
        works = [item for path in write(data, Path(folder)) for item in read(path)]
    return [sentence for work in works if is_work(work) for sentence in sentences_of(work)]


def stratum_of(sentence: Sentence) -> str:
    """Which part of the sample a sentence belongs to."""
    if sentence.source.startswith("uspstf"):
        return "uspstf"
    return "action" if _ACTION.search((sentence.heading or "").split(" > ")[-1]) else "elsewhere"


def sample(data: Path) -> Iterator[Sentence]:
    """The next sentences to label: seeded, by stratum, of three words and more, from the half not looked at."""
    documents, told = unseen(data), {label["sha256"] for label in labels()}
    held = {digest_of(s.text): s for s in sentences(data) if s.source in documents}
    held = {digest: sentence for digest, sentence in held.items() if digest not in told}
    for stratum, count in STRATA.items():
        among = sorted(d for d, s in held.items() if stratum_of(s) == stratum and len(s.text.split()) >= 3)
        drawn = random.Random(SEED).sample(among, min(count, len(among)))  # noqa: S311 - a sample, no secret
        yield from (held[digest] for digest in drawn)


def measured(data: Path, labels: Sequence[dict[str, Any]]) -> tuple[dict[str, Counts], list[str]]:
    """The counts by stratum, and the sentences that were judged wrongly."""
    held = {(s.source, digest_of(s.text)): s for s in sentences(data)}
    counts, wrong = {}, []
    for stratum in STRATA:
        told = [label for label in labels if label["stratum"] == stratum]
        found = [(label["advice"], held.get((label["document"], label["sha256"]))) for label in told]
        judged = [(advice, s.kind is StatementKind.RECOMMENDATION, s.text) for advice, s in found if s]
        wrong += [
            f"{'missed' if advice else 'false '} {text}" for advice, said, text in judged if advice != said
        ]
        counts[stratum] = Counts(
            hits=sum(advice and said for advice, said, _ in judged),
            false=sum(said and not advice for advice, said, _ in judged),
            missed=sum(advice and not said for advice, said, _ in judged),
            lost=len(found) - len(judged),
        )
    return counts, wrong


def together(counts: dict[str, Counts]) -> Counts:
    """The counts of all strata."""
    parts = counts.values()
    return Counts(*(sum(getattr(c, name) for c in parts) for name in ("hits", "false", "missed", "lost")))


def labels() -> list[dict[str, Any]]:
    """The labels that stand in the repository."""
    return [json.loads(line) for line in LABELS.read_text("utf-8").splitlines()]


def main() -> None:
    """Print the figures, or the sample."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--sample", action="store_true")
    told = parser.parse_args()
    if told.sample:
        for s in sample(told.data):
            line = {"document": s.source, "number": int(s.id.split("#")[1]), "sha256": digest_of(s.text)}
            print(json.dumps(line | {"stratum": stratum_of(s), "heading": s.heading, "text": s.text}))  # noqa: T201
        return
    for number in sorted({label["sample"] for label in labels()}):
        counts, wrong = measured(told.data, [label for label in labels() if label["sample"] == number])
        print(f"sample {number}")  # noqa: T201
        for name, count in (counts | {"all": together(counts)}).items():
            of = f"{count.hits} found, {count.false} false, {count.missed} missed, {count.lost} changed since"
            print(f"{name:10} precision {count.precision:.3f} recall {count.recall:.3f} ({of})")  # noqa: T201
        print("\n".join(wrong))  # noqa: T201


if __name__ == "__main__":
    main()
