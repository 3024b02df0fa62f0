"""The same tests over PostgreSQL, and a server that is away for ten seconds."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.site.postgres import Server

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif("DATABASE_URL" in os.environ, reason="This run is over PostgreSQL already.")


@pytest.fixture(scope="module")
def server():
    started = Server()
    yield started
    started.remove()


@pytest.mark.parametrize(
    "tests",
    [
        "tests/site/test_runs.py tests/site/test_quota.py tests/site/test_housekeeping.py",
        "tests/site/test_stream.py tests/site/test_unreadable.py tests/site/test_asgi.py",
        "tests/site/faults",
    ],
)
def test_the_same_tests_pass_over_postgresql(server, tests):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *tests.split()],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": server.url, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert "skipped" not in done.stdout


ASK_AND_WORK = """
import logging, time
import django
django.setup()
from django.core.management import call_command
from consilium.site.articles import actions, knowledge, lease, worker
from consilium.site.articles.models import Run
from consilium.site.articles.viewer import Viewer
logging.basicConfig(level=logging.WARNING)
call_command("migrate", verbosity=0)
knowledge.world()
questions = ("Does dexamethasone help in croup?", "Suspected cauda equina syndrome: which MRI?")
for n in range(40):
    actions.ask(question=questions[n % 2], by=Viewer(None, "me"), anew=True)
tell, told = lease.tell, []
def slowly(*values):
    tell(*values)
    told.append(1)
    time.sleep(0.05)
    if len(told) == 3:
        print("begun", flush=True)
lease.tell = slowly
end, ended = lease.end, []
def counted(*values):
    if end(*values):
        ended.append(1)
lease.end = counted
worker.work(lambda: len(ended) == 40)
rows = Run.objects.values_list("state", "attempts")
print(sorted({state for state, _ in rows}), sum(attempts > 2 for _, attempts in rows), flush=True)
"""


def test_a_worker_outlives_a_server_that_is_gone_for_ten_seconds(server):
    process = subprocess.Popen(
        [sys.executable, "-c", ASK_AND_WORK],
        env={
            **os.environ,
            "DATABASE_URL": server.url,
            "CONSILIUM_ASKS_PER_HOUR": "1000",
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout.readline() == "begun\n", process.stderr.read()
        server.stop()
        time.sleep(10)
        server.start()
        said, faults = process.communicate(timeout=120)
    assert said.strip() == "['done'] 0"
    assert "the database does not answer" in faults
    assert "Traceback" not in faults
