"""Read articles, sources and exports."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router

from consilium.domain.question import Audience
from consilium.site.api import shapes
from consilium.site.api.callers import described, problems, readers, viewer_in
from consilium.site.api.catalogue import CONTRACT, document_response, page_of, published, searched
from consilium.site.api.tokens import Scope
from consilium.site.articles import knowledge
from consilium.site.articles.exporting import FORMS, file_of

router = Router(tags=["Reading"])
_FILE = {"description": "A file", "content": {f.media_type: {"schema": {}} for f in FORMS.values()}}


@router.get(
    "/articles",
    response=shapes.Page,
    url_name="api-articles",
    operation_id="articles",
    summary="The published articles",
    **described(readers(Scope.READ), problems(422)),
)
def articles(
    request: HttpRequest,  # noqa: ARG001 - the framework's name
    q: shapes.Words = "",
    topic: shapes.Topic = "",
    page: shapes.Number = 1,
) -> shapes.Page:
    """The newest first. `q`: what the question is about. `topic`: one topic of the plan."""
    return page_of(published(q, topic), page)


@router.get(
    "/articles/{uuid:article_id}",
    url_name="api-article",
    operation_id="article",
    summary="An article",
    **described(readers(Scope.READ), problems(404, 422), {200: CONTRACT}),
)
def article(
    request: HttpRequest, article_id: shapes.ArticleId, audience: shapes.For = Audience.CLINICIAN
) -> HttpResponse:
    """The object of the article contract, worded for an audience."""
    return document_response(viewer_in(request).article(article_id), audience.value)


@router.get(
    "/articles/{uuid:article_id}/article.{str:form}",
    url_name="api-export",
    operation_id="export",
    summary="An article as a file",
    **described(readers(Scope.READ), problems(404, 422), {200: _FILE}),
)
def export(
    request: HttpRequest,
    article_id: shapes.ArticleId,
    form: shapes.Form,
    audience: shapes.For = Audience.CLINICIAN,
) -> HttpResponse:
    """`form`: md, txt, json, ris, bib or csl.json."""
    return file_of(viewer_in(request).article(article_id), form, audience.value)


@router.get(
    "/sources/{str:source_id}",
    response=shapes.Source,
    url_name="api-source",
    operation_id="source",
    summary="A source",
    **described(readers(Scope.READ), problems(404)),
)
def source(request: HttpRequest, source_id: shapes.SourceId) -> shapes.Source:
    """What it is, where it stands, what it says, and which articles cite it."""
    library = knowledge.world().library
    work = library.source(source_id)
    if work is None:
        raise Http404
    plain = {name: getattr(work, name) for name in shapes.Source.model_fields if hasattr(work, name)}
    citing = [
        a.pk
        for a in viewer_in(request).articles().order_by("-created")[:200]
        if any(r["source"] == source_id for r in a.current.document["content"].get("references", ()))
    ]
    more: dict[str, Any] = {
        "kind": work.kind.value,
        "status": work.status.value,
        "status_basis": "checked" if work.status_checked else "assumed",
        "organisation": list(work.organisation),
        "sentences": [_sentence(s) for s in library.sentences(source_id)],
        "cited_by": citing,
    }
    return shapes.Source(**{**plain, **more})


def _sentence(sentence: Any) -> shapes.Sentence:
    return shapes.Sentence(**{name: getattr(sentence, name) for name in shapes.Sentence.model_fields})


@router.get(
    "/search",
    response=shapes.Page,
    url_name="api-search",
    operation_id="search",
    summary="Search the published articles",
    **described(readers(Scope.READ), problems(422)),
)
def search(
    request: HttpRequest,  # noqa: ARG001 - the framework's name
    q: shapes.SomeWords,
    page: shapes.Number = 1,
) -> shapes.Page:
    """Articles that are about it, or that have every word in the content; those about it first."""
    return page_of(searched(q), page)
