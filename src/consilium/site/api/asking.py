"""Ask, follow a run, cancel it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from ninja import Router

from consilium.pipeline.asker import presumed
from consilium.pipeline.scrub import scrub
from consilium.site.api import shapes
from consilium.site.api.callers import described, only, problems, viewer_in
from consilium.site.api.catalogue import CONTRACT, document_response
from consilium.site.api.problems import Problem, problem
from consilium.site.api.tokens import Scope
from consilium.site.articles import actions
from consilium.site.articles.audience import asked_for
from consilium.site.articles.models import Run, State
from consilium.site.articles.stream import FULL, RETRY_SECONDS, stream, tailer

router = Router(tags=["Asking"])
_PAUSE = 0.1
_LONGEST_ID = 19
IDENTIFIES = (
    "The question may point to a person; what was noticed is in “found”. Ask without it, or send "
    "“knowing”: true to ask it as it stands."
)
_BOTH = only(Scope.ASK, Scope.READ)


@router.post(
    "/ask",
    response={202: shapes.Run},
    url_name="api-ask",
    operation_id="ask",
    summary="Ask a question",
    **described(only(Scope.ASK), problems(400, 404, 409, 422, 429), {200: CONTRACT}),
)
def ask(request: HttpRequest, asked: shapes.Asked, wait: shapes.Seconds = 0) -> Any:
    """Queue a question and give its run.

    Where the question seems to name or point to a person, nothing is asked: the 409 lists in `found` what was
    noticed. Show that to whoever asks; `knowing` asks it as it stands.

    With `wait`, wait that many seconds: if the article is done by then, give the article itself,
    worded for the audience, its address in the header `Content-Location`.
    """
    viewer = viewer_in(request)
    if not asked.knowing and (noticed := scrub(asked.question).findings):
        found = [{"kind": f.kind.value, "words": f.words, "start": f.start, "end": f.end} for f in noticed]
        return problem(409, IDENTIFIES, found=found)
    run = actions.ask(
        question=asked.question,
        by=viewer,
        audience=(asked.audience or presumed(asked.question)).value,
        country=asked.country,
        follows=viewer.article(asked.follows) if asked.follows else None,
        anew=asked.anew,
    )
    until = time.monotonic() + wait
    while not run.over and time.monotonic() < until:
        pause()
        run.refresh_from_db()
    if run.state == State.DONE and run.article is not None and wait:
        response = document_response(run.article, run.audience)
        response["Content-Location"] = reverse("api-1:api-article", args=[run.article.pk])
        return response
    accepted = HttpResponse(status=202, content_type="application/json")
    accepted.content = run_shape(run).model_dump_json()
    accepted["Location"] = reverse("api-1:api-run", args=[run.pk])
    return accepted


def pause() -> None:
    """Give the workers time."""
    time.sleep(_PAUSE)


@router.get(
    "/runs/{uuid:run_id}",
    response=shapes.Run,
    url_name="api-run",
    operation_id="run",
    summary="Where a run stands",
    **described(_BOTH, problems(404)),
)
def run(request: HttpRequest, run_id: shapes.RunId) -> shapes.Run:
    """The state of a run of yours, and its article once it is done."""
    return run_shape(viewer_in(request).run(run_id))


@router.post(
    "/runs/{uuid:run_id}/cancel",
    response=shapes.Run,
    url_name="api-run-cancel",
    operation_id="cancel",
    summary="Cancel a run",
    **described(only(Scope.ASK), problems(404)),
)
def cancel(request: HttpRequest, run_id: shapes.RunId) -> shapes.Run:
    """Stop a run of yours: at once if nobody works on it, else at its next stage."""
    viewer = viewer_in(request)
    actions.cancel(run=viewer.run(run_id), by=viewer)
    return run_shape(viewer.run(run_id))


_STREAM = {
    "description": "Events, until the run is over",
    "content": {"text/event-stream": {"schema": {"type": "string"}}},
}


@router.get(
    "/runs/{uuid:run_id}/events",
    url_name="api-run-events",
    operation_id="events",
    summary="The stages of a run as they happen",
    **described(
        _BOTH,
        problems(404, 429, 503),
        {200: _STREAM, 204: {"description": "The run is over and all was told"}},
    ),
)
async def events(request: HttpRequest, run_id: shapes.RunId) -> HttpResponseBase:
    """Server-sent events. The header `Last-Event-ID` goes on where a reader was; 204 where nothing more will come."""
    told = request.headers.get("Last-Event-ID", "")
    since = int(told) if told.isascii() and told.isdigit() and len(told) < _LONGEST_ID else 0
    if await sync_to_async(_told_all)(viewer_in(request).run, run_id, since):
        return HttpResponse(status=204)
    if status := tailer().full(run_id):
        raise Problem(status, FULL, Retry_After=str(RETRY_SECONDS))
    response = StreamingHttpResponse(stream(run_id, since), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


def _told_all(find: Callable[[UUID], Run], name: UUID, since: int) -> bool:
    found = find(name)
    return found.over and not found.events.filter(pk__gt=since).exists()


def run_shape(row: Run) -> shapes.Run:
    """A run as it is told."""
    at = {name: reverse(f"api-1:api-{name}", args=[row.pk]) for name in ("run", "run-events", "run-cancel")}
    article = reverse("api-1:api-article", args=[row.article_id]) if row.article_id else None
    return shapes.Run(
        id=row.pk,
        state=row.state,
        question=row.question,
        audience=asked_for(row.audience),
        country=row.country,
        follows=row.follows_id,
        created=row.created,
        finished=row.finished,
        article=row.article_id,
        fault=row.fault or None,
        links=shapes.RunLinks(
            self=at["run"], events=at["run-events"], cancel=at["run-cancel"], article=article
        ),
    )
