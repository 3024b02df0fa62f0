"""The web process killed under its readers, and many askers at once."""

from __future__ import annotations

import http.client
import json
import signal
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from importlib import import_module

import pytest
from django.conf import settings
from tests.site.faults.conftest import until

from consilium.site.articles import actions, lease, worker
from consilium.site.articles.models import Run, State
from consilium.site.articles.viewer import Viewer

pytestmark = pytest.mark.enable_socket
CROUP = "Does dexamethasone help in croup?"


def _session() -> str:
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session.create()
    return session.session_key


class _Browser:
    """Listens to a run as ``EventSource`` does, over one line."""

    def __init__(self, port: int, session: str, run: Run) -> None:
        self._port, self._session, self._run = port, session, run
        self.heard: list[dict[str, str]] = []
        self.last = "0"

    def listen(self, until_kind: str) -> None:
        headers = {"Cookie": f"sessionid={self._session}", "Last-Event-ID": self.last}
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        with closing(line):
            line.request("GET", f"/runs/{self._run.pk}/events", headers=headers)
            with line.getresponse() as answer:
                assert answer.status == 200
                self._follow(answer, until_kind)

    def _follow(self, answer: http.client.HTTPResponse, until_kind: str) -> None:
        number = ""
        while text := answer.readline().decode():
            name, _, value = text.strip().partition(": ")
            number = value if name == "id" else number
            if name == "data" and value.startswith("{"):
                self.heard.append(json.loads(value))
                self.last = number
                if self.heard[-1]["kind"] == until_kind:
                    return


def test_a_stream_goes_on_after_the_web_process_was_killed_and_started_again(processes, port):
    session = _session()
    run = actions.ask(question=CROUP, by=Viewer(None, session))
    claimed = worker.claim("test")
    lease.tell(claimed, "plan", "one")
    web = processes.web(port)
    browser = _Browser(port, session, run)
    browser.listen("plan")
    web.send_signal(signal.SIGKILL)
    web.wait(10)
    lease.tell(claimed, "retrieve", "two")
    processes.web(port)
    lease.tell(claimed, "appraise", "three")
    lease.end(claimed, State.DONE, "")
    browser.listen("done")
    assert [e["kind"] for e in browser.heard] == ["queued", "plan", "retrieve", "appraise", "done"]


def test_an_open_stream_does_not_keep_the_web_process_from_ending(processes, port):
    session = _session()
    run = actions.ask(question=CROUP, by=Viewer(None, session))
    web = processes.web(port)
    browser = _Browser(port, session, run)
    with ThreadPoolExecutor(1) as reader:
        listening = reader.submit(browser.listen, "done")
        until(lambda: browser.heard != [])
        web.send_signal(signal.SIGTERM)
        web.wait(10)
        listening.exception(10)
    assert [e["kind"] for e in browser.heard] == ["queued"]


def _ask(port: int) -> tuple[int, float]:
    begun = time.monotonic()
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Sec-Fetch-Site": "same-origin",
        "Origin": f"http://127.0.0.1:{port}",
    }
    with closing(line):
        line.request("POST", "/ask/", "question=" + CROUP.replace(" ", "+"), headers)
        with line.getresponse() as answer:
            return answer.status, time.monotonic() - begun


@pytest.mark.alone
def test_fifty_people_ask_at_once_and_four_workers_answer_without_a_locked_database(processes, port):
    for _ in range(4):
        processes.worker()
    processes.web(port)
    with ThreadPoolExecutor(50) as people:
        answers = list(people.map(lambda _: _ask(port), range(50)))
    assert [status for status, _ in answers] == [302] * 50
    until(lambda: not Run.objects.filter(finished=None).exists())
    assert set(Run.objects.values_list("state", flat=True)) == {State.DONE}
    assert "locked" not in processes.said()
    assert "does not answer" not in processes.said()
    assert statistics.quantiles([took for _, took in answers], n=20)[-1] <= 3.0
