"""What vectors a library has: immutable segments, named by one manifest that is replaced in one rename.

Needs no numpy, so that whoever only wants to know how many there are loads none.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from consilium.domain.evidence import Sentence, Source
from consilium.errors import VectorsMismatch
from consilium.ports import Fingerprint

FORMAT = 2
_FILE = "manifest.json"
_AGAIN = "run `consilium library embed --again`"


@dataclass(frozen=True, slots=True)
class Row:
    """One vector's sentence: its id, the digest of the text that was embedded, the kind of its source."""

    sentence: str
    digest: str
    kind: str


@dataclass(frozen=True, slots=True)
class Segment:
    """One immutable segment: ``NAME.f32`` holds the vectors, ``NAME.tsv`` their rows; with their SHA-256.

    Where the embedder gives word pieces too, ``NAME.i8`` holds them, ``pieces_width`` numbers each, and
    ``NAME.pieces`` tells which are whose.
    """

    name: str
    rows: int
    vectors_sha256: str
    rows_sha256: str
    pieces_sha256: str = ""
    pieces_width: int = 0


@dataclass(frozen=True, slots=True)
class Manifest:
    """All segments, the newest last, and what their vectors may be compared with."""

    fingerprint: Fingerprint
    generation: int = 0
    segments: tuple[Segment, ...] = ()

    def advanced(self, segments: tuple[Segment, ...]) -> Manifest:
        """The next generation."""
        return Manifest(self.fingerprint, self.generation + 1, segments)


def text_of(source: Source, sentence: Sentence) -> str:
    """What is embedded of a sentence: it needs the title to tell what it is about."""
    return f"{source.title.rstrip('.')}. {sentence.text}"


def row_of(source: Source, sentence: Sentence) -> Row:
    """The row that the vector of a sentence has as it reads now."""
    digest = hashlib.sha256(text_of(source, sentence).encode()).hexdigest()[:16]
    return Row(sentence.id, digest, source.kind.value)


def stamp(folder: Path) -> tuple[int, int] | None:
    """What differs as soon as another manifest is in use; None where there are no vectors."""
    try:
        found = (folder / _FILE).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino


def read(folder: Path) -> Manifest | None:
    """The manifest in use; None where there is none.

    Raises:
        VectorsMismatch: it is damaged, or of another version.
    """
    try:
        text = (folder / _FILE).read_text("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as fault:
        raise damaged(folder / _FILE, str(fault)) from fault
    try:
        found: dict[str, Any] = json.loads(text)
        if found["format"] != FORMAT:
            raise VectorsMismatch(f"The vectors in {folder} are of another version; {_AGAIN}.")
        segments = tuple(Segment(**segment) for segment in found["segments"])
        return Manifest(Fingerprint(**found["fingerprint"]), int(found["generation"]), segments)
    except (ValueError, KeyError, TypeError) as fault:
        raise damaged(folder / _FILE, "it cannot be read") from fault


def write(folder: Path, manifest: Manifest) -> None:
    """Put ``manifest`` in use: whole on the disk, then renamed."""
    body = {"format": FORMAT, **dataclasses.asdict(manifest)}
    put(folder / _FILE, json.dumps(body, indent=1).encode())


def put(file: Path, content: bytes) -> None:
    """Write a file of this content, whole or not at all."""
    with whole(file) as opened:
        opened.write(content)


@contextlib.contextmanager
def whole(file: Path) -> Iterator[IO[bytes]]:
    """A file to write that is there whole or not at all, also after a loss of power."""
    aside = file.with_name(file.name + ".new")
    with aside.open("wb") as opened:
        yield opened
        opened.flush()
        os.fsync(opened.fileno())
    aside.replace(file)
    if os.name != "posix":  # elsewhere a folder cannot be opened
        return
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def lines(rows: list[Row]) -> bytes:
    """Rows as they are kept: one a line, with tabs."""
    return "".join(f"{row.sentence}\t{row.digest}\t{row.kind}\n" for row in rows).encode()


def rows_of(folder: Path, segment: Segment) -> list[Row]:
    """The rows of a segment, in the order of its vectors.

    Raises:
        VectorsMismatch: they are not those that were written.
    """
    file = folder / f"{segment.name}.tsv"
    try:
        content = file.read_bytes()
    except OSError as fault:
        raise damaged(file, fault.strerror or str(fault)) from fault
    if hashlib.sha256(content).hexdigest() != segment.rows_sha256:
        raise damaged(file, "it has changed since it was written")
    return [Row(*line.split("\t")) for line in content.decode().splitlines()]


def damaged(file: Path, why: str) -> VectorsMismatch:
    """The error of a file that cannot be used."""
    return VectorsMismatch(f"The vectors in {file} are damaged ({why}); {_AGAIN}.")


def check_fingerprint(manifest: Manifest, wanted: Fingerprint) -> None:
    """See that vectors can be compared with those of an embedder.

    Raises:
        VectorsMismatch: they cannot; the message says what differs.
    """
    held = manifest.fingerprint
    differing = [
        f"{field.name.replace('_', ' ')} {getattr(held, field.name)!r}, not {getattr(wanted, field.name)!r}"
        for field in dataclasses.fields(Fingerprint)
        if getattr(held, field.name) != getattr(wanted, field.name)
    ]
    if differing:
        raise VectorsMismatch(
            f"The vectors of this library are of another embedding model ({'; '.join(differing)}); {_AGAIN}."
        )
