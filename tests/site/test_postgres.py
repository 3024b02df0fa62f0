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
        pytest.param("tests/site/faults", marks=pytest.mark.alone),
        "tests/site/audit",
        "tests/site/board/test_moves.py tests/site/board/test_evidence.py",
        "tests/site/board/test_machine.py tests/site/board/test_at_once.py",
    ],
)
def test_the_same_tests_pass_over_postgresql(server, tests):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    del environment["DJANGO_SETTINGS_MODULE"]  # to be read once there is a data folder of its own
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *tests.split()],
        cwd=ROOT,
        env={**environment, "DATABASE_URL": server.url},
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


MAKE_A_ROLE = """
import django
django.setup()
from django.core.management import call_command
from django.db import connection
call_command("migrate", verbosity=0)
connection.cursor().execute(
    "CREATE ROLE site LOGIN; GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO site;"
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO site;"
    "REVOKE UPDATE, DELETE ON audit_entry FROM site;"
)
"""
RECORD_IN_ITS_NAME = """
import django
django.setup()
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction
from consilium.site.audit.recording import record
from consilium.site.audit.verifying import verify
call_command("migrate", verbosity=0)
with transaction.atomic():
    record(action="article.approved", by=None, subject="report:1")
for statement in (
    "UPDATE audit_entry SET actor = 'x'", "TRUNCATE audit_entry", "DROP TRIGGER audit_entry_update ON audit_entry",
    "ALTER TABLE audit_entry DISABLE TRIGGER ALL", "DROP FUNCTION audit_entry_append_only CASCADE",
):
    try:
        connection.cursor().execute(statement)
        print(statement)
    except ProgrammingError:
        pass
print(verify().sound, verify().entries)
"""


def test_a_site_that_does_not_own_its_tables_records_and_cannot_touch_the_triggers(server):
    shared = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    for role, program, said in (("consilium", MAKE_A_ROLE, ""), ("site", RECORD_IN_ITS_NAME, "True 1\n")):
        done = subprocess.run(
            [sys.executable, "-c", program],
            env={**shared, "DATABASE_URL": server.url.replace("consilium@", f"{role}@")},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert (done.returncode, done.stdout) == (0, said), done.stderr
