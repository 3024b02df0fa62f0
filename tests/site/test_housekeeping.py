"""What has outlived its use goes, and nothing else."""

from __future__ import annotations

import datetime
from importlib import import_module

import pytest
from django.conf import settings as site
from django.contrib.sessions.models import Session
from django.utils import timezone

from consilium.site.articles import actions, worker
from consilium.site.articles.housekeeping import tidy
from consilium.site.articles.models import Article, Run, State, Use
from consilium.site.articles.viewer import Viewer

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
CROUP = "Does dexamethasone help in croup?"


def _session(*, live: bool) -> str:
    session = import_module(site.SESSION_ENGINE).SessionStore()
    session.create()
    if not live:
        Session.objects.update(expire_date=timezone.now() - DAY)
    return session.session_key


def _age(days: int = 2) -> None:
    for kind in (Article, Run):
        kind.objects.update(created=timezone.now() - days * DAY)


def test_what_only_an_expired_session_could_reach_is_deleted(asked):
    asked(by=Viewer(None, _session(live=False)))
    _age()
    tidy()
    assert not Article.objects.exists()
    assert not Run.objects.exists()
    assert not Session.objects.exists()


@pytest.mark.parametrize("why", ["live session", "published", "young", "account"])
def test_what_somebody_can_still_reach_is_kept(asked, person, why):
    by = Viewer(person, "") if why == "account" else Viewer(None, _session(live=why == "live session"))
    asked(by=by)
    if why == "published":
        Article.objects.update(published=timezone.now())
    if why != "young":
        _age()
    tidy()
    assert Article.objects.count() == 1


def test_the_run_of_an_expired_session_goes_though_its_article_is_public(asked):
    asked(by=Viewer(None, _session(live=False)))
    Article.objects.update(published=timezone.now())
    _age()
    tidy()
    assert not Run.objects.exists()


def test_a_run_that_waits_is_not_taken_from_its_worker(db):
    actions.ask(question=CROUP, by=Viewer(None, _session(live=False)))
    _age()
    tidy()
    assert Run.objects.get().state == State.QUEUED


def test_counts_go_after_a_day(db):
    actions.ask(question=CROUP, by=Viewer(None, "me", "there"))
    tidy()
    assert Use.objects.count() == 2
    Use.objects.update(at=timezone.now() - DAY - datetime.timedelta(minutes=1))
    tidy()
    assert not Use.objects.exists()


DONE: list[float] = []


def note() -> None:
    DONE.append(worker.time.monotonic())


def broken() -> None:
    raise ValueError("this part is broken")


def test_a_worker_makes_its_rounds_at_the_start_and_then_each_second_and_each_hour(db, monkeypatch, settings):
    now, rounds = [10_000.0], iter(range(100))
    DONE.clear()
    settings.WORKER_WATCHES = (f"{__name__}.broken", f"{__name__}.note")
    settings.WORKER_TIDIES = (f"{__name__}.note",)
    monkeypatch.setattr(worker.time, "monotonic", lambda: now[0])

    def later(_):
        now[0] += 900.0

    monkeypatch.setattr(worker.time, "sleep", later)
    worker.work(lambda: next(rounds) == 5)
    assert DONE == [10_000.0, 10_000.0, 10_900.0, 11_800.0, 12_700.0, 13_600.0, 13_600.0]
