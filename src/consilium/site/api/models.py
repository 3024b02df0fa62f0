"""A person's token: what a program shows instead of a password."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone


class ApiToken(models.Model):
    """One token of one person. The token itself is kept nowhere, only its keyed digest.

    Attributes:
        name: the person's own word for it: which program has it.
        digest: HMAC-SHA-256 of the token under the site's secret.
        scopes: what it opens; names of ``scopes.Scope``.
        last_used: when it last opened something, to the minute.
        revoked: when it was taken back, or None.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    scopes: models.JSONField[list[str], Any] = models.JSONField(default=list)
    created = models.DateTimeField(default=timezone.now, editable=False)
    expires = models.DateTimeField()
    last_used = models.DateTimeField(null=True, blank=True)
    revoked = models.DateTimeField(null=True, blank=True)

    class Meta:
        """The newest first."""

        ordering = ("-created", "-id")

    def __str__(self) -> str:
        """The person's own word for it."""
        return self.name

    @property
    def open(self) -> bool:
        """Whether it still opens anything."""
        return self.revoked is None and self.expires > timezone.now()
