"""How sure an answer is: counts in plain words, by one documented rule, never a GRADE word."""

from __future__ import annotations

from collections.abc import Sequence

from consilium.domain.article import Assessment, SupportedClaim
from consilium.domain.evidence import Source, SourceKind


def assessment_of(claims: Sequence[SupportedClaim], *, agree: bool) -> Assessment:
    """Count what the answer rests on and what nobody checked."""
    sources = {s.id: s for claim in claims for s, _ in claim.claim.cited}
    guidelines = [s for s in sources.values() if s.kind is not SourceKind.STUDY]
    studies = [s for s in sources.values() if s.kind is SourceKind.STUDY]
    unchecked = [s for s in sources.values() if not s.status_checked]
    second_hand = sum(claim.claim.sentence.checked.value == "secondary" for claim in claims)
    parts = [
        f"{_count(len(guidelines), 'guideline or regulatory source')} and "
        f"{_count(len(studies), 'study', 'studies')}.",
        "None of them disagree on a recommendation shown here."
        if agree and len(guidelines) > 1
        else "Bodies disagree; see the table."
        if not agree
        else "",
        f"Currency was not checked for {len(unchecked)} of {len(sources)}."
        if unchecked
        else "The currency of every source was checked.",
        _retraction(list(sources.values())),
        f"{_count(second_hand, 'statement')} of {len(claims)} were read in a secondary account."
        if second_hand
        else "",
    ]
    return Assessment(
        summary=" ".join(part for part in parts if part),
        guidelines=len(guidelines),
        studies=len(studies),
        agree=agree if len(guidelines) > 1 else None,
        unchecked=len(unchecked),
    )


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _retraction(sources: list[Source]) -> str:
    checked = sum(source.retraction_checked for source in sources)
    if checked == 0:
        return "None was checked for retraction."
    return f"{checked} of {len(sources)} were checked for retraction."
