"""Files of JATS: one article, an answer of E-utilities with many, or an archive of articles."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

from consilium.adapters.sources.jats.articles import work_of
from consilium.adapters.sources.markup import elements
from consilium.adapters.sources.opened import Stream, Tick, ignore, opened, told
from consilium.adapters.sources.readings import Reading, Skipped
from consilium.errors import MalformedSource

ROOTS = frozenset({"article", "pmc-articleset"})
_ENDINGS = (".xml", ".nxml")
# Articles have some 200 KB, with long tables some MB.
_LARGEST = 64 << 20


def read(path: Path, tick: Tick = ignore) -> Iterator[Reading]:
    """The works of a file of one article or many.

    Raises:
        MalformedSource: it is no JATS, or not all of it.
    """
    with opened(path, tick) as stream:
        yield from _articles(path, stream, path.name)


def read_packed(path: Path, tick: Tick = ignore) -> Iterator[Reading]:
    """The works of a tar archive, packed by gzip or not; an article at fault is skipped, the rest goes on.

    Raises:
        MalformedSource: the archive cannot be read, or holds no article.
    """
    found = False
    with opened(path, tick) as stream, told(path):
        try:
            with tarfile.open(fileobj=cast("IO[bytes]", stream), mode="r|") as archive:
                for member in archive:
                    if member.isfile() and member.name.lower().endswith(_ENDINGS):
                        found = True
                        yield from _member(path, archive, member)
        except tarfile.TarError as fault:
            raise MalformedSource(f"{path} is no whole tar archive: {fault}.") from fault
    if not found:
        raise MalformedSource(f"{path} holds no article: none of its files ends in .xml or .nxml.")


def _member(path: Path, archive: tarfile.TarFile, member: tarfile.TarInfo) -> Iterator[Reading]:
    if member.size > _LARGEST:
        yield Skipped(member.name, f"it has {member.size >> 20} MB; articles have at most {_LARGEST >> 20}")
        return
    file = archive.extractfile(member)
    held = file.read() if file else b""
    try:
        yield from _articles(path, Stream(Path(member.name), io.BytesIO(held), ignore), member.name)
    except MalformedSource as fault:
        yield Skipped(member.name, str(fault))


def _articles(path: Path, stream: Stream, place: str) -> Iterator[Reading]:
    count = 0
    for element in elements(path, stream, ("article", "{*}article"), ROOTS):
        if _nested(element):
            continue
        count += 1
        yield work_of(element, place if count == 1 else f"{place}, article {count}")
    if not count:
        yield Skipped(place, "it holds no article")


def _nested(element: Any) -> bool:
    above = element.getparent()
    return above is not None and above.getparent() is not None and above.tag not in ROOTS
