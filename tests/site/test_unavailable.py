"""A full disk and a database that is gone: a clear page, nothing lost, and back by itself."""

from __future__ import annotations

import contextlib

import pytest
from django.db import OperationalError, connection

from consilium.site.articles import viewer
from consilium.site.articles.models import Run
from consilium.site.unavailable import FULL, GONE, reason

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def full_disk(db):
    """A database that may grow no more, and whose free pages are used up, as on a full disk."""
    if connection.vendor != "sqlite":
        pytest.skip("SQLite's own limit stands for the disk")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        for size in (100_000, 1_000, 10):
            with contextlib.suppress(OperationalError):
                while True:
                    Run.objects.create(question="x" * size, session="filler")
        yield
        cursor.execute("PRAGMA max_page_count = 1073741823")


def test_a_full_disk_keeps_what_is_there_and_says_that_nothing_new_is_kept(client, asked, full_disk):
    client.raise_request_exception = False
    kept = Run.objects.count()
    answer = client.post("/ask/", {"question": "Does dexamethasone help in croup? " + "more " * 300})
    assert answer.status_code == 503
    assert FULL in answer.content.decode()
    assert answer["Retry-After"] == "10"
    assert Run.objects.count() == kept
    assert client.get("/").status_code == 200


def test_with_room_again_questions_are_taken_again(client, asked, full_disk):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count = 1073741823")
    assert client.post("/ask/", {"question": "Does dexamethasone help in croup?"}).status_code == 302


def test_a_database_that_is_gone_is_told_as_such(client, monkeypatch):
    def gone(*_, **__):
        raise OperationalError("connection refused")

    client.raise_request_exception = False
    monkeypatch.setattr(viewer.Viewer, "articles", gone)
    answer = client.get("/articles/00000000-0000-0000-0000-000000000000/")
    assert answer.status_code == 503
    assert GONE in answer.content.decode()
    assert "connection refused" not in answer.content.decode()


def test_the_interface_for_programs_says_it_too(client, monkeypatch):
    def gone(*_, **__):
        raise OperationalError("connection refused")

    client.raise_request_exception = False
    monkeypatch.setattr(viewer.Viewer, "articles", gone)
    answer = client.get("/api/v1/articles/00000000-0000-0000-0000-000000000000")
    assert answer.status_code == 503
    assert answer.json()["detail"] == GONE


def test_another_fault_is_no_fault_of_the_database():
    assert reason(ValueError("no")) is None
    assert reason(None) is None


def test_an_address_that_cannot_exist_is_not_found(client):
    assert (
        client.post("/ask/", {"question": "And in pregnancy?", "follows": "not-an-address"}).status_code
        == 404
    )
