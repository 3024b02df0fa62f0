"""Runs: claimed by one, held by a lease, taken over, cancelled, limited, reused."""

from __future__ import annotations

import datetime
import logging

import pytest
from django.db import IntegrityError, OperationalError
from django.db.models import Q
from django.utils import timezone

from consilium.errors import QuestionError
from consilium.site.articles import actions, lease, worker
from consilium.site.articles.models import Article, Run, RunEvent, State, Use
from consilium.site.articles.viewer import Viewer

pytestmark = pytest.mark.django_db
ME = Viewer(None, "me", "my address")
CROUP = "Does dexamethasone help in croup?"
HOUR = datetime.timedelta(hours=1)


def _ask(by=ME, **more) -> Run:
    return actions.ask(question=CROUP, by=by, **more)


def _claimed(name="first") -> Run:
    run = worker.claim(name)
    assert run is not None
    return run


def _expire(run: Run, by=-HOUR) -> None:
    Run.objects.filter(pk=run.pk).update(lease=timezone.now() + by)


def _kinds(run: Run) -> list[str]:
    return [event.kind for event in run.events.all()]


def test_a_claimed_run_is_nobody_elses():
    run = _ask()
    assert _claimed("first").pk == run.pk
    assert worker.claim("second") is None


def test_the_oldest_run_comes_first():
    first, second = _ask(), _ask()
    assert [_claimed().pk, _claimed().pk] == [first.pk, second.pk]


def test_an_abandoned_run_is_taken_over_and_the_reader_is_told_once():
    run = _ask()
    _claimed("first")
    for name in ("second", "third"):
        _expire(run)
        assert _claimed(name).worker == name
    assert _kinds(run).count("resumed") == 1


def test_a_lease_left_in_the_future_by_a_clock_that_jumped_does_not_block():
    run = _ask()
    _claimed("first")
    _expire(run, by=24 * HOUR)
    assert _claimed("second").pk == run.pk


def test_whoever_lost_a_run_writes_nothing_more_and_one_article_is_kept():
    run = _ask()
    lost = _claimed("first")
    _expire(run)
    taken = _claimed("second")
    before = _kinds(run)
    worker.work_on(lost)
    run.refresh_from_db()
    assert run.state == State.RUNNING
    assert _kinds(run) == before
    assert Article.objects.count() == 0
    worker.work_on(taken)
    worker.work_on(lost)
    run.refresh_from_db()
    assert (run.state, Article.objects.count(), _kinds(run).count("done")) == (State.DONE, 1, 1)


def test_a_worker_that_lost_a_run_and_got_it_again_is_not_taken_for_its_former_self():
    run = _ask()
    former = _claimed("same")
    _expire(run)
    _claimed("same")
    assert not lease.end(former, State.FAILED, "late")
    with pytest.raises(lease.Superseded):
        lease.renew(former)


def test_losing_a_run_while_its_article_is_written_keeps_no_second_article(monkeypatch):
    run = _ask()
    lost = _claimed("first")
    tell = lease.tell

    def then_lose(run, kind, *more):
        tell(run, kind, *more)
        if kind == "assemble":
            _expire(run)
            _claimed("second")

    monkeypatch.setattr(lease, "tell", then_lose)
    worker.work_on(lost)
    run.refresh_from_db()
    assert (run.worker, run.state, Article.objects.count()) == ("second", State.RUNNING, 0)


def test_a_run_whose_article_was_kept_already_ends_with_that_article(monkeypatch):
    run = _ask()
    first = _claimed("first")
    with monkeypatch.context() as patched:
        patched.setattr(lease, "end", lambda *_: True)  # ended by force just before it said so
        worker.work_on(first)
    kept = Article.objects.get()
    _expire(run)
    worker.work_on(_claimed("second"))
    run.refresh_from_db()
    assert (run.state, run.article, Article.objects.count()) == (State.DONE, kept, 1)


def test_a_run_that_ends_every_worker_is_given_up_after_a_few_attempts():
    run = _ask()
    for attempt in range(lease.TERMS.attempts):
        _claimed(f"worker {attempt}")
        _expire(run)
    worker.work_on(_claimed("the last"))
    run.refresh_from_db()
    assert (run.state, run.fault) == (State.FAILED, worker.SORRY)
    assert worker.claim("anybody") is None


def test_each_sign_of_life_prolongs_the_lease():
    _ask()
    run = _claimed()
    _expire(run, by=datetime.timedelta(seconds=1))
    lease.tell(run, "plan", "words")
    ahead = Run.objects.get().lease - timezone.now()
    assert datetime.timedelta(seconds=15) < ahead <= lease.TERMS.lease + datetime.timedelta(seconds=1)


def test_a_fault_is_told_without_traceback_and_logged_without_the_question(monkeypatch, caplog):
    def broken(*_):
        raise ZeroDivisionError(f"cannot divide {CROUP}")

    run = _ask()
    monkeypatch.setattr(worker, "write", broken)
    with caplog.at_level(logging.DEBUG):
        worker.work_on(_claimed())
    run.refresh_from_db()
    assert (run.state, run.fault) == (State.FAILED, worker.SORRY)
    assert "ZeroDivisionError" in caplog.text
    assert "broken" in caplog.text
    assert "croup" not in caplog.text


def test_what_is_wrong_with_a_question_is_told_in_one_line(monkeypatch):
    def strange(*_):
        raise QuestionError("Too long.\n  Make it shorter.")

    run = _ask()
    monkeypatch.setattr(worker, "write", strange)
    worker.work_on(_claimed())
    run.refresh_from_db()
    assert run.fault == "Too long. Make it shorter."


@pytest.mark.parametrize("step", ["tell", "end"])
def test_a_database_that_is_away_for_a_moment_costs_nothing(monkeypatch, step):
    run, faults, whole = _ask(), [OperationalError("gone"), OperationalError("gone")], getattr(lease, step)

    def shaky(*values):
        if faults:
            raise faults.pop()
        return whole(*values)

    monkeypatch.setattr(lease, step, shaky)
    worker.work_on(_claimed())
    run.refresh_from_db()
    assert (faults, run.state, run.attempts) == ([], State.DONE, 1)


def test_a_run_that_broke_off_with_the_database_goes_back_into_the_queue(monkeypatch):
    def gone(*_):
        raise OperationalError("gone")

    run = _ask()
    with monkeypatch.context() as patched:
        patched.setattr(worker, "write", gone)
        worker.work_on(_claimed())
    run.refresh_from_db()
    assert (run.state, run.worker) == (State.QUEUED, "")
    worker.work_on(_claimed("second"))
    run.refresh_from_db()
    assert run.state == State.DONE


def test_the_loop_goes_on_after_the_database_was_away(monkeypatch):
    run, faults = _ask(), [OperationalError("gone")]

    def shaky(*values):
        if faults:
            raise faults.pop()
        return lease.claim(*values)

    monkeypatch.setattr(worker, "claim", shaky)
    worker.work(lambda: Run.objects.get(pk=run.pk).over)
    assert Run.objects.get(pk=run.pk).state == State.DONE


@pytest.mark.parametrize("step", ["claim", "work_on"])
@pytest.mark.parametrize("fault", [IntegrityError("a row is gone"), ValueError("strange")], ids=repr)
def test_no_fault_ends_the_loop(monkeypatch, step, fault, caplog):
    run, faults, whole = _ask(), [fault], getattr(worker, step)

    def broken(*values):
        if faults:
            raise faults.pop()
        return whole(*values)

    monkeypatch.setattr(worker, step, broken)
    monkeypatch.setattr(worker, "_LONGEST_PAUSE", 0.01)
    monkeypatch.setattr(lease, "free", lambda *_: Q(state__in=[State.QUEUED, State.RUNNING]))  # at once
    worker.work(lambda: Run.objects.get(pk=run.pk).over)
    assert Run.objects.get(pk=run.pk).state == State.DONE
    assert type(fault).__name__ in caplog.text
    assert str(fault) not in caplog.text


def test_a_run_whose_kept_article_was_deleted_meanwhile_ends_all_the_same(monkeypatch):
    run = _ask()
    with monkeypatch.context() as patched:
        patched.setattr(lease, "end", lambda *_: True)  # ended by force just before it said so
        worker.work_on(_claimed("first"))
    _expire(run)
    taken = _claimed("second")
    Article.objects.all().delete()
    worker.work_on(taken)
    run.refresh_from_db()
    assert (run.state, run.article) == (State.DONE, None)


def test_a_stage_whose_first_telling_was_written_and_not_confirmed_is_told_once(monkeypatch):
    run, whole, lost = _ask(), lease.tell, [OperationalError("the connection broke")]

    def told_and_cut_off(*values):
        whole(*values)
        if lost:
            raise lost.pop()

    monkeypatch.setattr(lease, "tell", told_and_cut_off)
    worker.work_on(_claimed())
    assert lost == []
    assert _kinds(run).count("plan") == 1


def test_a_waiting_run_is_cancelled_at_once():
    run = _ask()
    assert actions.cancel(run=run, by=ME)
    run.refresh_from_db()
    assert (run.state, _kinds(run)) == (State.CANCELLED, ["queued", "cancelled"])
    assert worker.claim("anybody") is None


def test_a_run_that_is_worked_on_stops_at_its_next_stage(monkeypatch):
    run, tell = _ask(), lease.tell

    def then_cancel(run, kind, *more):
        tell(run, kind, *more)
        if kind == "plan":
            assert actions.cancel(run=run, by=ME)

    monkeypatch.setattr(lease, "tell", then_cancel)
    worker.work_on(_claimed())
    run.refresh_from_db()
    assert (run.state, _kinds(run)[-1]) == (State.CANCELLED, "cancelled")
    assert "assemble" not in _kinds(run)
    assert Article.objects.count() == 0


def test_nothing_is_left_to_cancel_once_a_run_is_over(asked):
    run = asked(by=ME).runs.get()
    assert not actions.cancel(run=run, by=ME)


def test_only_whoever_asked_may_cancel():
    run = _ask()
    with pytest.raises(actions.NotYours):
        actions.cancel(run=run, by=Viewer(None, "someone else", "my address"))
    assert RunEvent.objects.filter(run=run, kind="cancelled").count() == 0


def _post(client, address="192.0.2.1"):
    return client.post(
        "/ask/", {"question": CROUP}, REMOTE_ADDR=address, headers={"Sec-Fetch-Site": "same-origin"}
    )


@pytest.fixture
def three_an_hour(settings):
    import dataclasses

    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, asks_per_hour=3)


def test_a_person_who_asks_too_much_is_told_when_to_come_back(client, person, three_an_hour):
    client.force_login(person)
    for number in range(3):
        assert _post(client, f"192.0.2.{number}").status_code == 302
    refused = _post(client, "192.0.2.9")
    assert refused.status_code == 429
    assert 3500 < int(refused["Retry-After"]) <= 3600
    Use.objects.update(at=timezone.now() - HOUR)
    assert _post(client, "192.0.2.9").status_code == 302


def test_an_address_that_asks_too_much_is_refused_whoever_sits_there(client, client_of, three_an_hour):
    for _ in range(3):
        assert _post(client_of()).status_code == 302
    refused = _post(client_of())
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 3500
    assert _post(client, "198.51.100.7").status_code == 302


@pytest.fixture
def client_of():
    from django.test import Client

    return Client


def test_the_same_question_gets_the_answer_that_is_there(asked):
    assert asked(by=ME) == asked(by=ME)


def test_an_answer_is_written_anew_on_request(asked):
    assert asked(by=ME) != asked(by=ME, anew=True)


def test_a_changed_library_writes_a_new_answer(asked, monkeypatch):
    first = asked(by=ME)
    document = first.current.document
    changed = {name: number + 1 for name, number in document["run"]["generations"].items()}
    from consilium.site.articles import knowledge

    assert changed
    library = type(knowledge.world().library)
    monkeypatch.setattr(library, "generations", lambda _: changed)
    assert asked(by=ME) != first


def test_a_private_answer_of_someone_else_is_never_reused(asked, person):
    theirs = asked(by=Viewer(None, "someone else"))
    persons = asked(by=Viewer(person, ""))
    mine = asked(by=ME)
    assert len({theirs.pk, persons.pk, mine.pk}) == 3


def test_a_published_answer_is_reused_for_everybody(asked):
    theirs = asked(by=Viewer(None, "someone else"))
    Article.objects.filter(pk=theirs.pk).update(published=timezone.now())
    assert asked(by=ME) == theirs
