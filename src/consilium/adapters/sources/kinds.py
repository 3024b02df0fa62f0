"""What kind of file something is, told by its name and its beginning, and who reads it."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path

from consilium.adapters.sources import sentences, work_lines
from consilium.adapters.sources.readings import Reading
from consilium.errors import MalformedSource

_HEAD = 4096


class Kind(StrEnum):
    """What a file holds."""

    RECORDS = "records"
    WORKS = "works"
    MESH = "mesh"


@dataclass(frozen=True, slots=True)
class Given:
    """A file and what kind it is."""

    path: Path
    kind: Kind


def kind_of(path: Path) -> Kind | None:
    """What kind of file it is, or None where that cannot be told.

    Raises:
        MalformedSource: it cannot be read.
    """
    name = path.name.lower().removesuffix(".gz")
    if name.endswith((".yaml", ".yml", ".json")):
        return Kind.RECORDS
    head = _head(path)
    if name.endswith(".jsonl"):
        return Kind.WORKS if _is_work(head) else Kind.RECORDS
    if "<DescriptorRecordSet" in head:
        return Kind.MESH
    return None


def found(what: Sequence[Path], told: Kind | None) -> tuple[list[Given], list[Path]]:
    """The files of what was named, in the order of their names within a folder, and those of no known kind.

    Args:
        told: what kind all of them are, whatever they look like.

    Raises:
        MalformedSource: something that was named is not there, or its kind cannot be told.
    """
    given: list[Given] = []
    left: list[Path] = []
    for path in what:
        for file in _files(path):
            kind = told or kind_of(file)
            if kind:
                given.append(Given(file, kind))
            elif path.is_dir():
                left.append(file)
            else:
                raise MalformedSource(
                    f"{path}: it cannot be told what kind of file this is; nothing was added. "
                    f"Say so by --as: {', '.join(Kind)}."
                )
    return given, left


def reader(given: Given) -> tuple[Callable[[], Iterable[Reading]], str]:
    """What reads a file of works, and in what way, for the journal."""
    return partial(work_lines.read, given.path), f"{given.kind.value}/{sentences.VERSION}"


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            if file.is_file() and not any(part.startswith(".") for part in file.relative_to(path).parts):
                yield file
    elif path.exists():
        yield path
    else:
        raise MalformedSource(f"{path}: there is no such file or folder; nothing was added.")


def _head(path: Path) -> str:
    """The beginning of a file, unpacked."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as fault:
        raise MalformedSource(f"{path}: cannot be read ({fault.strerror or fault}).") from fault
    if head.startswith(b"\x1f\x8b"):
        try:
            with gzip.open(path, "rb") as packed:
                head = packed.read(_HEAD)
        except (OSError, EOFError, zlib.error):
            return ""
    return head.decode("utf-8", "replace")


def _is_work(head: str) -> bool:
    line = next((line for line in head.splitlines() if line.strip()), "")
    try:
        return "form" in json.loads(line)
    except ValueError:
        # The first line is longer than the beginning.
        return '"form":' in line or '"form" :' in line
