"""The board's rules once more, in plain Python over plain values, to hold the site against."""

from __future__ import annotations

from dataclasses import dataclass, field

from consilium.domain.review import MOVES, Move, Status, Verdict

REVIEWERS = frozenset({"rona", "stella", "edith", "eric", "ada"})
EDITORS = frozenset({"edith", "eric", "ada"})
ASKER = "ada"
EVERYBODY = (*sorted(REVIEWERS), "otto")


@dataclass
class Plain:
    """One article of three statements, as it has to stand.

    Attributes:
        sources: by statement, the work that it rests on.
        risky: the statements of high risk.
        verdicts: by statement and person, of the newest revision; those that count.
        words: by statement, whose words it holds.
        live: the revisions that are kept.
        held: whether an approval is of these words and this evidence.
    """

    sources: dict[str, str]
    risky: frozenset[str]
    public: bool = True
    there: bool = True
    status: Status = Status.SUBMITTED
    version: int = 0
    number: int = 1
    live: set[int] = field(default_factory=lambda: {1})
    verdicts: dict[tuple[str, str], Verdict] = field(default_factory=dict)
    words: dict[str, set[str]] = field(default_factory=dict)
    authors: set[str] = field(default_factory=lambda: {ASKER})
    told: bool = False
    held: str = ""
    rows: int = 0
    decisions: int = 0
    corrections: int = 0

    def can(self, move: Move) -> bool:
        return (self.status, move) in MOVES

    def moved(self, move: Move) -> None:
        self.status = MOVES[self.status, move]
        self.version += 1
        self.rows += 1
        self.decisions += 1
        self.held = ""

    def may_take(self, who: str) -> bool:
        return who in REVIEWERS - {ASKER} and self.can(Move.TAKE)

    def may_read(self, who: str, claim: str, number: int, complete: bool) -> bool:
        return (
            who in REVIEWERS - {ASKER}
            and complete
            and self.status is Status.UNDER_REVIEW
            and number == self.number
            and claim in self.sources
        )

    def read(self, who: str, claim: str, verdict: Verdict) -> None:
        self.verdicts[claim, who] = verdict
        self.version += 1
        self.rows += 1

    def may_revise(self, who: str, number: int, note: str, correction: str) -> bool:
        return (
            who in EDITORS - {ASKER}
            and bool(note)
            and (bool(correction) or not self.told)
            and number == self.number
            and self.can(Move.REVISE)
        )

    def revised(self, who: str, correction: str, *, gone: str = "", worded: str = "") -> None:
        self.moved(Move.REVISE)
        self.number += 1
        self.live.add(self.number)
        self.authors.add(who)
        self.corrections += bool(correction)
        self.sources.pop(gone, None)
        self.verdicts = {k: v for k, v in self.verdicts.items() if k[0] not in {gone, worded}}
        if worded:
            self.words.setdefault(worded, set()).add(who)

    def may_approve(self, who: str) -> bool:
        """Whether somebody may whose form is complete and of what stands now."""
        return who in REVIEWERS - self.authors and self.status is Status.UNDER_REVIEW and self.two_people(who)

    def two_people(self, approver: str) -> bool:
        for claim in self.sources:
            said = {who: verdict for (name, who), verdict in self.verdicts.items() if name == claim}
            worded = self.words.get(claim, set())
            good = {who for who, v in said.items() if v is Verdict.SUPPORTED} - worded
            if set(said.values()) - {Verdict.SUPPORTED} or not (good | worded) - {approver}:
                return False
            if (worded or claim in self.risky) and approver not in good:
                return False
        return True

    def approved(self, who: str) -> None:
        self.moved(Move.APPROVE)
        self.held, self.told = who, True

    def evidence_changed(self, source: str) -> None:
        resting = {claim for claim, rests_on in self.sources.items() if rests_on == source}
        if not resting:
            return
        self.verdicts = {k: v for k, v in self.verdicts.items() if k[0] not in resting}
        if self.status is Status.WITHDRAWN:
            self.version += 1
        else:
            self.moved(Move.EVIDENCE_CHANGED)

    def may_erase(self, who: str, number: int, why: str) -> bool:
        return who in EDITORS and bool(why) and number in self.live - {self.number}

    def erased(self, number: int) -> None:
        self.live.discard(number)
        self.rows += 1

    def deleted(self) -> None:
        self.there, self.held = False, ""
        self.rows += 1
