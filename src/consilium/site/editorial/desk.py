"""One article on the desk: where it stands, its statements, what was decided, what can be done."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from consilium.adapters.renderings.parts import Statement
from consilium.adapters.renderings.wording import statement
from consilium.domain.permission import Permission
from consilium.domain.review import MOVES, NEEDS, TOLD, Move, Status
from consilium.errors import EditorialError
from consilium.pipeline.risk import Risk, risks_of
from consilium.site.accounts.board import SignedIn, board_member
from consilium.site.accounts.models import User
from consilium.site.accounts.roles import may
from consilium.site.articles.models import Article, Revision
from consilium.site.articles.reading import worded
from consilium.site.audit.recording import pseudonym
from consilium.site.editorial import moves, readings
from consilium.site.editorial.models import Reading
from consilium.site.editorial.standing import standing_of


@dataclass(frozen=True, slots=True)
class Line:
    """One statement in the list of the desk.

    Attributes:
        own: the viewer's reading, or None.
        others: the readings of others; empty while the viewer must not see them.
        hidden: whether there are such that the viewer must not see yet.
    """

    claim: str
    stated: Statement
    risks: tuple[Risk, ...]
    own: Reading | None
    others: tuple[Reading, ...]
    hidden: bool
    reports: int


def public_article(name: UUID) -> Article:
    """An article that the board may work on: one that is public.

    Raises:
        Http404: there is none.
    """
    found = Article.objects.filter(pk=name, published__isnull=False).select_related("owner").first()
    if found is None or found.current.kind != "article":
        raise Http404
    return found


def number_in(form: QueryDict, name: str) -> int:
    """A number that a form of the board carries along.

    Raises:
        Http404: it carries none.
    """
    words = form.get(name, "")
    if not re.fullmatch(r"[0-9]{1,9}", words):
        raise Http404
    return int(words)


def lines(revision: Revision, viewer: User) -> list[Line]:
    """Every statement of a revision with its readings, as far as a viewer may see them."""
    document = worded(revision, "clinician")
    actor = pseudonym(viewer)
    rows = list(Reading.objects.filter(revision=revision).select_related("by__board_member"))
    reported = Counter(revision.article.reports.values_list("claim", flat=True))
    risks = risks_of(document["content"])
    found = []
    for claim in readings.ordered(document["content"]):
        own = next((r for r in rows if r.claim == claim and r.actor == actor), None)
        others = tuple(r for r in rows if r.claim == claim and r.actor != actor)
        # Of a claim of high risk the second reader forms a judgement of their own first.
        blind = bool(risks[claim]) and (own is None or own.stale)
        stated = statement(document, claim, claim)
        found.append(
            Line(
                claim,
                stated,
                risks[claim],
                own,
                () if blind else others,
                blind and bool(others),
                reported[claim],
            )
        )
    return found


def unread(listed: Sequence[Line]) -> list[str]:
    """The statements of which the viewer's verdict is still wanted, in their order."""
    return [line.claim for line in listed if line.own is None or line.own.stale]


@board_member(Permission.REVIEW)
@require_safe
def desk(request: SignedIn, name: UUID) -> HttpResponse:
    """The whole of an article's review."""
    article = public_article(name)
    return render(request, "board/desk.html", context_of(article, request.user))


def context_of(article: Article, viewer: User) -> dict[str, Any]:
    """What the page of the desk shows."""
    revision = article.current
    review = moves.opened(article)
    standing = standing_of(article, revision)
    listed = lines(revision, viewer)
    own = article.owner_id == viewer.pk
    return {
        "article": article,
        "revision": revision,
        "review": review,
        "standing": standing,
        "told": TOLD[standing.status],
        "lines": listed,
        "left": unread(listed),
        "own": own,
        "wrote": viewer.pk in moves.authors(article),
        "hindrances": readings.hindrances(revision, viewer),
        "can": {
            move.value: (Status(review.status), move) in MOVES
            and (needed is None or may(viewer, needed))
            and not (own and move in {Move.TAKE, Move.REQUEST_CHANGES, Move.APPROVE})
            for move, needed in NEEDS.items()
            if move is not Move.EVIDENCE_CHANGED
        },
        "decisions": article.decisions.select_related("by__board_member").order_by("-id"),
        "revisions": article.revisions.select_related("edit__by__board_member").order_by("-number"),
        "reports": article.reports.all()[:20],
        "corrections": article.corrections.all(),
    }


@board_member(Permission.REVIEW)
@require_POST
def act(request: SignedIn, name: UUID, move: str) -> HttpResponse:
    """Make a move from a form."""
    article = public_article(name)
    words = request.POST.get("words", "")[:4000]
    by = request.user
    acts: dict[str, Callable[[], object]] = {
        Move.TAKE: lambda: moves.take(article=article, by=by),
        Move.RELEASE: lambda: moves.release(article=article, by=by),
        Move.REQUEST_CHANGES: lambda: moves.request_changes(article=article, by=by, note=words),
        Move.WITHDRAW: lambda: moves.withdraw(article=article, by=by, why=words),
        Move.RESTORE: lambda: moves.restore(article=article, by=by, note=words),
    }
    if move not in acts:
        raise Http404
    try:
        acts[move]()
    except EditorialError as refused:
        messages.error(request, str(refused))
        return render(
            request, "board/desk.html", {**context_of(article, by), "words": words, "asked": move}, status=409
        )
    messages.success(request, _SAID[Move(move)])
    if move == Move.TAKE and (left := unread(lines(article.current, by))):
        return redirect("board-claim", name=name, claim=left[0])
    return redirect("board-article", name=name)


_SAID = {
    Move.TAKE: "You have taken this article. Read it statement by statement.",
    Move.RELEASE: "It is back in the queue.",
    Move.REQUEST_CHANGES: "It is sent back for changes.",
    Move.WITHDRAW: "It is withdrawn; readers see the reason in its place.",
    Move.RESTORE: "It is before readers again, to be reviewed.",
}
