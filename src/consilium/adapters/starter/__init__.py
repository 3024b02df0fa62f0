"""The starter library: evidence records that ship with Consilium, unreviewed and saying so."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import cache
from importlib import resources

from consilium.adapters.sources.records import Record

COLLECTION = "starter"


@cache
def _raw() -> bytes:
    return resources.files("consilium.adapters.starter").joinpath("records.jsonl").read_bytes()


def records() -> Iterator[Record]:
    """The records in the order of their ids."""
    for line in _raw().splitlines():
        yield json.loads(line)


@cache
def digest() -> str:
    """The SHA-256 of the records as shipped, hexadecimal."""
    return hashlib.sha256(_raw()).hexdigest()
