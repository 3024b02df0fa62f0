"""Give every sentence of a library its vector: only those that lack one, and never twice.

Each step ends with its segment and a manifest on the disk, so that a process that is killed loses the
step in hand and no more.
"""

from __future__ import annotations

import contextlib
import itertools
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from consilium.adapters.vectors import manifest as manifests
from consilium.adapters.vectors import segment as segments
from consilium.adapters.vectors.due import due
from consilium.adapters.vectors.manifest import Manifest, Row, Segment
from consilium.adapters.vectors.pieces import PieceRows
from consilium.domain.evidence import Sentence, Source
from consilium.errors import LibraryError, VectorsMismatch
from consilium.ports import Embedder, PieceEmbedder

STEP = 1024  # sentences a step: some ten seconds
_MOST_SEGMENTS, _MOST_STALE = 8, 0.25  # beyond either, segments are merged into one


@dataclass(frozen=True, slots=True)
class Progress:
    """How far embedding is: sentences done and to do, and how many a second."""

    done: int
    total: int
    rate: float

    @property
    def left(self) -> float:
        """Seconds that the rest will take at this rate."""
        return (self.total - self.done) / self.rate if self.rate else 0.0


def embed(
    folder: Path,
    everything: Iterable[tuple[Source, Sequence[Sentence]]],
    embedder: Embedder,
    *,
    again: bool = False,
    report: Callable[[Progress], None] = lambda _: None,
) -> Progress:
    """Embed what has no vector, and drop the vectors of what is gone.

    Args:
        folder: of the vectors; made if it is not there.
        again: from the beginning, whatever is there.

    Raises:
        VectorsMismatch: the vectors that are there are damaged, or of another embedder.
        EmbeddingError: the model did not answer, or not with vectors.
        LibraryError: the folder cannot be written.
    """
    with writing(folder, embedder, again=again) as manifest:
        current, wanted = due(everything, held(folder, manifest))
        grown = grow(folder, manifest, wanted, len(wanted), embedder, report=report)
        merge(folder, grown, current)
    return Progress(len(wanted), len(wanted), 0.0)


def held(folder: Path, manifest: Manifest) -> dict[str, Row]:
    """The newest row of each id that has a vector."""
    return {row.sentence: row for s in manifest.segments for row in manifests.rows_of(folder, s)}


def grow(
    folder: Path,
    manifest: Manifest,
    wanted: Iterable[tuple[Row, str]],
    total: int,
    embedder: Embedder,
    *,
    report: Callable[[Progress], None],
    step: int | None = None,
) -> Manifest:
    """Embed rows with their texts, ``step`` at a time; each step is on the disk when it is told of."""
    start, done, left = time.monotonic(), 0, iter(wanted)
    while part := list(itertools.islice(left, step or STEP)):
        encoded = _encoded(embedder, [text for _, text in part])
        made = segments.write(folder, [row for row, _ in part], [encoded], embedder.fingerprint)
        manifest = manifest.advanced((*manifest.segments, made))
        manifests.write(folder, manifest)
        done += len(part)
        report(Progress(done, total, done / max(time.monotonic() - start, 1e-6)))
    return manifest


def _encoded(embedder: Embedder, texts: list[str]) -> segments.Part:
    if isinstance(embedder, PieceEmbedder):
        vectors, pieces = embedder.encode_pieces(texts)
        return np.asarray(vectors, np.float32), pieces
    return np.asarray(embedder.encode_documents(texts), np.float32), None


@contextlib.contextmanager
def writing(folder: Path, embedder: Embedder, *, again: bool = False) -> Iterator[Manifest]:
    """The one process that embeds, with what there is to go on from; what the disk says, in words."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(str(folder / "embed.lock"), timeout=1):
            manifest = _begun(folder, embedder, again=again)
            _tidy(folder, manifest)
            yield manifest
    except Timeout:
        raise LibraryError("Another process is embedding the same texts; wait for it to end.") from None
    except OSError as fault:
        raise LibraryError(
            f"The vectors could not be written to {folder} ({fault.strerror or fault}); those embedded "
            "before are kept. Free some space, then run the command again: it goes on there."
        ) from fault


def _begun(folder: Path, embedder: Embedder, *, again: bool) -> Manifest:
    """What there is to go on from."""
    try:
        found = manifests.read(folder)
    except VectorsMismatch:
        if not again:
            raise
        found = None
    if found is not None and not again:
        manifests.check_fingerprint(found, embedder.fingerprint)
        return found
    begun = Manifest(embedder.fingerprint, found.generation if found else 0).advanced(())
    manifests.write(folder, begun)
    return begun


def merge(folder: Path, manifest: Manifest, current: Mapping[str, Row]) -> None:
    """One segment of what is current, where many segments or many stale rows have gathered."""
    rows = [manifests.rows_of(folder, s) for s in manifest.segments]
    place = {
        row.sentence: (part, number)
        for part, held in enumerate(rows)
        for number, row in enumerate(held)
        if current.get(row.sentence) == row
    }
    total = sum(map(len, rows))
    if len(rows) <= _MOST_SEGMENTS and total - len(place) <= _MOST_STALE * total:
        return
    kept = [[number for part, number in place.values() if part == at] for at in range(len(rows))]
    parts = (_taken(folder, s, numbers, manifest) for s, numbers in zip(manifest.segments, kept, strict=True))
    names = [held[number] for held, numbers in zip(rows, kept, strict=True) for number in numbers]
    merged = (segments.write(folder, names, parts, manifest.fingerprint),) if names else ()
    manifest = manifest.advanced(merged)
    manifests.write(folder, manifest)
    _tidy(folder, manifest)


def _taken(folder: Path, segment: Segment, numbers: list[int], manifest: Manifest) -> segments.Part:
    """Some texts of a segment."""
    vectors = segments.opened(folder, segment, manifest.fingerprint.dimension)[numbers]
    if not manifest.fingerprint.pieces:
        return vectors, None
    pieces = PieceRows(folder, segment)
    return vectors, [pieces.of(number) for number in numbers]


def _tidy(folder: Path, manifest: Manifest) -> None:
    """Take away what no manifest names: segments that were merged, and what a killed process left."""
    named = {segment.name for segment in manifest.segments}
    for file in (*folder.glob("v-*"), *folder.glob("*.new")):
        if file.name.split(".")[0] not in named or file.suffix == ".new":
            file.unlink(missing_ok=True)
