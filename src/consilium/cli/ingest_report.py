"""The report of what came of the files that were added."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from consilium.adapters.library.curation import Added
from consilium.adapters.library.ingest import Outcome
from consilium.adapters.library.journal import Tally

_NAMED = 5  # files that are named of those left out


@dataclass(slots=True)
class Report:
    """What came of one call.

    Attributes:
        left: files of no known kind in folders that were named.
        dry: whether nothing was written.
        records: what came of evidence records, if there were any.
    """

    left: list[Path]
    dry: bool
    records: Added | None = None
    outcomes: list[Outcome] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def faults(self) -> list[Outcome]:
        """The files that could not be read to their end."""
        return [outcome for outcome in self.outcomes if outcome.fault]

    @property
    def total(self) -> Tally:
        """All files together."""
        return sum((outcome.tally for outcome in self.outcomes), Tally())

    def as_json(self) -> dict[str, Any]:
        """The report for programs."""
        return {
            "dry_run": self.dry,
            "seconds": round(self.seconds, 1),
            "records": dataclasses.asdict(self.records) if self.records else None,
            "total": _tally(self.total),
            "files": [
                {
                    "file": str(outcome.file.path),
                    "how": outcome.file.how,
                    "collection": outcome.file.collection,
                    "read_before": outcome.known,
                    "resumed_after": outcome.resumed,
                    "fault": outcome.fault,
                    **_tally(outcome.tally),
                }
                for outcome in self.outcomes
            ],
            "left_out": [str(path) for path in self.left],
        }

    def as_text(self) -> str:
        """The report for people."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        would = "Would have added" if self.dry else "Added"
        if added := self.records:
            yield (
                f"{would} {added.new} new and {added.changed} changed records; {added.same} were there already."
            )
        if self.outcomes:
            yield from self._works(self.total)
        if self.left:
            named = ", ".join(str(path) for path in self.left[:_NAMED]) + (
                " …" if len(self.left) > _NAMED else ""
            )
            yield f"Left out, of no known kind: {len(self.left):,} files ({named})."
        if self.dry:
            yield "Nothing was written (--dry-run)."

    def _works(self, total: Tally) -> Iterator[str]:
        known = sum(outcome.known for outcome in self.outcomes)
        resumed = sum(outcome.resumed for outcome in self.outcomes)
        rate = (total.read - resumed) / max(self.seconds, 1e-3)
        files = len(self.outcomes) - known
        if files:
            yield f"Read {total.read:,} records of {_files(files)} in {self.seconds:,.0f} s, {rate:,.0f} a second."
            yield (
                f"Kept {total.kept:,} works: {total.new:,} new, {total.replaced:,} replaced, "
                f"{total.same:,} the same as before."
            )
        if resumed:
            yield f"Of these, {resumed:,} had been read by a run that was broken off; it was gone on from there."
        if total.asked:
            yield f"Deleted {total.deleted:,} works, of {total.asked:,} that the files say are taken back."
        for why, (count, places) in sorted(total.skipped.items(), key=lambda pair: (-pair[1][0], pair[0])):
            more = " …" if count > len(places) else ""
            yield f"Skipped {count:,}: {why} ({', '.join(places)}{more})"
        if known:
            yield f"Not read again: {_files(known)}, read to the end before. `--again` reads them anew."
        for outcome in self.faults:
            kept = f"{outcome.tally.read:,} records before that place are kept"
            yield f"Not read to its end: {outcome.fault} {kept if outcome.tally.read else 'Nothing of it is kept'}."


def _tally(tally: Tally) -> dict[str, Any]:
    told = dataclasses.asdict(tally) | {"kept": tally.kept}
    told["skipped"] = {
        why: {"count": count, "places": list(places)} for why, (count, places) in tally.skipped.items()
    }
    return told


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count:,} files"
