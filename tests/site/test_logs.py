"""What is logged, and that no word of a reader is among it."""

from __future__ import annotations

import io
import logging
import sys

import pytest
from django.conf import settings as live
from django.test import Client
from django.utils import timezone

from consilium.site.articles import actions, reading, worker
from consilium.site.articles.models import Run
from consilium.site.logs import Lines, NoWords

pytestmark = pytest.mark.django_db
CANARY = "zanzibarium"


@pytest.fixture
def lines():
    """Every line that the site's handler writes, from every logger and level."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(Lines("%(levelname)s %(name)s: %(message)s"))
    handler.addFilter(NoWords())
    loggers = [logging.getLogger(name) for name in ("", "django", "consilium", "consilium.worker")]
    before = [logger.level for logger in loggers]
    loggers[0].addHandler(handler)
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    sql = logging.getLogger("django.db.backends").level
    yield lambda: out.getvalue().splitlines()
    assert sql == logging.WARNING
    loggers[0].removeHandler(handler)
    for logger, level in zip(loggers, before, strict=True):
        logger.setLevel(level)


def _breaks(*_args, **_more):
    raise ValueError(CANARY)


def test_no_word_of_a_reader_reaches_a_log(lines, asked, monkeypatch):
    browser = Client(raise_request_exception=False)
    article = asked()
    article.published = timezone.now()
    article.save()
    claim = next(iter(article.current.document["content"]["claims"]))
    question = f"Does {CANARY} help in croup?"
    browser.post("/ask/", {"question": question})
    worker.work_on(worker.claim("test"))
    browser.get(f"/runs/{Run.objects.latest('created').pk}/")
    browser.get("/articles/", {"q": CANARY})
    browser.get(f"/{CANARY}/")
    browser.get(f"/sources/{CANARY}/")
    browser.post(f"/articles/{article.pk}/claims/{claim}/report", {"words": CANARY})
    browser.post("/ask/", {"question": CANARY * 400})
    browser.put("/ask/", CANARY)
    Client(enforce_csrf_checks=True).post("/ask/", {"question": CANARY})
    browser.post("/accounts/login/", {"login": f"{CANARY}@example.org", "password": CANARY})
    browser.get("/articles/", {"q": CANARY}, headers={"User-Agent": CANARY, "Referer": f"https://x/{CANARY}"})
    with monkeypatch.context() as broken:
        broken.setattr(actions, "ask", _breaks)
        assert browser.post("/ask/", {"question": question}).status_code == 500
        broken.setattr(reading, "Paginator", _breaks)
        page = browser.get("/articles/", {"q": CANARY})
        assert page.status_code == 500
        assert CANARY not in page.content.decode()
        assert "wrong on our side" in page.content.decode()
    logged = lines()
    assert [line for line in logged if CANARY in line] == []
    assert sum("500 POST /ask/" in line for line in logged) == 1
    assert sum("500 GET /articles/" in line for line in logged) == 1
    assert any("404 GET /(no such address)" in line for line in logged)


def test_a_worker_that_fails_logs_where_and_not_what(lines, asked, monkeypatch):
    browser = Client()
    browser.post("/ask/", {"question": f"Does {CANARY} help in croup?"})
    broken = [name for name in ("write", "prepare") if hasattr(worker, name)]
    assert broken
    for name in broken:
        monkeypatch.setattr(worker, name, _breaks)
    worker.work_on(worker.claim("test"))
    assert Run.objects.get().fault == worker.SORRY
    logged = lines()
    assert any("failed" in line and "ValueError" in line for line in logged)
    assert [line for line in logged if CANARY in line] == []


def test_a_record_is_one_line_whatever_is_in_it():
    try:
        {}["first\nsecond"]
    except KeyError:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "a\nb %s", ("c\r\nd",), sys.exc_info())
    line = Lines("%(message)s").format(record)
    assert len(line.splitlines()) == 1
    assert line.startswith("a | b c | d | KeyError at test_logs.py:")
    assert "second" not in line


def test_a_host_that_is_refused_is_named_to_the_operator(lines, client):
    client.get("/", HTTP_HOST="new-name.example.org")
    assert any("new-name.example.org" in line and "ALLOWED_HOSTS" in line for line in lines())


def test_nothing_is_mailed_and_nothing_is_debugged():
    assert live.DEBUG is False
    assert live.ADMINS == []
    handlers = [h for name in ("", "django", "django.request") for h in logging.getLogger(name).handlers]
    assert not any(type(h).__name__ == "AdminEmailHandler" for h in handlers)
