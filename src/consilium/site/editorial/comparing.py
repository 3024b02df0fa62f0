"""Two revisions of an article beside each other, statement by statement."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from consilium.domain.permission import Permission
from consilium.pipeline.revising.compare import Difference, compare
from consilium.site.accounts.board import board_member
from consilium.site.articles.reading import worded
from consilium.site.editorial.desk import public_article

_AUDIENCES = ("clinician", "student", "patient")


@board_member(Permission.REVIEW)
@require_safe
def comparison(request: HttpRequest, name: UUID, old: int, new: int) -> HttpResponse:
    """What differs between two revisions, for readers of every kind."""
    article = public_article(name)
    before, after = (get_object_or_404(article.revisions, number=number) for number in (old, new))
    found: dict[Difference, list[str]] = {}
    for audience in _AUDIENCES:
        for difference in compare(worded(before, audience), worded(after, audience)):
            found.setdefault(difference, []).append(audience)
    rows = [
        (difference, "" if len(who) == len(_AUDIENCES) else ", ".join(who))
        for difference, who in found.items()
    ]
    context = {"article": article, "old": before, "new": after, "rows": rows}
    return render(request, "board/compare.html", context)
