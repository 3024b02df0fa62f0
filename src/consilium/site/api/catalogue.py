"""The published articles, and one article as the contract has it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.http import HttpResponse
from django.urls import reverse

from consilium.site.api import shapes
from consilium.site.articles.exporting import FORMS
from consilium.site.articles.models import Article, Revision
from consilium.site.articles.reading import for_readers
from consilium.site.articles.searching import wanted
from consilium.site.articles.viewer import public

CONTRACT = {
    "description": "The article, as in the article contract",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Article"}}},
}
_SIZE, _MOST_WORDS = 20, 12


def document_response(article: Article, audience: str) -> HttpResponse:
    """The article contract's object, worded for an audience."""
    body = json.dumps(for_readers(article.current, audience), ensure_ascii=False)
    return HttpResponse(body, content_type="application/json")


def published(words: str, topic: str) -> QuerySet[Article]:
    """Published articles that are about every word, on a topic; the newest first."""
    found = _about(_published(), words)
    if topic:
        found = found.filter(
            pk__in=[pk for pk, topics in found.values_list("pk", "topics") if topic in topics]
        )
    return found.order_by("-published", "pk")


def searched(words: str) -> QuerySet[Article]:
    """Published articles that are about every word, or say it; those about it first."""
    parts = _split(words)
    if not parts:
        return Article.objects.none()
    asked = Q(pk__in=[article.pk for article in wanted(words).among(_published())])
    said = Q(revisions__pk=F("newest"))
    for word in parts:
        said &= Q(question__icontains=word) | Q(revisions__document__content__icontains=word)
    rank = Case(When(asked, then=Value(0)), default=Value(1), output_field=IntegerField())
    return (
        _published()
        .filter(Q(revisions__pk=F("newest")) & (asked | said))
        .annotate(rank=rank)
        .order_by("rank", "-published", "pk")
    )


def _about(found: QuerySet[Article], words: str) -> QuerySet[Article]:
    """Those of ``found`` that are about every word."""
    if not _split(words):
        return found
    return found.filter(pk__in=[article.pk for article in wanted(words).among(found)])


def _published() -> QuerySet[Article]:
    newest = Revision.objects.filter(article=OuterRef("pk")).order_by("-number")
    return public().annotate(
        newest=Subquery(newest.values("pk")[:1]),
        kind=Subquery(newest.values("kind")[:1]),
        revised=Subquery(newest.values("created")[:1]),
    )


def _split(words: str) -> list[str]:
    return words.replace("\0", " ").split()[:_MOST_WORDS]


def page_of(found: QuerySet[Article], number: int) -> shapes.Page:
    """One page; past the last one it is empty."""
    paginator = Paginator(found, _SIZE)
    rows: Iterable[Any] = paginator.page(number).object_list if number <= paginator.num_pages else ()
    return shapes.Page(
        items=[_row(a) for a in rows], page=number, pages=paginator.num_pages, total=paginator.count
    )


def _row(article: Any) -> shapes.Row:
    exports = {form: reverse("api-1:api-export", args=[article.pk, form]) for form in FORMS}
    links = shapes.ArticleLinks(
        self=reverse("api-1:api-article", args=[article.pk]),
        page=reverse("article", args=[article.pk]),
        exports=exports,
    )
    return shapes.Row(
        id=article.pk,
        kind=article.kind,
        question=article.question,
        topics=article.topics,
        published=article.published,
        revised=article.revised,
        links=links,
    )
