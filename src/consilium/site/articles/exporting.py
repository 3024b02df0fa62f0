"""Take an article away: as Markdown, JSON, text, or its references."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from consilium.adapters.renderings import citing
from consilium.adapters.renderings import render as rendered
from consilium.site.articles.audience import audience_of
from consilium.site.articles.models import Article
from consilium.site.articles.reading import for_readers, unless_withdrawn
from consilium.site.articles.viewer import viewer_of

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Form:
    """One form in which an article can be taken away."""

    media_type: str
    write: Callable[[Document], str]


def _references(document: Document) -> list[dict[str, Any]]:
    """What is cited; an abstention cites nothing."""
    return list(document["content"].get("references", ()))


FORMS = {
    "md": Form("text/markdown", lambda d: rendered(d, "markdown")),
    "txt": Form("text/plain", lambda d: rendered(d, "text")),
    "json": Form("application/json", lambda d: json.dumps(d, ensure_ascii=False, indent=1)),
    "ris": Form("application/x-research-info-systems", lambda d: citing.as_ris(_references(d))),
    "bib": Form("application/x-bibtex", lambda d: citing.as_bibtex(_references(d))),
    "csl.json": Form("application/vnd.citationstyles.csl+json", lambda d: citing.as_csl(_references(d))),
}


@require_safe
@unless_withdrawn
def export(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """An article in one of the forms that can be taken away."""
    found = viewer_of(request).article(name)
    return file_of(found, form, audience_of(request).value)


def file_of(article: Article, form: str, audience: str) -> HttpResponse:
    """The file of an article in a form.

    Raises:
        Http404: there is no such form.
    """
    if form not in FORMS:
        raise Http404
    chosen = FORMS[form]
    body = chosen.write(for_readers(article.current, audience))
    response = HttpResponse(body, content_type=f"{chosen.media_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="consilium-{article.pk}.{form}"'
    return response
