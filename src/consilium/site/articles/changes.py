"""Tell every process that what readers see has changed."""

from __future__ import annotations

from django.db import transaction

from consilium.site import page_cache


def changed() -> None:
    """Readers will see it as soon as the change is committed, and not before.

    Call it in every action that publishes, withdraws, revises, reviews or deletes what is
    published.
    """
    transaction.on_commit(page_cache.changed)
