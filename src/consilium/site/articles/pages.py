"""The home page, the pages that stand still, and whether the site is well."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from consilium.site.articles.models import Article
from consilium.site.articles.reading import review_of
from consilium.site.articles.viewer import public, viewer_of

EXAMPLES = (
    "What are the upper motor neuron (UMN) signs associated with back pain?",
    "Suspected cauda equina syndrome: which MRI?",
    "Croup: does dexamethasone help?",
)
_RECENT = 6


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """One question box; what was published lately; what the viewer asked."""
    viewer = viewer_of(request)
    lately = public().filter(review__status="approved").order_by("-review__since")[:_RECENT]
    context = {
        "examples": EXAMPLES,
        # Words that were changed since without a decision are approved by nobody.
        "approved": [a for a in lately if (review_of(a.current) or {}).get("status") == "approved"],
        "published": public()[:_RECENT],
        "mine": Article.objects.filter(viewer.mine())[:_RECENT],
    }
    return render(request, "home.html", context)


@require_safe
def page(request: HttpRequest, name: str) -> HttpResponse:
    """A page that stands still: policy, disclaimer, accessibility, about."""
    return render(request, f"pages/{name}.html")


@require_safe
def healthy(_: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@require_safe
def ready(_: HttpRequest) -> HttpResponse:
    """The database answers as well."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
