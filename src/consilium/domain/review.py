"""The life of an article under review: one table of moves, and what an approval needs.

The table and the rules are those of the design's "Editorial rules" and "Review, claim by claim".
Nothing here knows who is signed in or where things are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from consilium.domain.permission import Permission
from consilium.errors import InvalidMove


class Status(StrEnum):
    """Where an article stands."""

    SUBMITTED = "submitted"
    UNDER_REVIEW = "under_review"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    NEEDS_RE_REVIEW = "needs_re_review"
    WITHDRAWN = "withdrawn"


class Move(StrEnum):
    """What can happen to an article."""

    TAKE = "take"
    RELEASE = "release"
    REQUEST_CHANGES = "request_changes"
    REVISE = "revise"
    APPROVE = "approve"
    EVIDENCE_CHANGED = "evidence_changed"
    WITHDRAW = "withdraw"
    RESTORE = "restore"


NEEDS: Mapping[Move, Permission | None] = {
    Move.TAKE: Permission.REVIEW,
    Move.RELEASE: Permission.REVIEW,
    Move.REQUEST_CHANGES: Permission.REVIEW,
    Move.REVISE: Permission.EDIT,
    Move.APPROVE: Permission.APPROVE,
    Move.EVIDENCE_CHANGED: None,  # nobody decides this: the library has changed
    Move.WITHDRAW: Permission.WITHDRAW,
    Move.RESTORE: Permission.WITHDRAW,
}
_S = Status
MOVES: Mapping[tuple[Status, Move], Status] = {
    (_S.SUBMITTED, Move.TAKE): _S.UNDER_REVIEW,
    (_S.CHANGES_REQUESTED, Move.TAKE): _S.UNDER_REVIEW,
    (_S.NEEDS_RE_REVIEW, Move.TAKE): _S.UNDER_REVIEW,
    (_S.UNDER_REVIEW, Move.RELEASE): _S.SUBMITTED,
    (_S.UNDER_REVIEW, Move.REQUEST_CHANGES): _S.CHANGES_REQUESTED,
    (_S.UNDER_REVIEW, Move.REVISE): _S.UNDER_REVIEW,
    (_S.CHANGES_REQUESTED, Move.REVISE): _S.UNDER_REVIEW,
    (_S.NEEDS_RE_REVIEW, Move.REVISE): _S.UNDER_REVIEW,
    (_S.APPROVED, Move.REVISE): _S.NEEDS_RE_REVIEW,
    (_S.UNDER_REVIEW, Move.APPROVE): _S.APPROVED,
    (_S.SUBMITTED, Move.EVIDENCE_CHANGED): _S.NEEDS_RE_REVIEW,
    (_S.UNDER_REVIEW, Move.EVIDENCE_CHANGED): _S.NEEDS_RE_REVIEW,
    (_S.CHANGES_REQUESTED, Move.EVIDENCE_CHANGED): _S.NEEDS_RE_REVIEW,
    (_S.APPROVED, Move.EVIDENCE_CHANGED): _S.NEEDS_RE_REVIEW,
    (_S.NEEDS_RE_REVIEW, Move.EVIDENCE_CHANGED): _S.NEEDS_RE_REVIEW,
    (_S.WITHDRAWN, Move.EVIDENCE_CHANGED): _S.WITHDRAWN,
    **{(status, Move.WITHDRAW): _S.WITHDRAWN for status in Status if status is not _S.WITHDRAWN},
    (_S.WITHDRAWN, Move.RESTORE): _S.NEEDS_RE_REVIEW,
}
TOLD: Mapping[Status, str] = {
    _S.SUBMITTED: "Submitted",
    _S.UNDER_REVIEW: "Under review",
    _S.CHANGES_REQUESTED: "Changes requested",
    _S.APPROVED: "Approved",
    _S.NEEDS_RE_REVIEW: "Needs re-review",
    _S.WITHDRAWN: "Withdrawn",
}
_DONE: Mapping[Move, str] = {
    Move.TAKE: "taken for review",
    Move.RELEASE: "handed back",
    Move.REQUEST_CHANGES: "sent back for changes",
    Move.REVISE: "revised",
    Move.APPROVE: "approved",
    Move.EVIDENCE_CHANGED: "marked for its evidence",
    Move.WITHDRAW: "withdrawn",
    Move.RESTORE: "restored",
}


def moved(status: Status, move: Move) -> Status:
    """Where a move leads.

    Raises:
        InvalidMove: it cannot be made from there.
    """
    after = MOVES.get((status, move))
    if after is None:
        raise InvalidMove(
            f"An article that is “{TOLD[status].lower()}” cannot be {_DONE[move]}. "
            "Somebody else may have acted meanwhile; look at the article again."
        )
    return after


class Verdict(StrEnum):
    """What a reviewer says of one claim."""

    SUPPORTED = "supported"
    NEEDS_CHANGE = "needs_change"
    REMOVE = "remove"


TICKS: Mapping[str, str] = {
    "source": "Source opened, identity right",
    "words": "The words support the claim",
    "numbers": "Numbers and units",
    "negation": "Negation and direction",
    "population": "Population, setting, exclusions",
    "grade": "Native grade on the right clause",
    "edition": "Edition and retraction as of today",
    "design": "Design named, not overstated",
    "place": "Right place, nothing parted",
    "alone": "Safe if read alone",
}
"""What is looked at in every claim (design 8, "Ten ticks a claim")."""
WHOLE: Mapping[str, str] = {
    "omissions": "Nothing that matters is left out",
    "order": "The order is right",
    "disagreement": "Disagreement is shown",
    "jurisdiction": "Jurisdiction is told",
    "patients": "The wording for patients is right",
    "gaps": "The gaps that are named are true",
    "conflicts": "Conflicts of interest are declared",
}
"""What is looked at in the whole article (design 8, "Per article")."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One reviewer's verdict on one claim, as it stands for the words shown now."""

    claim: str
    by: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Claims:
    """What of an article has to be read, and by whom.

    Attributes:
        all: every claim id that is shown.
        twice: those that two people must read: high risk.
        editors: by claim id, who has worded it; an editor's own reading of it does not count.
    """

    all: frozenset[str]
    twice: frozenset[str] = frozenset()
    editors: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def independent(self, reading: Reading) -> bool:
        """Whether a reading is of somebody else's words."""
        return reading.by not in self.editors.get(reading.claim, frozenset())


def hindrances(claims: Claims, readings: Iterable[Reading], approver: str) -> tuple[str, ...]:
    """Why an approver may not approve yet, as sentences; empty where nothing stands in the way.

    Every claim has been read by two people or by one who is not the approver: approving is the
    second person's act. A claim of high risk, and one that was edited, the approver has read too.
    """
    supported: dict[str, set[str]] = {}
    adverse: set[str] = set()
    for reading in readings:
        if reading.claim not in claims.all:
            continue
        if reading.verdict is not Verdict.SUPPORTED:
            adverse.add(reading.claim)
        elif claims.independent(reading):
            supported.setdefault(reading.claim, set()).add(reading.by)
    others = {c for c in claims.all if supported.get(c, set()) - {approver}}
    # Words that somebody else wrote have had their first pair of eyes in their editor.
    others |= {c for c in claims.all if claims.editors.get(c, frozenset()) - {approver}}
    own = {c for c in claims.all if approver in supported.get(c, set())}
    unread = claims.all - others
    must_read = (claims.twice | {c for c, who in claims.editors.items() if who}) & claims.all
    return tuple(
        sentence
        for found, sentence in (
            (adverse, "{} not accepted by a reviewer"),
            (unread, "{} not yet read by anybody but you"),
            (must_read - own, "{} of high risk or edited, and not yet read by you"),
        )
        if found
        for sentence in [sentence.format(_counted(len(found)))]
    )


def _counted(number: int) -> str:
    return "1 statement is" if number == 1 else f"{number} statements are"
