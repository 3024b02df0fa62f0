"""Check every claim against the sentences it cites before it can be published."""

from __future__ import annotations

from collections.abc import Iterable

from consilium.domain.article import Claim, Support, SupportedClaim
from consilium.domain.evidence import Origin, StatementKind

_SUPPORT = {
    Origin.VERBATIM: Support.QUOTED,
    Origin.SUMMARY: Support.SUMMARISED,
    Origin.INFERENCE: Support.INFERRED,
}
QUOTATION = "quotation"


def verify(claims: Iterable[Claim]) -> tuple[tuple[SupportedClaim, ...], tuple[Claim, ...]]:
    """Split claims into those that stand and those that do not.

    Without a model a claim is the sentence itself, so the standard is identity of text
    ("quotation"); a recommendation must rest on a guideline or regulator, an inference must
    cite every premise.
    """
    good: list[SupportedClaim] = []
    bad: list[Claim] = []
    for claim in claims:
        if stands(claim):
            good.append(SupportedClaim(claim, support_of(claim), QUOTATION))
        else:
            bad.append(claim)
    return tuple(good), tuple(bad)


def support_of(claim: Claim) -> Support:
    """How a claim that is its own sentence stands on it."""
    return _SUPPORT[claim.sentence.origin]


def stands(claim: Claim) -> bool:
    """Whether a claim may be published."""
    if claim.text != claim.sentence.text:
        return False
    if claim.kind is StatementKind.RECOMMENDATION and not claim.source.issues_advice:
        return False
    cited = {sentence.id for _, sentence in claim.cited}
    return set(claim.sentence.premises) <= cited
