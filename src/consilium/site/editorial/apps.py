"""The app of editorial work."""

from __future__ import annotations

from django.apps import AppConfig


class EditorialConfig(AppConfig):
    """The board's work on articles."""

    name = "consilium.site.editorial"
    label = "editorial"

    def ready(self) -> None:
        """Let the deletion of an article that was worked on leave its tombstone."""
        from consilium.site.editorial import tombstones  # noqa: F401, PLC0415 - connects its receiver
