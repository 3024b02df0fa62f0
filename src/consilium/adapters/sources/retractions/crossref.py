"""Crossref's records of works: a notice says what it updates, a work what it was updated by."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from consilium.adapters.sources.opened import Tick, opened
from consilium.adapters.sources.readings import Skipped
from consilium.adapters.sources.retractions.identities import doi_of
from consilium.adapters.sources.retractions.kinds import kind_of
from consilium.domain.notice import Notice
from consilium.errors import MalformedSource

REGISTER = "Crossref"
_MOST = 256 << 20


def read(path: Path, tick: Tick) -> Iterator[Notice | Skipped]:
    """The notices of an answer of Crossref (one work, or a list) or of works in JSON Lines.

    Raises:
        MalformedSource: it is none of these.
    """
    with opened(path, tick) as stream:
        text = b""
        while block := stream.read():
            text += block
            if len(text) > _MOST:
                raise MalformedSource(f"{path} has more than {_MOST:,} bytes; give it in parts.")
    for number, work in enumerate(_works(path, text), 1):
        yield from notices_of(work, f"work {number}")


def _works(path: Path, text: bytes) -> Iterator[Any]:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        try:
            yield from (json.loads(line) for line in text.splitlines() if line.strip())
        except (ValueError, RecursionError) as fault:
            raise MalformedSource(f"{path} is no JSON of works as Crossref gives it out.") from fault
        return
    message = told.get("message", told) if isinstance(told, dict) else told
    listed = message.get("items", [message]) if isinstance(message, dict) else message
    if not isinstance(listed, list):
        raise MalformedSource(f"{path} is no JSON of works as Crossref gives it out.")
    yield from listed


def notices_of(work: Any, place: str = "") -> Iterator[Notice | Skipped]:
    """What a work says of others that it updates, and of itself."""
    if not isinstance(work, dict) or not (own := doi_of(work.get("DOI"))):
        yield Skipped(place, "It is no work with a DOI.")
        return
    for name, of_itself in (("update-to", False), ("updated-by", True)):
        updates = work.get(name)
        for update in updates if isinstance(updates, list) else ():
            other = doi_of(update.get("DOI")) if isinstance(update, dict) else ""
            kind = kind_of(update.get("type")) if isinstance(update, dict) else None
            if not other or kind is None:
                yield Skipped(place, f"Its {name} says nothing of how a work stands.")
                continue
            about, notice = (own, other) if of_itself else (other, own)
            yield Notice(kind, _register(update), "", about, _day(update), f"doi:{notice}")


def _register(update: Mapping[str, Any]) -> str:
    """Who says so: Crossref carries what Retraction Watch found beside what publishers registered."""
    return "Retraction Watch" if update.get("source") == "retraction-watch" else REGISTER


def _day(update: Mapping[str, Any]) -> str:
    told = update.get("updated")
    parts = told.get("date-parts") if isinstance(told, dict) else None
    try:
        numbers = [int(part) for part in parts[0]] if parts else []
    except (TypeError, ValueError, IndexError, KeyError):
        return ""
    return "-".join(f"{number:02}" for number in numbers) if 1 <= len(numbers) <= 3 else ""
