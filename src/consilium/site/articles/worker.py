"""Take queued runs, one at a time, so that each is finished by somebody, and by one only.

A run is claimed by one conditional UPDATE with a lease. Whoever works on it renews the lease; a
run whose lease has run out is anybody's again.
"""

from __future__ import annotations

import datetime
import logging
import os
import socket
import threading
import time
from collections.abc import Callable

from django.db import close_old_connections, transaction
from django.db.models import F, Q
from django.utils import timezone

from consilium.errors import Cancelled, ConsiliumError
from consilium.site.articles.models import Article, Run, RunEvent, State
from consilium.site.articles.writing import write

log = logging.getLogger("consilium.worker")
LEASE = datetime.timedelta(seconds=20)
MOST_ATTEMPTS = 4
_IDLE, _BEAT = 0.1, 5.0
SORRY = "Something went wrong while this question was being answered. It was not lost: ask it again."


def name() -> str:
    """This worker, among all that may run."""
    return f"{socket.gethostname()}-{os.getpid()}-{threading.get_ident()}"[:64]


def claim(worker: str) -> Run | None:
    """The oldest run that nobody works on, now this worker's; None if there is none."""
    now = timezone.now()
    free = Q(state=State.QUEUED) | Q(state=State.RUNNING, lease__lt=now)
    for candidate in Run.objects.filter(free).order_by("created")[:5]:
        won = Run.objects.filter(free, pk=candidate.pk).update(
            state=State.RUNNING, worker=worker, lease=now + LEASE, attempts=F("attempts") + 1
        )
        if won:
            return Run.objects.get(pk=candidate.pk)
    return None


def work_on(run: Run) -> None:
    """Answer one claimed run and record how it ended."""
    if run.attempts > MOST_ATTEMPTS:
        _end(run, State.FAILED, "failed", SORRY)
        return
    stop = threading.Event()
    beat = threading.Thread(target=_beat, args=(run, stop), daemon=True)
    beat.start()
    try:
        article = write(run, lambda stage, words: _tell(run, stage, words), lambda: _cancelled(run))
        _end(run, State.DONE, "done", "", article)
    except Cancelled:
        _end(run, State.CANCELLED, "cancelled", "Cancelled")
    except ConsiliumError as fault:
        _end(run, State.FAILED, "failed", str(fault))
    except Exception:  # noqa: BLE001 - the reader gets a sentence, the operator the traceback
        log.exception("run %s failed", run.pk)
        _end(run, State.FAILED, "failed", SORRY)
    finally:
        stop.set()
        beat.join()


def _tell(run: Run, stage: str, words: str) -> None:
    RunEvent.objects.create(run=run, kind=stage, words=words)


def _cancelled(run: Run) -> bool:
    return bool(Run.objects.filter(pk=run.pk, cancelling=True).exists())


def _end(run: Run, state: State, kind: str, words: str, article: Article | None = None) -> None:
    """Record the end, unless another worker has taken the run over meanwhile."""
    with transaction.atomic():
        mine = Run.objects.filter(pk=run.pk, worker=run.worker, state=State.RUNNING)
        if mine.update(state=state, finished=timezone.now(), article=article, fault=words if state == State.FAILED else ""):
            RunEvent.objects.create(run=run, kind=kind, words=words)


def _beat(run: Run, stop: threading.Event) -> None:
    """Renew the lease while the run is worked on."""
    while not stop.wait(_BEAT):
        Run.objects.filter(pk=run.pk, worker=run.worker).update(lease=timezone.now() + LEASE)
        close_old_connections()


def work(stopped: Callable[[], bool] = lambda: False) -> None:
    """Work until ``stopped`` says so."""
    me = name()
    while not stopped():
        close_old_connections()
        run = claim(me)
        if run is None:
            time.sleep(_IDLE)
        else:
            work_on(run)
