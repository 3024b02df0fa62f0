"""Records of Open Retractions: JSON Lines, a work with the notices that Crossref and PubMed knew of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from consilium.adapters.sources.opened import Tick, opened
from consilium.adapters.sources.readings import Skipped
from consilium.adapters.sources.retractions.identities import doi_of, pmid_of
from consilium.adapters.sources.retractions.kinds import kind_of
from consilium.domain.notice import Notice, NoticeKind

REGISTER = "Open Retractions"
_LONGEST = 1 << 17


def read(path: Path, tick: Tick) -> Iterator[Notice | Skipped]:
    """The notices of a file."""
    with opened(path, tick) as stream:
        for number, line in enumerate(stream.lines(_LONGEST), 1):
            if line is None:
                yield Skipped(f"line {number}", f"It is longer than {_LONGEST:,} bytes.")
            elif line.strip():
                yield from _notices(line, f"line {number}")


def _notices(line: bytes, place: str) -> Iterator[Notice | Skipped]:
    try:
        row = json.loads(line)
        work, retracted, updates = row["identifier"], row.get("retracted") is True, list(row["updates"])
        doi, pmid = doi_of(work.get("doi")), pmid_of(work.get("pmid"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        yield Skipped(place, "It is no record of a work with its notices.")
        return
    if not (doi or pmid):
        yield Skipped(place, "It names the work by neither DOI nor PMID.")
        return
    for update in updates:
        yield _notice(update, place, doi, pmid, retracted=retracted)


def _notice(update: Any, place: str, doi: str, pmid: str, *, retracted: bool) -> Notice | Skipped:
    if not isinstance(update, dict):
        return Skipped(place, "It holds a notice that is none.")
    # Many a retraction is filed as an erratum; the record itself says that the work is retracted.
    kind = NoticeKind.RETRACTED if retracted else kind_of(update.get("type"))
    if kind is None:
        return Skipped(
            place, f"A notice of the type {str(update.get('type'))[:40]!r} says nothing of its standing."
        )
    of = update.get("identifier")
    of = of if isinstance(of, dict) else {}
    at, id_ = doi_of(of.get("doi")), pmid_of(of.get("pmid"))
    # The register says when it learnt of a notice, not when that was published.
    return Notice(kind, REGISTER, pmid, doi, "", f"doi:{at}" if at else f"pmid:{id_}" if id_ else "")
