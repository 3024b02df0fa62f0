"""Which editions may speak: stale advice never leads, and yields to current advice.

Recency is a status, not a decay: superseded and expired work is told by its record, not its year.
"""

from __future__ import annotations

import re
from dataclasses import replace

from consilium.domain.evidence import (
    Candidate,
    Checked,
    Evidence,
    Reason,
    Rejection,
    SourceStatus,
    StatementKind,
)
from consilium.domain.measure import Measured
from consilium.pipeline.coverage import Coverage

_STALE = {SourceStatus.SUPERSEDED: Reason.SUPERSEDED, SourceStatus.EXPIRED: Reason.EXPIRED}
# A stale source stays only where it covers more of the question than any current one does.
_STALE_EDGE = 0.05
_SAME_CONDITION = 0.35
_ONLY_STALE = "is no longer current, and nothing current was found beside it"
_ALONE = Measured("current beside it", "none", "some", passed=False)
URGENT = re.compile(
    r"\b(immediate(ly)?|at once|emergenc\w+|urgent(ly)?|same[- ]day|do not wait|without delay|"
    r"within \d+ ?(?:h|hours?|minutes?))\b",
    re.IGNORECASE,
)


def may_lead(candidate: Candidate) -> bool:
    """Whether a sentence is advice of an edition that may open an answer, read somewhere."""
    sentence, source = candidate.sentence, candidate.source
    return (
        sentence.kind is StatementKind.RECOMMENDATION
        and source.issues_advice
        and source.status.may_lead
        and sentence.checked in {Checked.VERBATIM, Checked.PRIMARY, Checked.SECONDARY}
    )


def stands_in(candidate: Candidate, reason: Reason, coverage: Coverage) -> bool:
    """Whether urgent current advice on the condition may stand beside stale advice.

    Where only a superseded edition says what was asked, the reader still sees what the current
    one holds urgent about the same condition, and that its position on the point is unknown.
    """
    return (
        reason is Reason.WRONG_INTERVENTION
        and may_lead(candidate)
        and candidate.source.status not in _STALE
        and bool(URGENT.search(candidate.sentence.text))
        and coverage.core >= _SAME_CONDITION
        and not coverage.kin_only
    )


def sort_out(admitted: list[Evidence], urgent: list[Evidence]) -> tuple[list[Evidence], list[Rejection]]:
    """Keep stale evidence only where nothing current covers as much, and never alone."""
    advice = [e for e in admitted if e.source.issues_advice]
    if advice and all(e.source.status in _STALE for e in advice):
        best = max(e.score for e in admitted)
        parts = (("urgent, so as the best", best),)
        admitted = admitted + [replace(e, core=1.0, score=best, parts=parts) for e in urgent]
    current = [e for e in admitted if e.source.status not in _STALE and e.source.issues_advice]
    best = max((e.coverage for e in current), default=0.0)
    kept: list[Evidence] = []
    gone: list[Rejection] = []
    for evidence in admitted:
        reason = _STALE.get(evidence.source.status)
        if not reason or not current:
            kept.append(evidence)
            continue
        edge, covers = best + _STALE_EDGE, evidence.coverage
        told = Measured("coverage beside current advice", covers, edge, covers > edge, ">")
        if told.passed:
            kept.append(replace(evidence, measured=(*evidence.measured, told)))
        else:
            gone.append(Rejection(evidence.candidate, reason, _why(evidence), "currency", (told,)))
    if all(e.source.status in _STALE for e in kept):
        gone += [
            Rejection(e.candidate, _STALE[e.source.status], _ONLY_STALE, "currency", (_ALONE,)) for e in kept
        ]
        kept = []
    return kept, gone


def _why(evidence: Evidence) -> str:
    source = evidence.source
    if source.status is SourceStatus.EXPIRED:
        return "has lapsed by its issuer's own rule, and current guidance answers"
    newer = f" by {', '.join(source.superseded_by)}" if source.superseded_by else ""
    return f"has been superseded{newer}, and current guidance answers"
