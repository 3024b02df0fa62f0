"""The events of runs, as they happen, to everybody who watches.

One tailer a process reads the table of events, ten times a second and only while somebody listens,
and hands each row to the streams of its run. So 200 open pages cost one query, not 200.

What a stream sends (server-sent events), for each row of ``RunEvent``:

``event: stage``
    A list item as HTML, ready to be appended: ``<li class="stage" data-kind="retrieve">…</li>``,
    with ``<b>`` around the name of the stage. For pages that have no script of their own.
``event: <kind>``
    The same as JSON, ``{"kind": …, "words": …}``. The kinds are those of the pipeline (``plan``,
    ``retrieve``, ``appraise``, ``assemble``; with a language model also ``select``, ``write``, ``claim`` for
    each that was verified, ``verify``), ``queued``, ``resumed`` (another worker took the run
    over), and at the end one of ``done``, ``failed``, ``cancelled``, with ``"to"``: the address to
    go to. It comes last and carries the row's id, with which a browser that was cut off goes on.

With htmx and its SSE extension, nothing else is needed::

    <div hx-ext="sse" sse-connect="{{ events_address }}" sse-close="done">
      <ol sse-swap="stage" hx-swap="beforeend"></ol>
      <div hx-trigger="sse:done" hx-get="{% url 'run' run.pk %}" hx-target="body"
           hx-push-url="true"></div>
    </div>

``events_address`` ends in ``?after=`` and the last row that the page shows already.
"""

from __future__ import annotations

import asyncio
import json
import logging
import uuid
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from typing import NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import Error, connections
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from consilium.site.articles.models import Run, RunEvent, State

log = logging.getLogger("consilium.stream")
T = TypeVar("T")
RETRY_SECONDS = 10
FULL = "Too many pages follow questions just now. Close those that you do not need, or try again in a few seconds."
LAST = frozenset({"done", "failed", "cancelled"})
NAMES = {
    "queued": "Waiting",
    "resumed": "Begun again",
    "plan": "Reading the question",
    "retrieve": "Searching",
    "appraise": "Appraising",
    "select": "Choosing evidence",
    "write": "Writing",
    "claim": "Checked",
    "verify": "Each claim checked",
    "assemble": "Putting together",
    "done": "Done",
    "failed": "Not answered",
    "cancelled": "Cancelled",
}
BEAT = 15.0
_PERIOD, _AWAY = 0.1, 1.0
# Another transaction may commit a row with a smaller id a moment later (PostgreSQL numbers rows
# before they are committed), so a little of what was read is read again.
_OVERLAP_READS, _OVERLAP_ROWS = 20, 200


class Row(NamedTuple):
    """One row of the table of events."""

    id: int
    run: uuid.UUID
    kind: str
    words: str


Queue = asyncio.Queue[Row]


def fragment(kind: str, words: str, to: str = "") -> SafeString:
    """An event as a list item, on one line."""
    said = " ".join(words.split())
    told = (
        format_html('<a href="{}">{}</a>', to, said or "Read the answer") if to and kind == "done" else said
    )
    name = NAMES.get(kind, kind.replace("-", " ").capitalize())
    return format_html('<li class="stage" data-kind="{}"><b>{}</b> <span>{}</span></li>', kind, name, told)


def encoded(row: Row) -> bytes:
    """One event in both of its forms."""
    body = {"kind": row.kind, "words": row.words}
    to = reverse("run", args=[row.run]) if row.kind in LAST else ""
    if to:
        body["to"] = to
    shown = fragment(row.kind, row.words, to)
    return f"event: stage\ndata: {shown}\n\nid: {row.id}\nevent: {row.kind}\ndata: {json.dumps(body)}\n\n".encode()


def _rows(**conditions: object) -> list[Row]:
    found = RunEvent.objects.filter(**conditions).order_by("pk").values_list("pk", "run_id", "kind", "words")
    return [Row(*values) for values in found]


class Tailer:
    """Reads the table for all streams of one event loop."""

    def __init__(self) -> None:
        self._queues: dict[uuid.UUID, set[Queue]] = {}
        self._thread: ThreadPoolExecutor | None = None
        self._task: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._seen: set[int] = set()
        self._floors: list[int] = []

    def full(self, run: uuid.UUID) -> int | None:
        """The status with which one more stream of a run is refused; None where there is room."""
        if len(self._queues.get(run, ())) >= settings.STREAMS_PER_RUN:
            return 429
        return 503 if sum(map(len, self._queues.values())) >= settings.STREAMS else None

    @asynccontextmanager
    async def listen(self, run: uuid.UUID) -> AsyncIterator[Queue]:
        """A queue that gets every row of ``run`` that is written inside; with the last one the tailer rests."""
        queue: Queue = asyncio.Queue()
        self._queues.setdefault(run, set()).add(queue)
        try:
            if self._task is None or self._task.done():
                self._thread = ThreadPoolExecutor(1, "run-events")
                self._ready = asyncio.Event()
                self._task = asyncio.create_task(self._tail(self._thread, self._ready))
            await self._ready.wait()
            yield queue
        finally:
            self._leave(run, queue)

    def _leave(self, run: uuid.UUID, queue: Queue) -> None:
        queues = self._queues.get(run, set())
        queues.discard(queue)
        if not queues:
            self._queues.pop(run, None)
        if not self._queues and self._task is not None:
            self._task.cancel()
            self._task = None

    async def read(self, act: Callable[[], T]) -> T:
        """Ask the database in the tailer's thread, over its one connection."""
        if self._thread is None:
            raise RuntimeError("Listen first; the tailer rests.")
        return await asyncio.get_running_loop().run_in_executor(self._thread, _asked, act)

    async def _tail(self, thread: ThreadPoolExecutor, ready: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        pause, first = 0.0, True
        try:
            while True:
                await asyncio.sleep(pause)
                try:
                    news = await loop.run_in_executor(thread, _asked, self._begin if first else self._news)
                except Error as fault:
                    log.warning("the database does not answer (%s); the streams wait", type(fault).__name__)
                    pause = _AWAY
                    continue
                finally:
                    ready.set()
                pause, first = _PERIOD, False
                for row in news:
                    for queue in self._queues.get(row.run, ()):
                        queue.put_nowait(row)
        finally:
            ready.set()
            thread.submit(connections.close_all)
            thread.shutdown(wait=False)

    def _begin(self) -> list[Row]:
        newest = RunEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        self._floors = [max(0, newest - _OVERLAP_ROWS)]
        self._seen = set(RunEvent.objects.filter(pk__gt=self._floors[0]).values_list("pk", flat=True))
        return []

    def _news(self) -> list[Row]:
        """What is in the table and was not handed out yet, for runs that somebody watches."""
        ids = dict(RunEvent.objects.filter(pk__gt=self._floors[0]).values_list("pk", "run_id"))
        wanted = [pk for pk, run in ids.items() if pk not in self._seen and run in self._queues]
        self._floors = [*self._floors[-_OVERLAP_READS:], max(ids, default=self._floors[-1])]
        self._seen = set(ids)
        return _rows(pk__in=wanted) if wanted else []


def _asked(act: Callable[[], T]) -> T:
    try:
        return act()
    except Error:
        connections.close_all()
        raise


_TAILERS: WeakKeyDictionary[asyncio.AbstractEventLoop, Tailer] = WeakKeyDictionary()


def tailer() -> Tailer:
    """The one of this event loop."""
    return _TAILERS.setdefault(asyncio.get_running_loop(), Tailer())


async def stream(run: uuid.UUID, since: int, beat: float = BEAT) -> AsyncIterator[bytes]:
    """The events of a run after row ``since``, until it is over or the reader goes.

    Every ``beat`` seconds in which nothing happened, a comment keeps the line open and the table
    is read once more: whatever a pause of the database swallowed is made up for then.
    """
    tail = tailer()
    if tail.full(run):
        # It was not when the request came; the browser tries again later.
        yield f"retry: {1000 * RETRY_SECONDS}\n\n".encode()
        return
    try:
        async with tail.listen(run) as queue:
            yield b"retry: 1000\n\n"
            rows = await tail.read(partial(_rows, run=run, pk__gt=since))
            while True:
                for row in (r for r in rows if r.id > since):
                    since = row.id
                    yield encoded(row)
                    if row.kind in LAST:
                        return
                try:
                    rows = [await asyncio.wait_for(queue.get(), beat)]
                except TimeoutError:
                    yield b": still here\n\n"
                    rows, over = await tail.read(partial(_missed, run, since))
                    if over and not rows:
                        return
    except Error:
        # The browser connects again by itself and goes on where it was.
        return


def _missed(run: uuid.UUID, since: int) -> tuple[list[Row], bool]:
    """What is in the table after ``since``, and whether nothing more will come.

    In this order: a run that ends between the two questions has told its end when rows are read.
    """
    over = not Run.objects.filter(pk=run, state__in=[State.QUEUED, State.RUNNING]).exists()
    return _rows(run=run, pk__gt=since), over
