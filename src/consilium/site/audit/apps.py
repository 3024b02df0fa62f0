"""The app of the audit log."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Who did what, in an order that nobody changes unseen."""

    name = "consilium.site.audit"
    label = "audit"
