"""The queue: what waits for the board, by risk, then changed evidence, then age."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from consilium.domain.permission import Permission
from consilium.domain.review import TOLD, Status
from consilium.pipeline.risk import Risk, kinds_of
from consilium.site.accounts.board import SignedIn, board_member
from consilium.site.articles.models import Article
from consilium.site.audit.recording import pseudonym
from consilium.site.editorial.models import Reading, Review
from consilium.site.editorial.moves import admit
from consilium.site.editorial.standing import listed

_PAGE = 25
WAITING = (Status.SUBMITTED, Status.UNDER_REVIEW, Status.CHANGES_REQUESTED, Status.NEEDS_RE_REVIEW)


@dataclass(frozen=True, slots=True)
class Row:
    """One article in the queue.

    Attributes:
        read: how many of its statements the viewer has read, of ``all``.
    """

    review: Review
    article: Article
    status: Status
    told: str
    risks: tuple[Risk, ...]
    read: int
    all: int
    own: bool


def waiting() -> QuerySet[Review]:
    """What waits for the board, most urgent first."""
    public = Review.objects.filter(article__published__isnull=False, status__in=WAITING)
    return public.order_by("-rank", "-evidence", "since").select_related("article", "taken_by")


@board_member(Permission.REVIEW)
@require_safe
def queue(request: SignedIn) -> HttpResponse:
    """The queue of the board, and what it has done."""
    admit()
    chosen = request.GET.get("status", "")
    rows = waiting()
    if chosen in set(Status):
        rows = (
            Review.objects.filter(Q(article__published__isnull=False) & Q(status=chosen))
            .order_by("-rank", "-evidence", "since")
            .select_related("article", "taken_by")
        )
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    viewer = request.user
    actor = pseudonym(viewer)
    context = {
        "page_of": page,
        "rows": [_row(review, viewer.pk, actor) for review in page],
        "chosen": chosen,
        "statuses": [(status.value, TOLD[status]) for status in Status],
    }
    return render(request, "board/queue.html", context)


def _row(review: Review, viewer: int, actor: str) -> Row:
    article = review.article
    revision = article.current
    claims = revision.document["content"]["claims"]
    status = listed(article)
    return Row(
        review=review,
        article=article,
        status=status,
        told=TOLD[status],
        risks=kinds_of(revision.document["content"]),
        read=Reading.objects.filter(revision=revision, actor=actor, stale=False).count(),
        all=len(claims),
        own=article.owner_id == viewer,
    )
