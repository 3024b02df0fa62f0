"""Where an article stands, derived: approved only if these very words were approved."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from consilium.adapters.contract.codec import digest
from consilium.domain.review import Move, Status
from consilium.site.articles.models import Article, Revision
from consilium.site.editorial.models import Approval, Review

CHANGED = "Its words are not those that were approved"
OWN = "Whoever approved it turned out to have asked it"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an article stands, and why, for a reader.

    Attributes:
        approval: the approval that holds for these words; None unless approved.
    """

    status: Status
    why: str = ""
    since: datetime.datetime | None = None
    approval: Approval | None = None


def standing_of(article: Article, revision: Revision | None = None) -> Standing:
    """Where an article stands, from its review and from the words that are kept."""
    review = Review.objects.filter(article=article).first()
    if review is None:
        return Standing(Status.SUBMITTED)
    status = Status(review.status)
    if status is not Status.APPROVED:
        return Standing(status, review.why, review.since)
    approval = latest(article)
    if approval is None or not covers(approval, revision or article.current):
        return Standing(Status.NEEDS_RE_REVIEW, CHANGED, review.since)
    # Who asked without an account, approved, and signed in to claim it later, is the asker all the same.
    if article.owner_id and article.owner_id == approval.decision.by_id:
        return Standing(Status.NEEDS_RE_REVIEW, OWN, review.since)
    return Standing(status, "", approval.decision.at, approval)


def covers(approval: Approval, revision: Revision) -> bool:
    """Whether an approval is of these words, each for its audience, by digests made anew from what is kept."""
    return (
        approval.content_id == digest(revision.document["content"])
        and sorted(approval.renderings) == wordings(revision)
        and all(worded.get("audience") == name for name, worded in revision.renderings.items())
    )


def wordings(revision: Revision) -> list[str]:
    """The digests of a revision's wordings, made anew."""
    bodies = ({k: v for k, v in r.items() if k != "id"} for r in revision.renderings.values())
    return sorted(digest(body) for body in bodies)


def latest(article: Article) -> Approval | None:
    """The newest approval of an article, whether or not it holds for the words that are kept."""
    return (
        Approval.objects.filter(decision__article=article, decision__move=Move.APPROVE)
        .select_related("decision")
        .order_by("-decision_id")
        .first()
    )


def review_of(revision: Revision) -> dict[str, Any] | None:
    """The ``review`` of the contract; None where nobody has begun."""
    standing = standing_of(revision.article, revision)
    if standing.since is None:
        return None
    approval = standing.approval
    return {
        "status": standing.status.value,
        "reviewed_by": approval.name if approval else None,
        "reviewed_on": approval.decision.at.date().isoformat() if approval else None,
        "covers": [approval.content_id, *approval.renderings] if approval else [],
        "why": standing.why or None,
    }


def listed(article: Article) -> Status:
    """Where an article stands, for a list: only what says that it is approved is looked at closely."""
    review = getattr(article, "review", None)
    status = Status(review.status) if review else Status.SUBMITTED
    return standing_of(article).status if status is Status.APPROVED else status
