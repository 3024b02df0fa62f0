"""Publish an article of one's own, and make it private again."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from consilium.site.api import shapes
from consilium.site.api.asking import run_shape
from consilium.site.api.callers import described, only, problems, viewer_in
from consilium.site.api.tokens import Scope
from consilium.site.articles import publishing
from consilium.site.articles.models import Article

router = Router(tags=["Publishing"])


@router.post(
    "/articles/{uuid:article_id}/publish",
    response={200: shapes.Published, 202: shapes.Run},
    url_name="api-publish",
    operation_id="publish",
    summary="Publish an article",
    **described(only(Scope.PUBLISH), problems(400, 404, 409, 422, 429)),
)
def publish(request: HttpRequest, article_id: shapes.ArticleId, confirmed: shapes.Confirmed) -> Any:
    """Make an article of yours public, under a question that a person has looked at.

    Send the question as it may be public. Where it is not the article's own, it is asked anew: the
    run is given, and its answer is public as soon as it is there.
    """
    viewer = viewer_in(request)
    run = publishing.publish(article=viewer.article(article_id), by=viewer, question=confirmed.question)
    return Status(202, run_shape(run)) if run else _published(viewer.article(article_id))


@router.post(
    "/articles/{uuid:article_id}/unpublish",
    response=shapes.Published,
    url_name="api-unpublish",
    operation_id="unpublish",
    summary="Make an article private again",
    **described(only(Scope.PUBLISH), problems(404)),
)
def unpublish(request: HttpRequest, article_id: shapes.ArticleId) -> shapes.Published:
    """Make an article of yours private, and with it your own follow-ups to it."""
    viewer = viewer_in(request)
    publishing.unpublish(article=viewer.article(article_id), by=viewer)
    return _published(viewer.article(article_id))


def _published(article: Article) -> shapes.Published:
    return shapes.Published(id=article.pk, published=article.published)
