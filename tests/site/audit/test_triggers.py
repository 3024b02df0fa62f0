"""The database itself refuses to change the log."""

from __future__ import annotations

import os

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from tests.site.audit.conftest import write

from consilium.site.audit import triggers
from consilium.site.audit.models import AuditEntry
from consilium.site.audit.verifying import verify

pytestmark = pytest.mark.django_db
COLUMNS = "sequence, at, action, subject, actor, details, previous, hash"


def _refused(statement: str) -> None:
    before = list(AuditEntry.objects.values())
    with pytest.raises(IntegrityError, match=triggers.REFUSAL), transaction.atomic():
        connection.cursor().execute(statement)
    assert list(AuditEntry.objects.values()) == before


def test_every_trigger_is_there_after_all_migrations():
    assert triggers.missing(connection) == ()


@pytest.mark.parametrize("field", [name for name in COLUMNS.split(", ") if name != "sequence"])
def test_no_field_of_an_entry_can_be_changed(ten, field):
    _refused(f"UPDATE audit_entry SET {field} = {field} WHERE sequence = 4")  # noqa: S608


def test_no_entry_can_be_renumbered(ten):
    _refused("UPDATE audit_entry SET sequence = 40 WHERE sequence = 4")


def test_no_entry_can_be_deleted(ten):
    _refused("DELETE FROM audit_entry WHERE sequence = 10")


def test_djangos_own_ways_to_change_an_entry_are_refused(ten):
    for change in (lambda: AuditEntry.objects.all().delete(), ten[3].save, ten[3].delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert verify().sound


@pytest.mark.parametrize("number,after", [(12, 10), (11, 4), (4, 3)])
def test_an_entry_that_does_not_continue_the_chain_is_refused(ten, number, after):
    values = f"{number}, '2026-01-01', 'a.b', 'c', 'site', '{{}}', '{ten[after - 1].hash}', 'x'"
    _refused(f"INSERT INTO audit_entry ({COLUMNS}) VALUES ({values})")  # noqa: S608


REPLACING = (
    [f"INSERT INTO audit_entry SELECT * FROM audit_entry WHERE sequence = {n} "  # noqa: S608
     "ON CONFLICT (sequence) DO UPDATE SET action = 'other'" for n in (4, 10)]
    if "DATABASE_URL" in os.environ else
    [f"{replace} WHERE sequence = {n}" for n in (4, 10) for replace in (
        "INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry",
        "UPDATE OR REPLACE audit_entry SET sequence = 3",
    )]
)  # fmt: skip


@pytest.mark.parametrize("statement", REPLACING)
def test_an_entry_cannot_be_replaced(ten, statement):
    _refused(statement)


def test_the_log_cannot_be_emptied(ten):
    _refused("TRUNCATE audit_entry" if connection.vendor == "postgresql" else "DELETE FROM audit_entry")


def test_a_session_that_declares_itself_a_replica_is_refused_too(ten):
    if connection.vendor == "postgresql":
        connection.cursor().execute("SET LOCAL session_replication_role = replica")
    _refused("DELETE FROM audit_entry")


def test_triggers_that_were_dropped_are_named(ten, owner):
    verdict = verify()
    assert "audit_entry_delete" in verdict.unguarded
    assert verdict.faults == ()
    assert not verdict.sound


@pytest.mark.django_db(transaction=True)
def test_the_migration_can_be_taken_back_and_done_again():
    with transaction.atomic():
        write(2)
    try:
        call_command("migrate", "audit", "0001", verbosity=0)
        assert set(triggers.missing(connection)) >= {"audit_entry_update", "audit_entry_delete"}
        with transaction.atomic():
            AuditEntry.objects.filter(sequence=2).delete()
    finally:
        call_command("migrate", verbosity=0)
    assert triggers.missing(connection) == ()
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEntry.objects.all().delete()
