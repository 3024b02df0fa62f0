"""Tell which register a file is of, and read it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from consilium.adapters.sources.opened import GZIP, Tick, ignore, told
from consilium.adapters.sources.readings import Skipped
from consilium.adapters.sources.retractions import crossref, open_retractions, pubmed, retraction_watch
from consilium.domain.notice import Notice
from consilium.errors import MalformedSource

_HEAD = 1 << 16
Reader = Callable[[Path, Tick], Iterator[Notice | Skipped]]


def read(path: Path, tick: Tick = ignore) -> Iterator[Notice | Skipped]:
    """The notices of a file, and what in it was skipped.

    Raises:
        MalformedSource: it is of no register that is known, or broken.
    """
    yield from _reader(path)(path, tick)


def _reader(path: Path) -> Reader:
    head = _head(path).lstrip(b"\xef\xbb\xbf \r\n\t")
    if head.startswith(b"Record ID,") or b"RetractionNature" in head.partition(b"\n")[0]:
        return retraction_watch.read
    if head.startswith(b"<"):
        return pubmed.read
    if head.startswith((b"{", b"[")):
        try:
            first = json.loads(head.partition(b"\n")[0])
        except (ValueError, RecursionError):
            return crossref.read
        updates = isinstance(first, dict) and "identifier" in first and "updates" in first
        return open_retractions.read if updates else crossref.read
    raise MalformedSource(
        f"{path} is of no register that is known: the CSV of Retraction Watch, the JSON Lines of Open Retractions, "
        "PubMed XML, or Crossref's JSON."
    )


def _head(path: Path) -> bytes:
    with told(path), path.open("rb") as file:
        head = file.read(_HEAD)
        return zlib.decompressobj(wbits=31).decompress(head, _HEAD) if head.startswith(GZIP) else head
