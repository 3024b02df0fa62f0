"""What has changed about a source that answers may rest on, as the library wrote it down."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ChangeKind(StrEnum):
    """What happened to a source or to one of its statements."""

    RETRACTED = "retracted"
    CONCERN = "concern"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    NEW_EDITION = "new_edition"
    TEXT_CHANGED = "text_changed"
    VANISHED = "vanished"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class StatusChange:
    """One entry of the library's own record of changes; never altered once written.

    Attributes:
        id: grows with every entry, so that a reader can go on where it was.
        at: when the library learnt of it, UTC, ``YYYY-MM-DDTHH:MM:SSZ``.
        version: of the source; the first that shows the change, or the last before it vanished.
        sentence: the statement that changed, where it is one.
        was: the status, statement or edition before; None where there was none.
        now: the status, statement or edition after; None where there is none.
        why: a sentence, as far as the record gives one in the record's words.
    """

    id: int
    at: str
    source: str
    version: int
    kind: ChangeKind
    was: str | None
    now: str | None
    why: str
    sentence: str | None = None
