"""Take queued runs, one at a time, so that each is finished by somebody, and by one only.

Claims and leases are in ``lease``. This module answers a claimed run, renews its lease meanwhile,
and outlives a database that is away for a while: what it has to record waits, and a run that broke
off goes back into the queue.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
import traceback
from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection

from consilium.errors import Cancelled, EditorialError, QuestionError
from consilium.site.articles import lease
from consilium.site.articles.lease import TERMS, Superseded, Terms, claim
from consilium.site.articles.models import Article, Run, State
from consilium.site.articles.rounds import Rounds
from consilium.site.articles.writing import write

__all__ = ["claim", "name", "work", "work_on"]

log = logging.getLogger("consilium.worker")
T = TypeVar("T")
AWAY = (OperationalError, InterfaceError)
SORRY = "Something went wrong while this question was being answered. It was not lost: ask it again."
_IDLE, _LONGEST_PAUSE, _PATIENCE = 0.1, 2.0, 120.0
_LONGEST_FAULT = 500


def name() -> str:
    """This worker, among all that may run."""
    return f"{socket.gethostname()[:30]}-{os.getpid()}-{threading.get_ident()}"[:64]


def work(stopped: Callable[[], bool] = lambda: False, terms: Terms = TERMS) -> None:
    """Work until ``stopped`` says so; a run that has begun is finished first.

    No fault ends the loop: what went wrong with one run is logged, and its lease runs out.
    """
    me, pause, rounds = name(), _IDLE, Rounds()
    while not stopped():
        run = None
        try:
            rounds.go()
            run = claim(me, terms)
            if run is not None:
                work_on(run, terms)
            pause = _IDLE
        except AWAY as fault:
            run = None
            _note_absence(fault, pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        except Exception as fault:  # noqa: BLE001 - whatever it was, others wait for their answers
            log.error("the worker goes on after %s\n%s", type(fault).__name__, _place(fault))  # noqa: TRY400
            run, pause = None, _LONGEST_PAUSE
        if run is None:
            time.sleep(pause)


def work_on(run: Run, terms: Terms = TERMS) -> None:
    """Answer one claimed run and record how it ended."""
    stop = threading.Event()
    beat = threading.Thread(target=_beat, args=(run, stop, terms), daemon=True)
    beat.start()
    try:
        _answer(run, terms)
    finally:
        stop.set()
        beat.join()


def _answer(run: Run, terms: Terms) -> None:
    try:
        if run.article_id:
            # Whoever had it before kept the article and was ended before saying so.
            article = Article.objects.filter(pk=run.article_id).first()
        elif run.attempts > terms.attempts:
            _patiently(lambda: lease.end(run, State.FAILED, SORRY))
            return
        else:
            article = write(
                run,
                lambda stage, words: _patiently(lambda: lease.tell(run, stage, words, terms)),
                lambda: _patiently(lambda: _cancelling(run)),
            )
        _patiently(lambda: lease.end(run, State.DONE, "", article))
    except Superseded:
        log.warning("run %s was taken over; this worker leaves it", run.pk)
    except Cancelled:
        _patiently(lambda: lease.end(run, State.CANCELLED, "Cancelled"))
    except (QuestionError, EditorialError) as fault:
        words = " ".join(str(fault).split())[:_LONGEST_FAULT]
        _patiently(lambda: lease.end(run, State.FAILED, words))
    except AWAY as fault:
        _note_absence(fault, _IDLE)
        _patiently(lambda: lease.give_back(run))
    except Exception as fault:  # noqa: BLE001 - the reader gets a sentence, the operator the place
        log.error("run %s failed: %s\n%s", run.pk, type(fault).__name__, _place(fault))  # noqa: TRY400
        _patiently(lambda: lease.end(run, State.FAILED, SORRY))


def _cancelling(run: Run) -> bool:
    return bool(Run.objects.filter(pk=run.pk, cancelling=True).exists())


def _place(fault: Exception) -> str:
    """Where a fault arose, without its message: a message may quote the question or a row."""
    return "".join(traceback.format_tb(fault.__traceback__)).rstrip()


def _patiently(act: Callable[[], T]) -> T:
    """Do one thing with the database, trying again for a while where it does not answer.

    The first try may have been written and only its answer lost. So whatever is done this way reads
    only, or is one transaction that checks the claim first and, done twice, writes once.
    """
    pause, until = _IDLE, time.monotonic() + _PATIENCE
    while True:
        try:
            return act()
        except AWAY as fault:
            if time.monotonic() > until:
                raise
            _note_absence(fault, pause)
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)


def _note_absence(fault: Exception, pause: float) -> None:
    log.warning("the database does not answer (%s); trying again in %.1f s", type(fault).__name__, pause)
    # Inside an outer transaction (tests) the connection must stay; outside, a new one is made.
    if not connection.in_atomic_block:
        connection.close()


def _beat(run: Run, stop: threading.Event, terms: Terms) -> None:
    """Renew the lease while the run is worked on."""
    try:
        while not stop.wait(terms.beat):
            try:
                lease.renew(run, terms)
            except Superseded:
                return
            except AWAY as fault:
                _note_absence(fault, terms.beat)
    finally:
        connection.close()
