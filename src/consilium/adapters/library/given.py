"""What was named to be added becomes files, each with what it is, who reads it, and where its works go."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from consilium.adapters.library.reading import File
from consilium.adapters.sources.documents import about, reading
from consilium.adapters.sources.opened import Tick
from consilium.adapters.sources.readings import Reading
from consilium.adapters.sources.recognised import Form, files_in, form_of, reader_of
from consilium.adapters.sources.sentences import VERSION
from consilium.errors import MalformedSource

LITERATURE, GUIDELINES = "literature", "guidelines"


@dataclass(frozen=True, slots=True)
class Given:
    """A file and what it is."""

    path: Path
    form: Form


def found(what: Sequence[Path], told: Form | None) -> tuple[list[Given], list[Path]]:
    """The files of what was named, in the order of their names within a folder; and those that are nothing known.

    Args:
        told: what all of them are, whatever they look like.

    Raises:
        MalformedSource: something that was named is not there, cannot be read, or is nothing known.
    """
    given: list[Given] = []
    left: list[Path] = []
    for path in what:
        if not path.is_dir():
            given.append(Given(path, told or form_of(path)))
            continue
        for file in files_in(path):
            if file.name.endswith(about.SIDE_CARS):
                continue
            try:
                given.append(Given(file, told or form_of(file)))
            except MalformedSource:
                left.append(file)
    return given, left


def file_of(given: Given, facts: Mapping[str, Any], collection: str | None) -> File:
    """How a file of works is read.

    Args:
        facts: what was told of guideline documents, by the names of a side-car.
    """
    how = f"{given.form.value}, sentences {VERSION}"
    if given.form.is_document:
        how += f", told {_digest(given.path, facts)}"
        read = partial(_document, given.path, dict(facts))
        return File(given.path, read, how, collection or GUIDELINES)
    return File(given.path, partial(_literature, given.path, given.form), how, collection or LITERATURE)


# Functions of this module, so that a process beside this one can be told to call them.
def _document(path: Path, facts: dict[str, Any], _: Tick) -> Iterator[Reading]:
    return reading.read(path, facts)


def _literature(path: Path, form: Form, tick: Tick) -> Iterator[Reading]:
    return reader_of(form)(path, tick)


def _digest(path: Path, facts: Mapping[str, Any]) -> str:
    """What tells whether a document is still told of as it was: what was given with it, and its side-car."""
    beside = [path.with_name(path.name + ending) for ending in about.SIDE_CARS]
    texts = [file.read_bytes() for file in beside if file.is_file()]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode() + b"".join(texts)).hexdigest()[:16]
