"""The body of an answer, read as long as it is what was asked for, no longer than allowed."""

from __future__ import annotations

import datetime
import email.utils
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from consilium.adapters.outside.connection import Budget
from consilium.errors import OutsideError

_PIECE = 1 << 16
_GZIP = 31  # what zlib calls gzip's framing


def headers_of(response: Any) -> Mapping[str, str]:
    """The headers of an answer by their names in small letters; of several with a name, the last."""
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}


def media_type(headers: Mapping[str, str]) -> str:
    """The media type of an answer, without its parameters."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def whole(parts: Iterable[bytes], headers: Mapping[str, str], most: int, budget: Budget) -> bytes:
    """All of a body, unpacked.

    Raises:
        OutsideError: it is longer than ``most``, packed or unpacked, or the budget is used up.
        ValueError: it is packed in a way that was not asked for, or not whole.
    """
    stated = headers.get("content-length", "")
    if stated.isdigit() and int(stated) > most:
        raise OutsideError(f"The answer has {int(stated):,} bytes; {most:,} are the most that are read.")
    got = bytearray()
    for piece in _unpacked(_counted(parts, most), headers.get("content-encoding", "").strip().lower()):
        got += piece
        budget.part(None)
        if len(got) > most:
            raise _too_long(most)
    return bytes(got)


def beginning(parts: Iterable[bytes], most: int) -> bytes:
    """The first bytes of a body, as they came."""
    got = bytearray()
    for piece in parts:
        got += piece
        if len(got) >= most:
            break
    return bytes(got[:most])


def asked_to_wait(headers: Mapping[str, str]) -> float | None:
    """The seconds of ``Retry-After``, in either of its forms (RFC 9110, 10.2.3)."""
    stated = headers.get("retry-after", "").strip()
    if stated.isascii() and stated.isdigit():
        return float(stated[:9])
    try:
        moment = email.utils.parsedate_to_datetime(stated)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
    return max(0.0, (moment - datetime.datetime.now(datetime.UTC)).total_seconds())


def _counted(parts: Iterable[bytes], most: int) -> Iterator[bytes]:
    length = 0
    for part in parts:
        length += len(part)
        if length > most:
            raise _too_long(most)
        yield part


def _unpacked(parts: Iterable[bytes], coding: str) -> Iterator[bytes]:
    """What is packed by gzip in pieces of a limited size, so that a little cannot become much unseen."""
    if coding in {"", "identity"}:
        yield from parts
        return
    if coding != "gzip":
        raise ValueError(f"it is packed by {coding[:20]!r}, which was not asked for")
    unpacker = zlib.decompressobj(_GZIP)
    try:
        for part in parts:
            left = part
            while left:
                yield unpacker.decompress(left, _PIECE)
                left = unpacker.unconsumed_tail
    except zlib.error as fault:
        raise ValueError(f"it cannot be unpacked: {fault}") from fault
    if not unpacker.eof:
        raise ValueError("it breaks off")


def _too_long(most: int) -> OutsideError:
    return OutsideError(f"The answer is longer than {most:,} bytes, the most that are read.")
