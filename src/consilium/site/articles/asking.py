"""Ask, watch the stages, cancel."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST, require_safe

from consilium.errors import QuestionError
from consilium.site.articles import actions
from consilium.site.articles.audience import audience_of
from consilium.site.articles.models import Run, RunEvent, State
from consilium.site.articles.viewer import viewer_of


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Queue a question and show its run."""
    viewer = viewer_of(request, keep=True)
    follows = viewer.article(request.POST["follows"]) if request.POST.get("follows") else None
    try:
        queued = actions.ask(
            question=request.POST.get("question", ""),
            by=viewer,
            audience=audience_of(request).value,
            country=request.POST.get("country", "")[:40],
            follows=follows,
            anew=bool(request.POST.get("anew")),
        )
    except QuestionError as fault:
        context = {"fault": str(fault), "question": request.POST.get("question", "")[:2000]}
        return render(request, "ask_again.html", context, status=400)
    except actions.TooManyQuestions as fault:
        response = render(request, "too_many.html", {"fault": str(fault)}, status=429)
        response["Retry-After"] = str(fault.wait)
        return response
    return redirect("run", name=queued.pk)


@require_safe
def run(request: HttpRequest, name: str) -> HttpResponse:
    """The stages of a run; once it is done, its article."""
    found = viewer_of(request).run(name)
    if found.state == State.DONE and found.article_id:
        return redirect("article", name=found.article_id)
    status = 200 if found.state != State.FAILED else 500
    return render(request, "run.html", {"run": found, "events": found.events.all()}, status=status)


@require_POST
def cancel(request: HttpRequest, name: str) -> HttpResponse:
    """Stop a run."""
    viewer = viewer_of(request)
    actions.cancel(run=viewer.run(name), by=viewer)
    return redirect("run", name=name)


@require_GET
async def events(request: HttpRequest, name: str) -> HttpResponse:
    """The events of a run as they happen; ``Last-Event-ID`` goes on where the reader was."""
    found = await asyncio.to_thread(lambda: viewer_of(request).run(name))
    since = request.headers.get("Last-Event-ID", "0")
    response = StreamingHttpResponse(
        _stream(found, int(since) if since.isdigit() else 0), content_type="text/event-stream"
    )
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


async def _stream(run: Run, since: int) -> AsyncIterator[bytes]:
    yield b"retry: 1000\n\n"
    while True:
        rows = [row async for row in RunEvent.objects.filter(run=run, pk__gt=since).order_by("pk")]
        for row in rows:
            since = row.pk
            body = {"kind": row.kind, "words": row.words}
            if row.kind == "done":
                body["to"] = reverse("run", args=[run.pk])
            yield f"id: {row.pk}\nevent: {row.kind}\ndata: {json.dumps(body)}\n\n".encode()
            if row.kind in {"done", "failed", "cancelled"}:
                return
        await asyncio.sleep(0.2)
