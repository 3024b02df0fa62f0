"""Which sentences of a library lack the vector of how they read now; needs no numpy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from consilium.adapters.vectors import manifest as manifests
from consilium.adapters.vectors.manifest import Row
from consilium.domain.evidence import Sentence, Source

Everything = Iterable[tuple[Source, Sequence[Sentence]]]


def due(everything: Everything, held: Mapping[str, Row]) -> tuple[dict[str, Row], list[tuple[Row, str]]]:
    """The row of every sentence as it reads now, and those that have no such vector, with their texts."""
    current: dict[str, Row] = {}
    lacking: list[tuple[Row, str]] = []
    for source, sentences in everything:
        for sentence in sentences:
            row = current[sentence.id] = manifests.row_of(source, sentence)
            if held.get(sentence.id) != row:
                lacking.append((row, manifests.text_of(source, sentence)))
    return current, lacking


def behind(folder: Path, everything: Everything) -> int:
    """How many sentences lack theirs.

    Raises:
        VectorsMismatch: the vectors that are there are damaged.
    """
    manifest = manifests.read(folder)
    segments = manifest.segments if manifest else ()
    held = {row.sentence: row for s in segments for row in manifests.rows_of(folder, s)}
    return len(due(everything, held)[1])
