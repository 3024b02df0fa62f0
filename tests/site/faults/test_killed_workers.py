"""Workers that are killed, paused or ended: every run is finished, by one of them only."""

from __future__ import annotations

import signal
import time

import pytest
from tests.site.faults.conftest import until

from consilium.site.articles import actions
from consilium.site.articles.models import Article, Run, State
from consilium.site.articles.viewer import Viewer

ME = Viewer(None, "me")
QUESTIONS = (
    "Does dexamethasone help in croup?",
    "Suspected cauda equina syndrome: which MRI?",
    "Subclinical hypothyroidism, TSH 6, aged 50: levothyroxine?",
)


def _ask(number: int = 0) -> Run:
    return actions.ask(question=QUESTIONS[number % len(QUESTIONS)], by=ME, anew=True)


def _over(run: Run) -> bool:
    run.refresh_from_db()
    return run.over


def _kinds(run: Run) -> list[str]:
    return [event.kind for event in run.events.all()]


@pytest.mark.parametrize("stage", ["plan", "retrieve", "appraise", "assemble"])
def test_a_run_whose_worker_is_killed_is_finished_by_another(processes, told, stage):
    run = _ask()
    first = processes.worker(stand_after=stage, lease=1.5)
    until(lambda: told(run, stage))
    first.send_signal(signal.SIGKILL)
    first.wait(10)
    processes.worker(lease=1.5)
    until(lambda: _over(run))
    assert (run.state, run.attempts, Article.objects.count()) == (State.DONE, 2, 1)
    assert (_kinds(run).count("resumed"), _kinds(run).count("done")) == (1, 1)


def test_a_run_whose_worker_is_killed_just_after_the_claim_is_finished_by_another(processes):
    run = _ask()
    first = processes.worker(stand_after="claim", lease=1.5)
    until(lambda: Run.objects.filter(pk=run.pk, state=State.RUNNING).exists())
    assert _kinds(run) == ["queued"]
    first.send_signal(signal.SIGKILL)
    first.wait(10)
    processes.worker(lease=1.5)
    until(lambda: _over(run))
    assert (run.state, run.attempts, Article.objects.count()) == (State.DONE, 2, 1)


def test_a_worker_that_was_paused_and_wakes_up_late_changes_nothing(processes, told):
    run = _ask()
    sleeper = processes.worker(stand_after="retrieve", lease=1.5)
    until(lambda: told(run, "retrieve"))
    sleeper.send_signal(signal.SIGSTOP)
    processes.worker(lease=1.5)
    until(lambda: _over(run))
    sleeper.send_signal(signal.SIGCONT)
    time.sleep(1.5)
    run.refresh_from_db()
    assert (run.state, run.attempts, Article.objects.count()) == (State.DONE, 2, 1)
    assert _kinds(run).count("done") == 1


@pytest.mark.alone
def test_a_slow_worker_that_lives_keeps_its_run(processes, told):
    run = _ask()
    processes.worker(stand_after="plan", lease=1.5)
    until(lambda: told(run, "plan"))
    processes.worker(lease=1.5)
    time.sleep(5)
    run.refresh_from_db()
    assert (run.state, run.attempts) == (State.RUNNING, 1)


def test_a_worker_that_is_asked_to_end_finishes_what_it_has_begun(processes, told):
    runs = [_ask(n) for n in range(20)]
    one = processes.worker()
    until(lambda: told(runs[0], "plan"))
    one.send_signal(signal.SIGTERM)
    assert one.wait(20) == 0
    states = list(Run.objects.values_list("state", flat=True))
    assert State.RUNNING not in states
    assert State.QUEUED in states


def test_four_workers_finish_each_run_once(processes):
    runs = [_ask(n) for n in range(16)]
    for _ in range(4):
        processes.worker()
    until(lambda: not Run.objects.filter(finished=None).exists())
    assert {run.state for run in Run.objects.all()} == {State.DONE}
    assert [_kinds(run).count("done") for run in runs] == [1] * 16
    assert Article.objects.count() == 16
    assert set(Run.objects.values_list("attempts", flat=True)) == {1}
    assert "locked" not in processes.said()
    assert "does not answer" not in processes.said()
