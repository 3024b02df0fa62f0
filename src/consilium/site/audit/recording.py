"""Append to the audit log, inside the transaction of what is recorded.

Writers come one after another: in SQLite a transaction begins as a writer (IMMEDIATE), in PostgreSQL
each takes a lock that ends with its transaction. Should that ever fail, two entries after the same
one cannot both be kept, because ``sequence`` and ``previous`` are unique: one transaction fails, with
all that it did.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from consilium.site.audit.chain import digest_of, head
from consilium.site.audit.details import Detail, action_named, plain, reference
from consilium.site.audit.models import Actor, AuditEntry

SITE = "site"
# "audit" in ASCII: beyond the 32 bits of the locks by which questions are counted.
_LOCK = 0x6175646974


def record(
    *, action: str, by: AbstractBaseUser | None, subject: str, details: Mapping[str, Detail] | None = None
) -> AuditEntry:
    """Append one entry; kept if and only if the transaction around it is.

    Call it last in the transaction: until that ends, nobody else can record anything.

    Args:
        by: whoever did it; None where the site did it by itself.
        subject: what it was done to, a reference of ``details.REFERENCES``.

    Raises:
        NotForTheLog: action, subject or details are not of the shape that the log takes.
        TransactionManagementError: there is no transaction.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("An audit entry is recorded in the transaction of what it records.")
    entry = AuditEntry(action=action_named(action), subject=reference(subject), details=plain(details or {}))
    _one_at_a_time()
    newest = head()
    entry.sequence, entry.previous = newest.sequence + 1, newest.hash
    entry.at = timezone.now()
    entry.actor = pseudonym(by).removeprefix("actor:") if by else SITE
    entry.hash = digest_of(entry)
    entry.save(force_insert=True)
    return entry


def pseudonym(person: AbstractBaseUser) -> str:
    """How the log calls a person, as the reference ``actor:UUID``; made when it is first wanted."""
    actor, _ = Actor.objects.get_or_create(user_id=person.pk)
    return f"actor:{actor.pseudonym}"


def _one_at_a_time() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
