"""JSON Lines, plain or gzipped, read as a stream; whatever is wrong is told with the number of its line."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from consilium.errors import MalformedCollection

_GZIP = b"\x1f\x8b"


def objects(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Where each object of a JSON Lines file stands, and the object.

    Raises:
        MalformedCollection: the file cannot be read, or a line is no object.
    """
    for number, line in lines(file):
        where = f"{file}, line {number}"
        try:
            item = json.loads(line)
        except (ValueError, RecursionError) as fault:
            raise MalformedCollection(f"{where} is not JSON: {fault}.") from fault
        if not isinstance(item, dict):
            raise MalformedCollection(f"{where} is no JSON object.")
        yield where, item


def lines(file: Path) -> Iterator[tuple[int, str]]:
    """The lines of a text file that are not empty, with their numbers.

    Raises:
        MalformedCollection: the file cannot be read, is cut short, or is no text.
    """
    number = 0
    try:
        with _opened(file) as opened:
            for number, line in enumerate(opened, 1):
                if line.strip():
                    yield number, line
    except EOFError as fault:
        raise MalformedCollection(f"{file} is cut short after line {number}; fetch it again.") from fault
    except (gzip.BadGzipFile, zlib.error) as fault:
        raise MalformedCollection(
            f"{file} is damaged after line {number} ({fault}); fetch it again."
        ) from fault
    except UnicodeDecodeError as fault:
        raise MalformedCollection(f"{file} is no UTF-8 text after line {number}.") from fault
    except OSError as fault:
        raise MalformedCollection(f"{file} cannot be read: {fault.strerror or fault}.") from fault


@contextmanager
def _opened(file: Path) -> Iterator[IO[str]]:
    """A text file, unpacked where it is packed, whatever its name says."""
    with file.open("rb") as raw:
        packed = raw.peek(len(_GZIP)).startswith(_GZIP)
        with gzip.GzipFile(fileobj=raw) if packed else raw as content:
            yield io.TextIOWrapper(content, "utf-8-sig")


def digest(file: Path) -> str:
    """The SHA-256 of a file.

    Raises:
        MalformedCollection: it cannot be read.
    """
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as fault:
        raise MalformedCollection(f"{file} cannot be read: {fault.strerror or fault}.") from fault
