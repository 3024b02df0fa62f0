"""Whatever the owner of the database does to the log, verifying names it, or a head kept elsewhere shows it."""

from __future__ import annotations

import datetime
import os

import pytest
from django.db import connection, transaction
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.site.audit.conftest import ARTICLE, write

from consilium.site.audit import triggers, verifying
from consilium.site.audit.chain import GENESIS, Head, digest_of, head
from consilium.site.audit.models import AuditEntry
from consilium.site.audit.verifying import Fault, verify

pytestmark = pytest.mark.django_db
A_DAY = datetime.timedelta(days=1)
OTHER = "sha256:" + "a" * 64
CHANGES = {
    "at": datetime.datetime(2001, 1, 1, tzinfo=datetime.UTC),
    "action": "article.withdrawn",
    "subject": ARTICLE[:-1] + "8",
    "actor": "nobody",
    "details": {"revision": 3, "to": "submitted"},
    "previous": OTHER,
    "hash": OTHER,
}


@pytest.fixture
def unchecked(db):
    """Let SQLite keep what its own checks refuse."""
    if connection.vendor == "sqlite":
        connection.cursor().execute("PRAGMA ignore_check_constraints = ON")
    yield
    if connection.vendor == "sqlite":
        connection.cursor().execute("PRAGMA ignore_check_constraints = OFF")


def _faults(*heads: Head) -> list[Fault]:
    return list(verify(heads).faults)


def _one(number: int, words: str) -> list[Fault]:
    return [Fault(number, number, words)]


def _rewrite(first: int) -> None:
    """Change an entry and compute every hash from it on anew, as somebody would who knows how."""
    AuditEntry.objects.filter(sequence=first).update(action="article.withdrawn")
    previous = AuditEntry.objects.get(sequence=first).previous
    # From the end, so that no hash stands twice for a while.
    for entry in AuditEntry.objects.filter(sequence__gte=first).order_by("-sequence"):
        AuditEntry.objects.filter(pk=entry.pk).update(previous=f"x{entry.pk}")
    for entry in AuditEntry.objects.filter(sequence__gte=first).order_by("sequence"):
        entry.previous = previous
        entry.hash = previous = digest_of(entry)
        AuditEntry.objects.filter(pk=entry.pk).update(previous=entry.previous, hash=entry.hash)


def test_a_log_that_nobody_touched_holds(ten):
    verdict = verify([Head(3, ten[2].hash), Head(0, GENESIS), head()])
    assert (verdict.sound, verdict.entries, verdict.head) == (True, 10, Head(10, ten[9].hash))


def test_an_empty_log_holds():
    assert verify([Head(0, GENESIS)]).sound


@pytest.mark.parametrize("number", [1, 4, 10])
@pytest.mark.parametrize("field", CHANGES)
def test_a_changed_field_is_found_and_its_entry_named_alone(ten, owner, field, number):
    owner.filter(sequence=number).update(**{field: CHANGES[field]})
    assert _faults() == _one(number, verifying.CHANGED)


def test_a_microsecond_is_found(ten, owner):
    owner.filter(sequence=4).update(at=ten[3].at + datetime.timedelta(microseconds=1))
    assert _faults() == _one(4, verifying.CHANGED)


def test_a_changed_number_is_found(ten, owner):
    owner.filter(sequence=10).update(sequence=12)
    assert _faults() == [Fault(10, 11, verifying.MISSING), *_one(12, verifying.MOVED.format(place=10))]


@pytest.mark.parametrize("number", [0, -4])
def test_a_number_that_the_log_never_gives_is_found(ten, owner, number):
    owner.filter(sequence=10).update(sequence=number)
    assert _faults() == _one(number, verifying.IMPOSSIBLE)


@pytest.mark.parametrize("gone,named", [((1,), (1, 1)), ((4,), (4, 4)), ((4, 5, 6), (4, 6))])
def test_missing_entries_are_named(ten, owner, gone, named):
    owner.filter(sequence__in=gone).delete()
    assert _faults() == [Fault(*named, verifying.MISSING)]


def test_closing_a_gap_by_renumbering_is_found(ten, owner):
    owner.filter(sequence=4).delete()
    for number in range(5, 11):
        owner.filter(sequence=number).update(sequence=F("sequence") - 1)
    assert [fault.first for fault in _faults()] == [4, 5, 6, 7, 8, 9]


@pytest.mark.parametrize("first,second", [(4, 5), (2, 9), (1, 10)])
def test_two_entries_that_were_swapped_are_named_with_their_places(ten, owner, first, second):
    owner.filter(sequence=first).update(sequence=99)
    owner.filter(sequence=second).update(sequence=first)
    owner.filter(sequence=99).update(sequence=second)
    moved = verifying.MOVED
    assert _faults() == [*_one(first, moved.format(place=second)), *_one(second, moved.format(place=first))]


def test_an_entry_whose_hash_was_computed_anew_is_found_by_the_one_after_it(ten, owner):
    entry = owner.get(sequence=4)
    entry.action = "article.withdrawn"
    owner.filter(sequence=4).update(action=entry.action, hash=digest_of(entry))
    assert _faults() == _one(4, verifying.REWRITTEN)


def test_a_chain_that_begins_elsewhere_is_found(ten, owner):
    owner.filter(sequence__gt=1).delete()
    entry = owner.get()
    entry.previous = OTHER
    owner.update(previous=OTHER, hash=digest_of(entry))
    assert _faults() == _one(1, verifying.FOREIGN)


def test_every_fault_is_named_and_the_first_comes_first(ten, owner):
    owner.filter(sequence=8).update(action="a.b")
    owner.filter(sequence=6).delete()
    owner.filter(sequence=2).update(actor="site")
    assert [(fault.first, fault.words) for fault in _faults()] == [
        (2, verifying.CHANGED), (6, verifying.MISSING), (8, verifying.CHANGED),
    ]  # fmt: skip


def test_entries_cut_off_at_the_end_show_only_against_a_head_kept_elsewhere(ten, owner):
    kept = head()
    owner.filter(sequence__gt=7).delete()
    assert _faults() == []
    assert _faults(kept) == [Fault(8, 10, verifying.CUT_OFF)]


def test_a_log_that_was_emptied_shows_only_against_a_head_kept_elsewhere(ten, owner):
    kept = head()
    owner.delete()
    assert _faults() == []
    assert _faults(kept) == [Fault(1, 10, verifying.CUT_OFF)]


def test_a_chain_rewritten_to_its_end_shows_only_against_a_head_kept_elsewhere(ten, owner):
    kept = head()
    _rewrite(4)
    assert _faults() == []
    assert _faults(kept) == [Fault(1, 10, verifying.NOT_AS_KEPT)]


def test_several_heads_say_between_which_the_rewriting_began(ten, owner):
    heads = [Head(n, ten[n - 1].hash) for n in (2, 3, 6, 9)]
    _rewrite(4)
    assert _faults(*heads) == [Fault(4, 6, verifying.NOT_AS_KEPT)]


def test_cutting_off_and_recording_anew_shows_against_the_head(ten, owner):
    kept = head()
    owner.filter(sequence__gt=7).delete()
    write(5)
    assert _faults(kept) == [Fault(1, 10, verifying.NOT_AS_KEPT)]


# SQLite keeps what it is given, whatever the column's type; PostgreSQL takes few of these.
NO_ENTRY = [("actor", "'12'"), ("hash", "''")] + ([] if "DATABASE_URL" in os.environ else [
    ("at", "'yesterday'"), ("at", "7"), ("at", "x'ff'"), ("details", "'not JSON'"), ("details", "'[1]'"),
    ("details", "'1.0e999'"), ("action", "x'ff'"), ("action", "CAST(x'ff' AS TEXT)"), ("hash", "x'00'"),
])  # fmt: skip


@pytest.mark.parametrize("field,value", NO_ENTRY)
def test_an_entry_that_is_none_any_more_is_named_and_the_rest_is_read(ten, owner, unchecked, field, value):
    owner.filter(sequence=8).update(action="a.b")
    connection.cursor().execute(f"UPDATE audit_entry SET {field} = {value} WHERE sequence = 4")  # noqa: S608
    found = _faults()
    assert [fault.first for fault in found] == [4, 8]
    assert found[0].words in {verifying.CHANGED, verifying.UNREADABLE}


def test_a_long_log_is_read_page_by_page(ten, owner, monkeypatch):
    monkeypatch.setattr("consilium.site.audit.chain._PAGE", 3)
    assert (verify().entries, verify().faults) == (10, ())
    owner.filter(sequence__in=(3, 4)).delete()
    owner.filter(sequence=6).update(action="a.b")
    assert [(fault.first, fault.last) for fault in _faults()] == [(3, 4), (6, 6)]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), count=st.integers(1, 12))
def test_no_change_of_any_entry_of_any_log_passes(data, count):
    with transaction.atomic():
        write(count)
        triggers.drop(connection)
        kept = head()
        number = data.draw(st.integers(1, count), label="entry")
        entry = AuditEntry.objects.filter(sequence=number)
        act = data.draw(st.sampled_from(["delete", "rewrite", *CHANGES]), label="act")
        if act == "delete":
            entry.delete()
        elif act == "rewrite":
            _rewrite(number)
        else:
            entry.update(**{act: CHANGES[act]})
        assert verify([kept]).faults
        if act in CHANGES:
            assert [fault.first for fault in verify().faults] == [number]
        transaction.set_rollback(True)
