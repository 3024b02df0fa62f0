"""The app of the interface for programs."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Tokens, and the addresses under ``/api/v1/``."""

    name = "consilium.site.api"
    label = "api"
