"""Take an article away: as Markdown, JSON, text, or its references."""

from __future__ import annotations

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from consilium.adapters.renderings import render as rendered
from consilium.site.articles.audience import audience_of
from consilium.site.articles.reading import document_of
from consilium.site.articles.viewer import viewer_of

_FORMS = {"md": ("markdown", "text/markdown"), "txt": ("text", "text/plain"), "json": ("json", "application/json")}


@require_safe
def export(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """An article in one of the forms that can be taken away."""
    found = viewer_of(request).article(name)
    document = document_of(found.current, audience_of(request).value)
    if form not in _FORMS:
        raise Http404
    kind, mime = _FORMS[form]
    body = json.dumps(document, ensure_ascii=False, indent=1) if kind == "json" else rendered(document, kind)
    response = HttpResponse(body, content_type=f"{mime}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="consilium-{found.pk}.{form}"'
    return response
