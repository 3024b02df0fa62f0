"""Real processes over the database of the test: workers and a web process, killed as in life."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from consilium.site.articles.models import Run

# A real worker with a short lease, which stands still after it has told the stage in its argument, or
# just after the claim.
WORKER = """
import datetime, logging, signal, sys, time
import django
django.setup()
from consilium.site.articles import lease, worker
logging.basicConfig(level=logging.WARNING)
tell, ended = lease.tell, []
def tell_and_stand(run, kind, *more):
    tell(run, kind, *more)
    while kind == sys.argv[1]:
        time.sleep(0.05)
lease.tell = tell_and_stand
claim = worker.claim
def claim_and_stand(*values):
    run = claim(*values)
    while run is not None and sys.argv[1] == "claim":
        time.sleep(0.05)
    return run
worker.claim = claim_and_stand
signal.signal(signal.SIGTERM, lambda number, _: ended.append(number))
seconds = float(sys.argv[2])
terms = lease.Terms(lease=datetime.timedelta(seconds=seconds), beat=seconds / 5)
worker.work(lambda: bool(ended), terms)
"""


class Processes:
    """Starts processes of the site over the test's database, and ends what is left of them."""

    def __init__(self, folder: Path) -> None:
        self.logs: list[Path] = []
        self._all: list[subprocess.Popen[bytes]] = []
        self._folder = folder

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        log = self._folder / f"{len(self.logs)}.log"
        self.logs.append(log)
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        if url := environment.get("DATABASE_URL"):
            name = connection.settings_dict["NAME"]
            environment["DATABASE_URL"] = urlsplit(url)._replace(path=f"/{name}").geturl()
        with log.open("wb") as out:
            process = subprocess.Popen([sys.executable, *arguments], env=environment, stdout=out, stderr=out)
        self._all.append(process)
        return process

    def worker(self, stand_after: str = "never", lease: float = 20.0) -> subprocess.Popen[bytes]:
        return self._start("-c", WORKER, stand_after, str(lease))

    def web(self, port: int) -> subprocess.Popen[bytes]:
        process = self._start("-m", "consilium.site.web", "127.0.0.1", str(port))
        until(lambda: _answers(port))
        return process

    def said(self) -> str:
        """What all of them wrote to their logs."""
        return "\n".join(log.read_text("utf-8", "replace") for log in self.logs)

    def end(self) -> None:
        for process in self._all:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
            process.wait(10)


def until(true: Callable[[], bool]) -> None:
    """Wait until something is true, and fail where it never is, even on a busy machine."""
    deadline = time.monotonic() + 120
    while not true():
        assert time.monotonic() < deadline, "it never became true"
        time.sleep(0.02)


def _answers(port: int) -> bool:
    try:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as line:
            line.request("GET", "/healthz")
            with line.getresponse() as answer:
                return answer.status == 200
    except OSError:
        return False


@pytest.fixture
def processes(transactional_db, tmp_path) -> Iterator[Processes]:
    started = Processes(tmp_path)
    yield started
    started.end()


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def told() -> Callable[[Run, str], bool]:
    """Whether a run has told a stage."""
    return lambda run, kind: run.events.filter(kind=kind).exists()
