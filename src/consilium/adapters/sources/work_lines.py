"""Works as `consilium library export` writes them: JSON Lines, one work a line, perhaps packed by gzip."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from consilium.adapters.sources.opened import Tick, ignore, opened
from consilium.adapters.sources.readings import Skipped
from consilium.adapters.sources.works import FORM, Work, sentences_of, source_of

_ID = re.compile(r"[a-z0-9][a-z0-9._-]*", re.IGNORECASE)
_LONGEST = 64_000_000  # bytes of a line


def read(path: Path, tick: Tick = ignore) -> Iterator[Work | Skipped]:
    """Every work of a file; a line that is none is skipped.

    Raises:
        MalformedSource: the file cannot be read to its end.
    """
    with opened(path, tick) as stream:
        for number, line in enumerate(stream.lines(_LONGEST), 1):
            place = f"{path.name}, line {number}"
            if line is None:
                yield Skipped(place, "The line is longer than any work.")
            elif line.strip():
                yield _work(line, place)


def _work(line: bytes, place: str) -> Work | Skipped:
    try:
        work = json.loads(line)
    except ValueError:
        return Skipped(place, "The line is not JSON.")
    fault = fault_in(work)
    return Skipped(place, fault) if fault else cast("Work", work)


def fault_in(work: Any) -> str | None:
    """What is wrong with a work, or None."""
    if not isinstance(work, dict) or work.get("form") != FORM:
        return f"It is no work of the form {FORM}."
    if work.get("withheld"):
        return "Its text was left out when it was exported; add its own file."
    if not _ID.fullmatch(str(work.get("id"))):
        return "Its id is missing, or not made of letters, digits, dots, hyphens and underscores."
    try:
        source_of(work, version=1, collection="")
        sentences_of(work)
        sound = bool(work["source"]["title"]) and all(_is_sound(section) for section in work["sections"])
    except (KeyError, TypeError, ValueError, AttributeError):
        sound = False
    return None if sound else "Its fields are not those of a work."


def _is_sound(section: dict[str, Any]) -> bool:
    """Whether a section has a passage, and sentences that end in their order, the last one with the text."""
    ends = section["ends"]
    in_order = all(isinstance(end, int) for end in ends) and ends == sorted(set(ends))
    return (
        isinstance(section["passage"], int) and in_order and ends[-1:] == [len(section["text"])][: len(ends)]
    )
