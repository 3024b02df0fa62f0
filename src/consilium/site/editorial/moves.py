"""The moves of an article: each checks permission, state and the two-person rule, and leaves its trace.

Every move is decided by one conditional UPDATE: SQLite knows no row locks, and whoever is second
changes no row and is told so.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from consilium.domain.review import NEEDS, Move, Status, moved
from consilium.errors import EditorialError, NotPermitted, OwnArticle, StaleRevision
from consilium.pipeline.risk import rank
from consilium.site.accounts.models import User
from consilium.site.accounts.roles import may
from consilium.site.articles.changes import changed
from consilium.site.articles.models import Article, Revision
from consilium.site.audit.details import Detail
from consilium.site.audit.recording import pseudonym, record
from consilium.site.editorial.models import Decision, Edit, Review
from consilium.site.editorial.telling import tell

LIBRARY = "library"


class NoReason(EditorialError):
    """Say why, in a sentence: it is shown to those who come after you."""


def admit() -> int:
    """Give every published article that has none its place in the queue.

    Returns:
        How many there were.
    """
    new = Article.objects.filter(published__isnull=False, review=None)
    for article in new:
        opened(article)
    return len(new)


def opened(article: Article) -> Review:
    """The review of an article; one that has none yet gets its place in the queue."""
    review, _ = Review.objects.get_or_create(article=article, defaults=_place(article))
    return review


def _place(article: Article) -> dict[str, Any]:
    """Where in the queue an article begins; its rank is made out only if it is wanted."""
    return {
        "since": article.published or article.created,
        "rank": lambda: rank(article.current.document["content"]),
    }


def authors(article: Article) -> set[int]:
    """The keys of everybody who asked or edited an article."""
    edited = Edit.objects.filter(article=article, by__isnull=False).values_list("by", flat=True)
    return {*edited, *([article.owner_id] if article.owner_id else [])}


def permit(by: User, move: Move) -> None:
    """Let through whoever may make a move.

    Raises:
        NotPermitted: their role does not include it.
    """
    needed = NEEDS[move]
    if needed is None or not may(by, needed):
        raise NotPermitted


def not_the_asker(article: Article, by: User) -> None:
    """Let through whoever did not ask.

    Raises:
        OwnArticle: they asked.
    """
    if article.owner_id == by.pk:
        raise OwnArticle


def take(*, article: Article, by: User) -> Decision:
    """Begin to review.

    Raises:
        NotPermitted: their role does not include it.
        OwnArticle: they asked.
        InvalidMove: it does not stand where it can be taken.
    """
    not_the_asker(article, by)
    return make(article=article, move=Move.TAKE, by=by, taken_by=by)


def release(*, article: Article, by: User) -> Decision:
    """Hand an article back to the queue.

    Raises:
        NotPermitted: their role does not include it.
        InvalidMove: it is not under review.
    """
    return make(article=article, move=Move.RELEASE, by=by, taken_by=None)


def request_changes(*, article: Article, by: User, note: str) -> Decision:
    """Send an article back with what has to change.

    Raises:
        NoReason: the note is empty.
        NotPermitted: their role does not include it.
        OwnArticle: they asked.
        InvalidMove: it is not under review.
    """
    not_the_asker(article, by)
    return make(article=article, move=Move.REQUEST_CHANGES, by=by, note=_reason(note))


def withdraw(*, article: Article, by: User, why: str) -> Decision:
    """Take an article's content from readers, who see the reason in its place.

    Raises:
        NoReason: the reason is empty.
        NotPermitted: their role does not include it.
        InvalidMove: it is withdrawn already.
    """
    return make(article=article, move=Move.WITHDRAW, by=by, note=why, why=_reason(why))


def restore(*, article: Article, by: User, note: str) -> Decision:
    """Put a withdrawn article back before readers, to be reviewed again.

    Raises:
        NoReason: the note is empty.
        NotPermitted: their role does not include it.
        InvalidMove: it is not withdrawn.
    """
    why = "It was withdrawn, and has been put back to be reviewed again"
    return make(article=article, move=Move.RESTORE, by=by, note=_reason(note), why=why)


def _reason(words: str) -> str:
    if not words.strip():
        raise NoReason
    return " ".join(words.split())


def make(
    *,
    article: Article,
    move: Move,
    by: User | None,
    note: str = "",
    version: int | None = None,
    **set_: object,
) -> Decision:
    """Make one move: state, decision, audit row and the readers' pages together, or none of them.

    Args:
        by: whoever decides; None where the library did.
        version: of the review, as the decider saw it; None where the newest will do.
        set_: further columns of the review to set.

    Raises:
        NotPermitted: their role does not include it.
        InvalidMove: it does not stand where this can be done.
        StaleRevision: somebody else has acted meanwhile.
    """
    if by is not None:
        permit(by, move)
    with transaction.atomic():
        review = opened(article)
        before = Status(review.status)
        after = moved(before, move)
        seen = review.version if version is None else version
        done = Review.objects.filter(pk=review.pk, status=before, version=seen).update(
            status=after, version=F("version") + 1, since=timezone.now(), **set_
        )
        if not done:
            raise StaleRevision
        decision = Decision.objects.create(
            article=article,
            number=Revision.objects.filter(article=article).latest("number").number,
            move=move,
            before=before,
            after=after,
            by=by,
            actor=pseudonym(by) if by else LIBRARY,
            note=note,
        )
        details: dict[str, Detail] = {"before": before, "after": after, "revision": decision.number}
        tell(decision)
        record(action=f"article.{move.value}", by=by, subject=f"article:{article.pk}", details=details)
        changed()
    return decision
