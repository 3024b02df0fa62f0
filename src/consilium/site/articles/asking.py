"""Ask, watch the stages, cancel."""

from __future__ import annotations

import asyncio
import uuid

from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST, require_safe

from consilium.errors import QuestionError
from consilium.pipeline.scrub import scrub
from consilium.site.articles import actions, places
from consilium.site.articles.audience import remember, stated_audience
from consilium.site.articles.identifying import LONGEST, marked
from consilium.site.articles.models import Article, Run, State
from consilium.site.articles.stream import FULL, RETRY_SECONDS, stream, tailer
from consilium.site.articles.viewer import keeping, viewer_of

_LONGEST_ID = 18


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Queue a question and show its run."""
    question = request.POST.get("question", "")
    follows = viewer_of(request).article(request.POST["follows"]) if request.POST.get("follows") else None
    noticed = scrub(question[:LONGEST])
    if noticed.findings and not request.POST.get("knowing"):
        return _once_more(request, follows, looked=marked(question[:LONGEST], noticed))
    try:
        with keeping(request) as viewer:
            queued = actions.ask(
                question=question,
                by=viewer,
                audience=stated_audience(request),
                country=request.POST.get("country", "")[: places.LONGEST],
                follows=follows,
                anew=bool(request.POST.get("anew")),
            )
    except QuestionError as fault:
        return _once_more(request, follows, fault=str(fault))
    except actions.TooManyQuestions as fault:
        return too_many(request, fault)
    return places.remember(request, remember(request, redirect("run", name=queued.pk)))


def _once_more(request: HttpRequest, follows: Article | None, **why: object) -> HttpResponse:
    """The question as it was sent, and why it was not asked yet."""
    country = request.POST.get("country", "")[: places.LONGEST]
    context = {"question": request.POST.get("question", "")[:LONGEST], "country": country, **why}
    return render(request, "ask_again.html", {**context, "follows": follows}, status=400)


def too_many(request: HttpRequest, fault: actions.TooOften) -> HttpResponse:
    """The page for whoever has used up a share of the hour."""
    response = render(request, "too_many.html", {"fault": str(fault)}, status=429)
    response["Retry-After"] = str(fault.wait)
    return response


@require_safe
def run(request: HttpRequest, name: str) -> HttpResponse:
    """The stages of a run; once it is done, its article."""
    found = viewer_of(request).run(name)
    if found.state == State.DONE and found.article_id:
        return redirect("article", name=found.article_id)
    events = list(found.events.all())
    address = f"{reverse('run-events', args=[found.pk])}?after={events[-1].pk if events else 0}"
    context = {
        "run": found,
        "events": events,
        "events_address": address,
    }
    return render(request, "run.html", context, status=200 if found.state != State.FAILED else 500)


@require_POST
def cancel(request: HttpRequest, name: str) -> HttpResponse:
    """Stop a run."""
    viewer = viewer_of(request)
    actions.cancel(run=viewer.run(name), by=viewer)
    return redirect("run", name=name)


@require_GET
async def events(request: HttpRequest, name: uuid.UUID) -> HttpResponseBase:
    """The events of a run as they happen.

    ``Last-Event-ID`` (a browser that was cut off) or ``?after=`` (a page that shows some already)
    say where to go on. 204 tells a browser that nothing more will come.
    """
    since = _number(request.headers.get("Last-Event-ID", "")) or _number(request.GET.get("after", ""))

    def find() -> tuple[Run, bool]:
        try:
            run = viewer_of(request).run(name)
            return run, run.over and not run.events.filter(pk__gt=since).exists()
        finally:
            # A stream may stay open for long, and must not keep a connection of its own.
            connection.close()

    found, nothing_left = await asyncio.to_thread(find)
    if nothing_left:
        return HttpResponse(status=204)
    if status := tailer().full(found.pk):
        return HttpResponse(
            FULL, "text/plain; charset=utf-8", status, headers={"Retry-After": str(RETRY_SECONDS)}
        )
    response = StreamingHttpResponse(stream(found.pk, since), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


def _number(text: str) -> int:
    """An id of an event; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_ID else 0
