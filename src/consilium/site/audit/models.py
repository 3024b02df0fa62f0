"""What the audit log keeps: its entries for ever, and beside them who stands behind a pseudonym.

An entry says nothing about a person: its actor is a random pseudonym. Whose it is stands in a table
of its own, from which a row can be deleted without breaking the chain.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models


class Actor(models.Model):
    """Whose a pseudonym is; deleted with the person, and the pseudonym stays in the log."""

    pseudonym = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    def __str__(self) -> str:
        """The pseudonym."""
        return str(self.pseudonym)


class AuditEntry(models.Model):
    """One thing that was done. Triggers refuse to change or delete it (``triggers``).

    Attributes:
        sequence: from 1, without gaps; the order of the log. The clock is not: it may jump back.
        action: what was done, as ``article.approved``.
        subject: what it was done to, as ``article:UUID``.
        actor: the pseudonym of whoever did it; ``site`` where no person did.
        details: see ``details``: no personal data, nothing of a question.
        previous: ``hash`` of the entry before; ``chain.GENESIS`` in the first.
        hash: the digest of everything else in this entry (``chain.digest_of``).
    """

    # An integer, not a bigint: in SQLite it then is the row's own number, and no second number is
    # left by which REPLACE could get at a row.
    sequence = models.IntegerField(primary_key=True)
    at = models.DateTimeField()
    action = models.CharField(max_length=61)
    subject = models.CharField(max_length=140, db_index=True)
    actor = models.CharField(max_length=36, db_index=True)
    details: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    previous = models.CharField(max_length=71, unique=True)
    hash = models.CharField(max_length=71)

    class Meta:
        """As they were written."""

        db_table = "audit_entry"
        ordering = ("sequence",)
        verbose_name_plural = "audit entries"

    def __str__(self) -> str:
        """Its number and what was done."""
        return f"{self.sequence}: {self.action} {self.subject}"
