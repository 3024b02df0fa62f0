"""Many at once: nothing is lost, and the chain never forks."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from django.db import connection, transaction
from tests.site.audit.conftest import write

from consilium.site.audit.chain import head
from consilium.site.audit.models import Actor, AuditEntry
from consilium.site.audit.verifying import verify

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS, EACH = 6, 20
WRITER = """
import sys, uuid
import django
django.setup()
from django.db import transaction
from consilium.site.accounts.models import User
from consilium.site.audit.recording import record
print("ready", flush=True)
sys.stdin.readline()
person = User.objects.get()
for n in range(int(sys.argv[2])):
    with transaction.atomic():
        details = {"writer": int(sys.argv[1]), "n": n}
        record(action="article.approved", by=person, subject=f"article:{uuid.uuid4()}", details=details)
"""


def test_processes_that_record_at_once_lose_nothing_and_leave_no_gap(person):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    if url := environment.get("DATABASE_URL"):
        environment["DATABASE_URL"] = (
            urlsplit(url)._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
        )
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(number), str(EACH)],
            env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for number in range(WRITERS)
    ]  # fmt: skip
    try:
        assert [writer.stdout.readline() for writer in writers] == ["ready\n"] * WRITERS
        for writer in writers:
            writer.stdin.write("\n")
            writer.stdin.flush()
        assert [writer.communicate(timeout=120)[1] for writer in writers] == [""] * WRITERS
    finally:
        for writer in writers:
            writer.kill()
            writer.wait()
    kept = [(e.details["writer"], e.details["n"]) for e in AuditEntry.objects.all()]
    assert sorted(kept) == [(writer, n) for writer in range(WRITERS) for n in range(EACH)]
    assert [e.sequence for e in AuditEntry.objects.all()] == list(range(1, WRITERS * EACH + 1))
    assert (verify().sound, Actor.objects.count()) == (True, 1)


def test_threads_of_which_some_give_up_leave_no_gap():
    gate = threading.Barrier(WRITERS)

    def work(number: int) -> None:
        gate.wait(30)
        try:
            for n in range(EACH):
                with transaction.atomic():
                    write(1)
                    transaction.set_rollback((number + n) % 3 == 0)
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(work, range(WRITERS)))
    kept = sum((number + n) % 3 != 0 for number in range(WRITERS) for n in range(EACH))
    assert (verify().sound, head().sequence) == (True, kept)


def test_whoever_reads_while_others_write_sees_a_log_that_holds():
    done = threading.Event()

    def work() -> None:
        try:
            for _ in range(60):
                with transaction.atomic():
                    write(2)
        finally:
            done.set()
            connection.close()

    writer = threading.Thread(target=work)
    writer.start()
    verdicts = []
    while not done.is_set():
        verdicts.append(verify())
    writer.join()
    assert [v for v in verdicts if v.faults] == []
    assert head().sequence == 120
