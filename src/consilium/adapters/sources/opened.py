"""A file as a stream of bytes, unpacked where it is packed, with its checksum checked and its size held in check."""

from __future__ import annotations

import gzip
import hashlib
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from consilium.errors import ConfigurationError, MalformedSource

Tick = Callable[[int], None]
GZIP = b"\x1f\x8b"
# Files of MEDLINE unpack to some ten times their size, repetitive ones to thirty; what unpacks to more than
# this is made to fill a disk or a memory. Deflate itself ends at about a thousand.
MOST_RATIO = 200
_FREE = 16 << 20
_BLOCK = 1 << 20
_MD5 = re.compile(r"\b[0-9a-fA-F]{32}\b")


def ignore(_: int) -> None:
    """Whoever does not want to know how far reading has come."""


class Stream:
    """The bytes of a file as they are read, for a parser that asks for so many."""

    def __init__(self, path: Path, raw: BinaryIO, tick: Tick) -> None:
        """``tick`` is told how many bytes of the file itself have been read."""
        self._path, self._raw, self._tick = path, raw, tick
        packed = raw.read(2) == GZIP
        raw.seek(0)
        self._file = cast("BinaryIO", gzip.GzipFile(fileobj=raw)) if packed else raw
        self._packed, self._total = packed, 0

    def read(self, size: int = _BLOCK) -> bytes:
        """The next bytes, at most ``size`` of them where that is not negative.

        Raises:
            MalformedSource: they cannot be unpacked, or unpack to too many.
        """
        with told(self._path):
            block = self._file.read(size if size >= 0 else _BLOCK)
        self._total += len(block)
        at = self._raw.tell()
        if self._packed and self._total > _FREE + MOST_RATIO * at:
            raise MalformedSource(
                f"{self._path} unpacks to more than {MOST_RATIO} times its size: it is no file of literature."
            )
        self._tick(at)
        return block

    def lines(self, longest: int) -> Iterator[bytes | None]:
        """The lines without their ends; None in the place of one longer than ``longest`` bytes."""
        rest, over = b"", False
        while block := self.read(_BLOCK):
            parts = (rest + block).split(b"\n")
            rest = parts.pop()
            for part in parts:
                yield None if over or len(part) > longest else part.removesuffix(b"\r")
                over = False
            if len(rest) > longest:
                rest, over = b"", True
        if rest or over:
            yield None if over or len(rest) > longest else rest.removesuffix(b"\r")


@contextmanager
def opened(path: Path, tick: Tick = ignore) -> Iterator[Stream]:
    """A file opened for reading, its checksum checked first where one lies beside it.

    Raises:
        MalformedSource: it cannot be read, or is not what its checksum is of.
    """
    with told(path), path.open("rb") as raw:
        _check(path)
        yield Stream(path, raw, tick)


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Say of which file a fault in reading is."""
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as fault:
        raise MalformedSource(f"{path} cannot be unpacked ({fault}); fetch it again.") from fault
    except OSError as fault:
        raise MalformedSource(f"{path} cannot be read: {fault.strerror or fault}.") from fault


def _check(path: Path) -> None:
    beside = path.with_name(path.name + ".md5")
    if not beside.is_file():
        return
    found = _MD5.search(beside.read_bytes()[:4096].decode("ascii", "replace"))
    if found is None:
        raise MalformedSource(f"{beside} holds no MD5 checksum; fetch it again, or remove it.")
    digest = hashlib.md5(usedforsecurity=False)
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    if digest.hexdigest() != found.group().lower():
        raise MalformedSource(
            f"{path} is not what {beside.name} is of: it was cut short or changed; fetch it again."
        )


def missing_extra(package: str) -> ConfigurationError:
    """What whoever lacks a package for reading documents is told."""
    return ConfigurationError(
        f"Reading this needs {package}, which is not installed: pip install 'consilium[docs]'."
    )
