"""The page on which an asker looks at a question before everybody can read it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from consilium.errors import QuestionError
from consilium.pipeline.scrub import scrub
from consilium.site.articles import publishing
from consilium.site.articles.actions import TooManyQuestions
from consilium.site.articles.asking import too_many
from consilium.site.articles.identifying import LONGEST, marked
from consilium.site.articles.models import Article
from consilium.site.articles.viewer import Viewer, viewer_of

CONFIRM = "Say that you have read the question and that it names nobody."


def own(viewer: Viewer, name: uuid.UUID) -> Article:
    """An article of the viewer's own.

    Raises:
        Http404: there is none, or it is somebody else's.
    """
    found = viewer.article(name)
    if not viewer.owns(found):
        raise Http404
    return found


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, name: uuid.UUID) -> HttpResponse:
    """Show what the scrubber finds and how the question would read; publish once it is confirmed."""
    viewer = viewer_of(request)
    article = own(viewer, name)
    question = request.POST.get("question", scrub(article.question).text)[:LONGEST]
    if "question" not in request.POST or "look" in request.POST:
        return _page(request, article, question)
    try:
        if not request.POST.get("confirmed"):
            raise publishing.NotPublishable(CONFIRM)  # noqa: TRY301 - shown like the other reasons
        run = publishing.publish(article=article, by=viewer, question=question)
    except (publishing.NotPublishable, publishing.Identifies, QuestionError) as fault:
        return _page(request, article, question, str(fault))
    except TooManyQuestions as fault:
        return too_many(request, fault)
    if run is None:
        messages.success(request, "This answer is public now.")
    return redirect("run", name=run.pk) if run else redirect("article", name=article.pk)


@require_POST
def unpublish(request: HttpRequest, name: uuid.UUID) -> HttpResponse:
    """Make an answer private again."""
    viewer = viewer_of(request)
    article = own(viewer, name)
    taken = publishing.unpublish(article=article, by=viewer)
    more = f" So are {taken - 1} of your follow-ups." if taken > 1 else ""
    messages.success(request, f"This answer is private again.{more}")
    return redirect("article", name=article.pk)


def _page(request: HttpRequest, article: Article, question: str, fault: str = "") -> HttpResponse:
    found = scrub(article.question)
    context = {
        "article": article,
        "hindrance": publishing.hindrance(article),
        "marked": marked(article.question, found),
        "findings": found.findings,
        "question": question,
        "changed": " ".join(question.split()) != article.question,
        "left": scrub(question).findings,
        "fault": fault,
    }
    return render(request, "me/publish.html", context, status=400 if fault else 200)
