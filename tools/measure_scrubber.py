"""Measure what the scrubber finds of what identifies a person, and what it takes that does not.

    python tools/measure_scrubber.py             # recall by kind and precision, by half, and what was missed
    python tools/measure_scrubber.py --quiet     # the figures alone

``evaluation/identifying.jsonl`` holds 300 questions that were made up, with what identifies somebody marked:
"Mr [[name:Jan Kowalczyk]] has gout". Patterns were mended on the half that is called ``tune``; the other half has
other names and other phrasings, and nothing was tuned on it. A marked stretch counts as found if every letter and
figure of it is taken out; a finding counts as wrong if it touches no marked stretch.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from consilium.lexicon import concepts
from consilium.pipeline.anonymous import identifying

MARKED = Path(__file__).parents[1] / "evaluation" / "identifying.jsonl"
_MARK = re.compile(r"\[\[(\w+):(.*?)\]\]")


@dataclass(frozen=True, slots=True)
class Marked:
    """A question, and what in it identifies somebody: kind, start, end."""

    half: str
    text: str
    spans: tuple[tuple[str, int, int], ...]


@dataclass(slots=True)
class Figures:
    """What was found of what is there, by kind, and what was taken that is none of it."""

    there: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    findings: int = 0
    wrong: list[tuple[str, str]] = field(default_factory=list)
    missed: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """The share of what is there that was found whole."""
        return self.found.total() / max(1, self.there.total())

    @property
    def precision(self) -> float:
        """The share of what was taken that identifies somebody."""
        return 1 - len(self.wrong) / max(1, self.findings)


def marked(path: Path = MARKED) -> list[Marked]:
    """The questions of a file."""
    rows = (json.loads(line) for line in path.read_text("utf-8").splitlines())
    return [_marked(row["half"], row["text"]) for row in rows]


def _marked(half: str, typed: str) -> Marked:
    text, spans, place = "", [], 0
    for mark in _MARK.finditer(typed):
        text += typed[place : mark.start()]
        spans.append((mark[1], len(text), len(text) + len(mark[2])))
        text, place = text + mark[2], mark.end()
    return Marked(half, text + typed[place:], tuple(spans))


def measured(rows: Iterable[Marked]) -> Figures:
    """What the scrubber, helped by the lexicon as it is when a question is planned, finds in these questions."""
    figures, lexicon = Figures(), concepts.load()
    for row in rows:
        found = identifying(row.text, lexicon)
        taken = {place for one in found for place in range(one.start, one.end)}
        for kind, start, end in row.spans:
            figures.there[kind] += 1
            if all(place in taken or not row.text[place].isalnum() for place in range(start, end)):
                figures.found[kind] += 1
            else:
                figures.missed.append((kind, row.text[start:end], row.text))
        for one in found:
            figures.findings += 1
            if not any(one.start < end and start < one.end for _, start, end in row.spans):
                figures.wrong.append((one.words, row.text))
    return figures


def main() -> None:
    """Print the figures."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--quiet", action="store_true")
    quiet = arguments.parse_args().quiet
    rows = marked()
    for half in ("tune", "held"):
        got = measured(row for row in rows if row.half == half)
        kinds = ", ".join(f"{k} {got.found[k]}/{n}" for k, n in sorted(got.there.items()))
        print(f"{half}: recall {got.recall:.3f} ({kinds}); precision {got.precision:.3f} of {got.findings}")  # noqa: T201
        if not quiet:
            for kind, words, text in got.missed:
                print(f"  missed {kind} {words!r}: {text}")  # noqa: T201
            for words, text in got.wrong:
                print(f"  wrong {words!r}: {text}")  # noqa: T201


if __name__ == "__main__":
    main()
