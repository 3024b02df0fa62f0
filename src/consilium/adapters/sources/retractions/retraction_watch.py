"""The Retraction Watch database, as Crossref gives it out in CSV."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from consilium.adapters.sources.opened import Tick, opened
from consilium.adapters.sources.readings import Skipped
from consilium.adapters.sources.retractions.identities import doi_of, pmid_of
from consilium.domain.notice import Notice, NoticeKind
from consilium.errors import MalformedSource

REGISTER = "Retraction Watch"
_NEEDED = frozenset({
    "RetractionDate", "RetractionDOI", "RetractionPubMedID", "OriginalPaperDOI", "OriginalPaperPubMedID",
    "RetractionNature", "Reason",
})  # fmt: skip
_KINDS = {
    "retraction": NoticeKind.RETRACTED,
    "expression of concern": NoticeKind.CONCERN,
    "correction": NoticeKind.CORRECTED,
    "reinstatement": NoticeKind.REINSTATED,
}
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})\b")
_LONGEST = 1 << 17


def read(path: Path, tick: Tick) -> Iterator[Notice | Skipped]:
    """The notices of a file.

    Raises:
        MalformedSource: it has not the columns of this database, or is no CSV.
    """
    with opened(path, tick) as stream:
        lines = ((line or b"").decode("utf-8", "replace") + "\n" for line in stream.lines(_LONGEST))
        rows = csv.DictReader(lines)
        try:
            missing = _NEEDED - {(name or "").strip("\ufeff") for name in rows.fieldnames or ()}
            if missing:
                raise MalformedSource(f"{path} has no column {', '.join(sorted(missing))}.")
            for row in rows:
                yield _notice(row, f"line {rows.line_num}")
        except csv.Error as fault:
            raise MalformedSource(f"{path}, line {rows.line_num}: {fault}.") from fault


def _notice(row: dict[str, str | None], place: str) -> Notice | Skipped:
    told = {name: (value or "") for name, value in row.items() if isinstance(value, str)}
    kind = _KINDS.get(told.get("RetractionNature", "").strip().lower())
    doi, pmid = doi_of(told.get("OriginalPaperDOI")), pmid_of(told.get("OriginalPaperPubMedID"))
    if kind is None:
        return Skipped(
            place, f"It says no nature of notice that is known: {told.get('RetractionNature', '')[:40]!r}."
        )
    if not (doi or pmid):
        return Skipped(place, "It names the work by neither DOI nor PMID.")
    at, id_ = doi_of(told.get("RetractionDOI")), pmid_of(told.get("RetractionPubMedID"))
    reasons = [reason.strip(" +") for reason in told.get("Reason", "").split(";")]
    return Notice(
        kind,
        REGISTER,
        pmid,
        doi,
        _day(told.get("RetractionDate", "")),
        f"doi:{at}" if at else f"pmid:{id_}" if id_ else "",
        "; ".join(filter(None, reasons)),
    )


def _day(told: str) -> str:
    """A day, written month first."""
    found = _DAY.match(told.strip())
    if not found or not (1 <= int(found[1]) <= 12 and 1 <= int(found[2]) <= 31):
        return ""
    return f"{found[3]}-{int(found[1]):02}-{int(found[2]):02}"
