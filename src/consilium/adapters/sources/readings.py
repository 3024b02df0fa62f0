"""What a reader of files yields: works, what it skipped and why, and what the file says is deleted."""

from __future__ import annotations

from dataclasses import dataclass

from consilium.adapters.sources.works import Work


@dataclass(frozen=True, slots=True)
class Skipped:
    """A record that was not taken in.

    Attributes:
        place: where it stands: its PMID, or the file and line.
        reason: why, in a sentence for whoever added the file.
    """

    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class Deleted:
    """A work that its issuer took back, by the id that it was stored under."""

    id: str


Reading = Work | Skipped | Deleted
