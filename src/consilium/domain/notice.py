"""What registers say of works after they were published: retracted, withdrawn, doubted, corrected, reinstated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class NoticeKind(StrEnum):
    """What a notice does to the work that it is about."""

    RETRACTED = "retracted"
    WITHDRAWN = "withdrawn"
    CONCERN = "concern"
    CORRECTED = "corrected"
    REINSTATED = "reinstated"


# The graver first; a correction changes nothing about the standing of a work.
_GRAVITY = (NoticeKind.RETRACTED, NoticeKind.WITHDRAWN, NoticeKind.CONCERN)
_SIGNS, _LONGEST = frozenset("<>&"), 200
_TOLD = {
    NoticeKind.RETRACTED: "Retracted",
    NoticeKind.WITHDRAWN: "Withdrawn",
    NoticeKind.CONCERN: "An expression of concern was published",
    NoticeKind.CORRECTED: "A correction was published",
    NoticeKind.REINSTATED: "Reinstated",
}


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice about one work.

    Attributes:
        register: who says so ("Retraction Watch").
        pmid: of the work, or "".
        doi: of the work in small letters, or "".
        day: on which the notice was published, as far as it is known ("2010-02-06", "2010"), or "".
        notice: where the notice stands ("doi:…", "pmid:…"), or "".
        why: the reason in the register's words, or "".
        checked: the day on which the register was read, once it is held.
    """

    kind: NoticeKind
    register: str
    pmid: str = ""
    doi: str = ""
    day: str = ""
    notice: str = ""
    why: str = ""
    checked: str = ""

    def told(self) -> str:
        """The notice in a sentence: what, when, who says so, and when that was read."""
        on = f" on {self.day}" if len(self.day) == 10 else f" in {self.day}" if self.day else ""
        why = f": {_plain(self.why)}" if self.why else ""
        checked = f", read on {self.checked}" if self.checked else ""
        at = f" ({self.notice})" if self.notice and not set(self.notice) & _SIGNS else ""
        return f"{_TOLD[self.kind]}{on}{at}, says {self.register}{checked}{why}"


def _plain(text: str) -> str:
    """What a register wrote, short and without what could be taken for markup."""
    kept = "".join(" " if c in _SIGNS or not c.isprintable() else c for c in text)
    words = " ".join(word for word in kept.split() if "://" not in word)
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"


def deciding(notices: Iterable[Notice]) -> Notice | None:
    """The notice by which a work stands as it does: the gravest that none of the same day or later took back.

    Of several as grave, the earliest that has a day.
    """
    held = list(notices)
    back = max((n.day for n in held if n.kind is NoticeKind.REINSTATED), default=None)
    for kind in _GRAVITY:
        standing = [n for n in held if n.kind is kind and (back is None or n.day > back)]
        if standing:
            return min(standing, key=lambda n: (n.day or "9", n.register, n.notice))
    return None
