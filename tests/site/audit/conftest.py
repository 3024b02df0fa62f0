"""A log with a few entries, and a way to get at it as its owner could."""

from __future__ import annotations

import enum
import uuid

import pytest
from django.db import connection

from consilium.site.audit import triggers
from consilium.site.audit.models import AuditEntry
from consilium.site.audit.recording import record

ARTICLE = f"article:{uuid.UUID(int=7)}"


class Standing(enum.Enum):
    """Words of the code, as a workflow has them."""

    SUBMITTED = "submitted"
    APPROVED = "approved"


def write(count: int, by=None) -> list[AuditEntry]:
    """Record so many entries; call it in a transaction."""
    return [
        record(
            action="article.approved",
            by=by,
            subject=ARTICLE,
            details={"revision": number, "to": Standing.APPROVED},
        )
        for number in range(count)
    ]


@pytest.fixture
def ten(db, person) -> list[AuditEntry]:
    return write(10, person)


@pytest.fixture
def owner(db):
    """The database as its owner has it: no triggers. The test's transaction puts them back."""
    triggers.drop(connection)
    return AuditEntry.objects.all()
