"""The triggers by which the database itself refuses to change the audit log.

They hold off mistakes and every program that speaks to the database as the site does. The owner of
the database can drop them; ``verifying`` says when one is not there.

SQLite drops the triggers of a table that a migration rebuilds (AlterField and the like): such a
migration of ``AuditEntry`` has to call ``create`` again.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

from consilium.site.audit.chain import GENESIS

REFUSAL = "the audit log is append-only"
_NEXT = (
    "NEW.sequence <> (SELECT COALESCE(MAX(sequence), 0) + 1 FROM audit_entry) OR NEW.previous <> "  # noqa: S608
    f"COALESCE((SELECT hash FROM audit_entry ORDER BY sequence DESC LIMIT 1), '{GENESIS}')"
)
# BEFORE INSERT keeps REPLACE away, too, which in SQLite deletes without calling a trigger on DELETE.
_SQLITE = {
    f"audit_entry_{event.lower()}": (
        f"CREATE TRIGGER audit_entry_{event.lower()} BEFORE {event} ON audit_entry {when}"
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )
    for event, when in (("UPDATE", ""), ("DELETE", ""), ("INSERT", f"WHEN {_NEXT} "))
}
# An empty table may be truncated: nothing is lost by that.
_FUNCTION = f"""
CREATE FUNCTION audit_entry_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT ({_NEXT}) THEN RETURN NEW; END IF;
    ELSIF TG_OP = 'TRUNCATE' THEN
        IF NOT EXISTS (SELECT FROM audit_entry) THEN RETURN NULL; END IF;
    END IF;
    RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
END $$"""
# ALWAYS: also in a session that declares itself a replica.
_POSTGRESQL = {
    f"audit_entry_{event.lower()}": (
        f"CREATE TRIGGER audit_entry_{event.lower()} BEFORE {event} ON audit_entry "
        f"FOR EACH {each} EXECUTE FUNCTION audit_entry_append_only(); "
        f"ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER audit_entry_{event.lower()}"
    )
    for event, each in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("INSERT", "ROW"), ("TRUNCATE", "STATEMENT"))
}


def create(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers into the database."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
        for statement in _wanted(connection).values():
            cursor.execute(statement)


def drop(connection: BaseDatabaseWrapper) -> None:
    """Take them out: for a migration backwards."""
    table = " ON audit_entry" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in _wanted(connection):
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{table}")
        if connection.vendor == "postgresql":
            cursor.execute("DROP FUNCTION IF EXISTS audit_entry_append_only()")


def missing(connection: BaseDatabaseWrapper) -> tuple[str, ...]:
    """The names of those that are not there, or are switched off."""
    there = (
        "SELECT tgname FROM pg_trigger WHERE tgrelid = 'audit_entry'::regclass AND tgenabled IN ('A', 'O')"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entry'"
    )
    with connection.cursor() as cursor:
        cursor.execute(there)
        found = {name for (name,) in cursor.fetchall()}
    return tuple(name for name in _wanted(connection) if name not in found)


def _wanted(connection: BaseDatabaseWrapper) -> dict[str, str]:
    return _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE
