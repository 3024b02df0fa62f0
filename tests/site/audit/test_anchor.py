"""The head, kept in a file that the owner of the database does not hold."""

from __future__ import annotations

import dataclasses
import datetime

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.utils import timezone
from tests.site.audit.conftest import write

from consilium.errors import AuditBroken, ConfigurationError
from consilium.site.audit import anchoring, triggers
from consilium.site.audit.anchoring import Anchor, anchor, kept_in
from consilium.site.audit.chain import GENESIS, Head, head
from consilium.site.audit.models import AuditEntry
from consilium.site.audit.verifying import verify
from consilium.site.environment import read

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def path(settings, tmp_path):
    chosen = tmp_path / "heads"
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, audit_anchor=chosen)
    return chosen


@pytest.fixture
def clock(monkeypatch):
    """The time of day, which the test may move."""
    now = [timezone.now()]
    monkeypatch.setattr("consilium.site.audit.anchoring.timezone.now", lambda: now[0])
    return now


def _write(count):
    with transaction.atomic():
        return write(count)


def _heads(path):
    return [each.head for each in kept_in(path).anchors]


def test_the_first_head_begins_the_file(path):
    _write(3)
    assert anchor() == head()
    assert _heads(path) == [head()]
    assert path.read_text().endswith("\n")


def test_a_head_is_due_a_day_after_the_last_one_and_not_before(path, clock):
    _write(1)
    anchor()
    _write(1)
    clock[0] += datetime.timedelta(hours=23)
    assert anchor() is None
    clock[0] += datetime.timedelta(hours=1)
    assert anchor() == head()
    assert [h.sequence for h in _heads(path)] == [1, 2]


def test_a_head_is_due_after_so_many_entries(path, monkeypatch):
    monkeypatch.setattr(anchoring, "EVERY_ENTRIES", 4)
    anchor()
    _write(3)
    assert anchor() is None
    _write(1)
    assert anchor() == head()


def test_the_same_head_is_not_kept_twice(path, clock):
    _write(1)
    anchor()
    clock[0] += datetime.timedelta(days=3)
    assert anchor() is None
    assert anchor(now=True) is None


def test_a_head_can_be_asked_for_at_once(path):
    anchor()
    _write(1)
    assert anchor(now=True) == head()


def test_without_a_file_nothing_is_anchored():
    assert anchor(now=True) is None


def test_nothing_is_anchored_that_may_never_be_committed(path):
    with transaction.atomic(), pytest.raises(TransactionManagementError):
        anchor()
    assert not path.exists()


@pytest.mark.parametrize("gone", [3, 1])
def test_no_head_is_added_to_a_log_that_lost_the_last_one(path, gone):
    _write(3)
    anchor()
    before = path.read_text()
    triggers.drop(connection)
    AuditEntry.objects.filter(sequence__gte=gone).delete()
    triggers.create(connection)
    _write(1)
    with pytest.raises(AuditBroken, match=str(path)):
        anchor(now=True)
    assert path.read_text() == before
    assert verify(_heads(path)).faults


def test_what_was_anchored_holds_against_the_log(path):
    for _ in range(3):
        _write(2)
        anchor(now=True)
    assert len(_heads(path)) == 3
    assert verify(_heads(path)).sound


def test_a_line_that_broke_off_spoils_neither_the_ones_before_nor_the_next(path):
    _write(1)
    anchor()
    with path.open("a") as file:
        file.write("2026-01-01T00:00:00Z 2:sha")
    _write(1)
    anchor(now=True)
    assert [h.sequence for h in _heads(path)] == [1, 2]
    assert kept_in(path).others == (2,)


def test_a_file_that_cannot_be_written_is_told(path):
    path.mkdir()
    with pytest.raises(ConfigurationError, match="cannot be read"):
        anchor()
    path.rmdir()
    path.parent.joinpath("file").write_text("no folder")
    from django.conf import settings

    settings.ENVIRONMENT = dataclasses.replace(
        settings.ENVIRONMENT, audit_anchor=path.parent / "missing" / "heads"
    )
    with pytest.raises(ConfigurationError, match="cannot be written"):
        anchor()


def test_the_file_of_the_setting_is_a_whole_path(tmp_path):
    wanted = {"CONSILIUM_DATA_DIR": str(tmp_path)}
    assert read({**wanted, "CONSILIUM_AUDIT_ANCHOR": "/mnt/heads"}).audit_anchor.as_posix() == "/mnt/heads"
    assert read(wanted).audit_anchor is None
    with pytest.raises(ConfigurationError, match="whole path"):
        read({**wanted, "CONSILIUM_AUDIT_ANCHOR": "heads"})


@pytest.mark.parametrize(
    "text", ["", "x", "1", "1:", "1:abc", "-1:" + GENESIS, "1:sha256:" + "A" * 64, "١:" + GENESIS]
)
def test_what_is_no_head_is_not_read_as_one(text):
    with pytest.raises(ValueError, match="is"):
        Head.parse(text)


def test_a_head_and_an_anchor_are_read_as_they_are_written():
    kept = Head(7, "sha256:" + "a" * 64)
    assert Head.parse(f" {kept}\n") == kept
    line = Anchor(datetime.datetime(2026, 1, 31, 12, tzinfo=datetime.UTC), kept)
    assert str(line) == f"2026-01-31T12:00:00Z {kept}"
    assert Anchor.parse(str(line)) == line
