"""The events of runs, as a browser hears them. Threads and an event loop: sockets are needed."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from contextlib import aclosing

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import AsyncClient

from consilium.site.articles import actions, lease, stream, worker
from consilium.site.articles.models import Run, RunEvent, State
from consilium.site.articles.viewer import Viewer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.enable_socket]
ME = Viewer(None, "me")
CROUP = "Does dexamethasone help in croup?"


@pytest.fixture(autouse=True)
def nothing_left_open(transactional_db):
    """The thread in which Django works for asynchronous callers keeps a connection; close it."""
    yield
    asyncio.run(sync_to_async(connections.close_all)())


@pytest.fixture
def run(db) -> Run:
    return actions.ask(question=CROUP, by=ME)


async def _in_thread(act, *values):
    """As another process would: over a connection of its own, closed at once."""

    def call():
        from django.db import connection

        try:
            return act(*values)
        finally:
            connection.close()

    return await asyncio.to_thread(call)


def _work() -> None:
    claimed = worker.claim("test")
    assert claimed is not None
    worker.work_on(claimed)


def _read(blocks: list[bytes]) -> list[dict[str, str]]:
    """What ``EventSource`` makes of the bytes."""
    events = []
    for block in b"".join(blocks).decode().split("\n\n"):
        lines = [line.split(": ", 1) for line in block.splitlines() if line and not line.startswith(":")]
        if lines:
            events.append(dict(lines))
    return events


async def _all(run: Run, since: int = 0, **more) -> list[bytes]:
    async with aclosing(stream.stream(run.pk, since, **more)) as heard:
        return [block async for block in heard]


def _told(blocks: list[bytes]) -> list[dict[str, str]]:
    return [json.loads(e["data"]) for e in _read(blocks) if "event" in e and e["event"] != "stage"]


def test_a_stream_tells_each_stage_as_it_happens_and_ends_with_the_address(run):
    async def watch():
        listening = asyncio.create_task(_all(run))
        await asyncio.sleep(0.3)
        await _in_thread(_work)
        return await asyncio.wait_for(listening, 10)

    told = _told(asyncio.run(watch()))
    assert [t["kind"] for t in told] == ["queued", "plan", "retrieve", "appraise", "assemble", "done"]
    assert told[-1]["to"] == f"/runs/{run.pk}/"


def test_a_reader_who_was_cut_off_goes_on_where_it_was(run):
    _work()
    whole = _read(asyncio.run(_all(run)))
    numbers = [int(e["id"]) for e in whole if "id" in e]
    assert numbers == sorted(set(numbers))
    rest = _told(asyncio.run(_all(run, since=numbers[2])))
    assert [t["kind"] for t in rest] == ["appraise", "assemble", "done"]


def test_each_event_comes_as_markup_too_in_which_words_are_only_words(run):
    claimed = worker.claim("test")
    lease.tell(claimed, "retrieve", "<script>alert(1)</script>\n\ndata: x & y")
    lease.end(claimed, State.DONE, "")
    stages = [e["data"] for e in _read(asyncio.run(_all(run))) if e.get("event") == "stage"]
    assert stages[1] == (
        '<li class="stage" data-kind="retrieve"><b>Searching</b> '
        "<span>&lt;script&gt;alert(1)&lt;/script&gt; data: x &amp; y</span></li>"
    )
    assert f'<a href="/runs/{run.pk}/">' in stages[-1]


def test_a_silent_line_is_kept_open_by_comments(run):
    async def watch():
        heard = []
        async with aclosing(stream.stream(run.pk, 0, beat=0.1)) as lines:
            async for block in lines:
                heard.append(block)
                if len(heard) == 5:
                    return heard
        raise AssertionError

    heard = asyncio.run(watch())
    assert heard[-1] == heard[-2] == b": still here\n\n"
    assert not _read(heard[2:])


def test_a_row_that_is_committed_late_with_a_smaller_number_is_not_missed(run):
    """PostgreSQL gives out numbers before the rows can be seen."""
    other = actions.ask(question=CROUP, by=ME)

    async def watch():
        listening = asyncio.create_task(_all(run))
        await asyncio.sleep(0.3)
        first = (await sync_to_async(RunEvent.objects.latest)("pk")).pk
        rows = [RunEvent(pk=first + 50, run=other, kind="plan"), RunEvent(pk=first + 7, run=run, kind="done")]
        for row in rows:
            await sync_to_async(row.save)(force_insert=True)
            await asyncio.sleep(0.4)
        return await asyncio.wait_for(listening, 5)

    assert _told(asyncio.run(watch()))[-1]["kind"] == "done"


def test_a_run_that_ends_while_a_silent_line_looks_again_still_tells_its_end(run, monkeypatch):
    claimed, rows = worker.claim("test"), stream._rows

    def then_end(**conditions):
        if conditions["pk__gt"]:  # the second look: after a silence, not at the beginning
            lease.end(claimed, State.DONE, "")
        return rows(**conditions)

    monkeypatch.setattr(stream, "_rows", then_end)
    monkeypatch.setattr(stream.Tailer, "_news", lambda _: [])  # only looking again can tell it
    assert _told(asyncio.run(_all(run, beat=0.1)))[-1]["kind"] == "done"


def test_a_stream_of_a_run_that_is_gone_ends(run):
    async def watch():
        listening = asyncio.create_task(_all(run, beat=0.1))
        await asyncio.sleep(0.3)
        await _in_thread(run.delete)
        return await asyncio.wait_for(listening, 5)

    assert _told(asyncio.run(watch()))[-1]["kind"] == "queued"


def test_many_streams_share_one_reader_which_rests_when_nobody_listens(run, settings):
    settings.STREAMS_PER_RUN = 50

    async def watch():
        listening = [asyncio.create_task(_all(run)) for _ in range(50)]
        await asyncio.sleep(0.5)
        readers = [t.name for t in threading.enumerate() if t.name.startswith("run-events")]
        await _in_thread(_work)
        heard = await asyncio.wait_for(asyncio.gather(*listening), 10)
        return readers, heard, stream.tailer()

    readers, heard, tailer = asyncio.run(watch())
    assert len(readers) == 1
    assert all(_told(h)[-1]["kind"] == "done" for h in heard)
    assert tailer._task is None
    until = time.monotonic() + 5
    while time.monotonic() < until and any(t.name.startswith("run-events") for t in threading.enumerate()):
        time.sleep(0.05)
    assert not [t for t in threading.enumerate() if t.name.startswith("run-events")]


def test_a_stream_whose_reader_goes_is_forgotten(run):
    async def watch():
        async with aclosing(stream.stream(run.pk, 0)) as lines:
            await anext(lines)
            await anext(lines)
        return stream.tailer()._queues

    assert asyncio.run(watch()) == {}


def test_a_reader_who_goes_before_the_tailer_is_ready_is_forgotten(run, monkeypatch):
    def slowly(_):
        time.sleep(0.5)
        return []

    monkeypatch.setattr(stream.Tailer, "_begin", slowly)

    async def watch():
        listening = asyncio.create_task(_all(run))
        await asyncio.sleep(0.1)
        held = dict(stream.tailer()._queues)
        listening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await listening
        return held, stream.tailer()

    held, tailer = asyncio.run(watch())
    assert list(held) == [run.pk]
    assert (tailer._queues, tailer._task) == ({}, None)


def test_a_stream_that_came_too_late_for_the_last_place_ends_and_asks_the_browser_to_wait(run, settings):
    settings.STREAMS_PER_RUN = 1

    async def watch():
        async with aclosing(stream.stream(run.pk, 0)) as first:
            await anext(first)
            refused = await _all(run)
            held = {key: len(queues) for key, queues in stream.tailer()._queues.items()}
        return refused, held, await asyncio.wait_for(anext(aiter(stream.stream(run.pk, 0))), 5)

    refused, held, again = asyncio.run(watch())
    assert refused == [b"retry: 10000\n\n"]
    assert held == {run.pk: 1}
    assert again == b"retry: 1000\n\n"


@pytest.mark.parametrize("limit,status", [("STREAMS_PER_RUN", 429), ("STREAMS", 503)])
def test_beyond_so_many_streams_a_newcomer_is_told_to_come_back(settings, limit, status):
    client = AsyncClient()
    run = _mine(client)
    setattr(settings, limit, 2)

    async def watch():
        streams = [stream.stream(run.pk, 0) for _ in range(2)]
        for one in streams:
            await anext(one)
        refused = await client.get(f"/runs/{run.pk}/events")
        for one in streams:
            await one.aclose()
        welcome = await client.get(f"/runs/{run.pk}/events")
        return refused, welcome

    refused, welcome = asyncio.run(watch())
    assert (refused.status_code, refused["Retry-After"]) == (status, "10")
    assert "try again" in refused.content.decode()
    assert welcome.status_code == 200


def test_streams_outlive_a_database_that_is_away_for_a_moment(run, monkeypatch):
    from django.db import OperationalError

    whole, faults = stream.Tailer._news, [OperationalError("gone")]

    def shaky(tail):
        if faults:
            raise faults.pop()
        return whole(tail)

    monkeypatch.setattr(stream.Tailer, "_news", shaky)
    monkeypatch.setattr(stream, "_AWAY", 0.2)

    async def watch():
        listening = asyncio.create_task(_all(run))
        await asyncio.sleep(0.5)
        await _in_thread(_work)
        return await asyncio.wait_for(listening, 10)

    assert _told(asyncio.run(watch()))[-1]["kind"] == "done"
    assert faults == []


def _mine(client) -> Run:
    """A run of the session of ``client``."""
    session = client.session
    session.save()
    return actions.ask(question=CROUP, by=Viewer(None, session.session_key))


async def _get(client, address, **headers):
    answer = await client.get(address, headers=headers)
    body = [block async for block in answer.streaming_content] if answer.streaming else []
    return answer, body


def test_the_address_of_the_events_answers_with_a_stream_that_nobody_keeps():
    client = AsyncClient()
    run = _mine(client)
    _work()
    answer, body = asyncio.run(_get(client, f"/runs/{run.pk}/events"))
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("text/event-stream", "no-store")
    assert _told(body)[-1]["kind"] == "done"


@pytest.mark.parametrize("word", ["-1", "²", "9" * 40, "x", "1 OR 1=1"])
def test_a_strange_last_event_id_starts_from_the_beginning(word):
    client = AsyncClient()
    run = _mine(client)
    _work()
    _, body = asyncio.run(_get(client, f"/runs/{run.pk}/events", last_event_id=word))
    assert _told(body)[0]["kind"] == "queued"


def test_a_browser_that_heard_everything_is_told_not_to_come_back():
    client = AsyncClient()
    run = _mine(client)
    _work()
    last = run.events.latest("pk").pk
    answer, _ = asyncio.run(_get(client, f"/runs/{run.pk}/events", last_event_id=str(last)))
    assert answer.status_code == 204
    answer, _ = asyncio.run(_get(client, f"/runs/{run.pk}/events?after={last}"))
    assert answer.status_code == 204


def test_the_events_of_someone_elses_run_are_nobodys_business(run):
    answer, _ = asyncio.run(_get(AsyncClient(), f"/runs/{run.pk}/events"))
    assert answer.status_code == 404
