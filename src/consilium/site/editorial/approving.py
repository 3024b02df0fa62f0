"""Approve an article: one person's name under words that another has read as well."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from consilium.adapters.contract.codec import digest
from consilium.domain.review import WHOLE, Move
from consilium.errors import NotReady, OwnArticle, StaleRevision
from consilium.site.accounts.models import User
from consilium.site.articles.models import Article, Revision
from consilium.site.editorial.models import Approval, BoardMember, Review
from consilium.site.editorial.moves import authors, make, permit
from consilium.site.editorial.readings import hindrances
from consilium.site.editorial.soundness import faults_of
from consilium.site.editorial.standing import wordings

ATTESTATION = (
    "I have read this article beside the sources that it cites, as it is shown to each kind of reader. "
    "I neither asked its question nor worded any of it. To my knowledge it is right and fit to be shown."
)


def approve(
    *,
    article: Article,
    by: User,
    number: int,
    version: int,
    looked: Iterable[str],
    attested: bool,
    conflicts: str,
) -> Approval:
    """Put a name to the newest revision, for its content and all its wordings.

    Args:
        number: of the revision, as the approver saw it.
        version: of the review, as the approver saw it.
        looked: names in `WHOLE`.
        attested: whether they said what `ATTESTATION` says.
        conflicts: their statement of conflicts of interest with this article.

    Raises:
        NotPermitted: their role does not include it.
        OwnArticle: they asked or edited it.
        StaleRevision: something has changed since they looked.
        NotReady: something is left to do; the message says what.
        InvalidMove: it is not under review.
    """
    permit(by, Move.APPROVE)
    if by.pk in authors(article):
        raise OwnArticle
    with transaction.atomic():
        review = Review.objects.filter(article=article).first()
        revision = article.current
        if review is None or review.version != version or revision.number != number:
            raise StaleRevision
        member = BoardMember.objects.filter(user=by).first()
        if left := _left(revision, by, member, frozenset(looked), attested=attested, conflicts=conflicts):
            raise NotReady(" ".join(left))
        assert member is not None  # noqa: S101 - `_left` asks for it
        decision = make(article=article, move=Move.APPROVE, by=by, version=version, why="", evidence=False)
        return Approval.objects.create(
            decision=decision,
            content_id=digest(revision.document["content"]),
            renderings=wordings(revision),
            name=", ".join(filter(None, (member.name, member.credentials))),
            attestation=ATTESTATION,
            conflicts=" ".join(conflicts.split()),
        )


def _left(
    revision: Revision,
    by: User,
    member: BoardMember | None,
    looked: frozenset[str],
    *,
    attested: bool,
    conflicts: str,
) -> list[str]:
    """What is left to do before this person may approve, as sentences."""
    left = [f"{sentence}." for sentence in hindrances(revision, by)]
    if member is None or not member.name.strip():
        left.append("Tell readers who you are first: fill in your page of the board.")
    if missing := [words for name, words in WHOLE.items() if name not in looked]:
        left.append(f"Look at the whole article: {'; '.join(missing)}.")
    if not attested:
        left.append("Say that you have read it.")
    if not conflicts.strip():
        left.append("State your conflicts of interest, or that you have none.")
    return left + [f"It breaks the contract: {fault}." for fault in faults_of(revision)]
