"""How often one asker may do something in an hour.

Each use is counted by itself, under keyed digests and without a word of what was done: whoever
deletes what they asked gets no new share of the hour. The counts go after a day.
"""

from __future__ import annotations

import datetime
from enum import StrEnum

from django.db import connection, transaction
from django.utils import timezone

from consilium.site.addresses import keyed
from consilium.site.articles.models import Use
from consilium.site.articles.viewer import Viewer

HOUR = datetime.timedelta(hours=1)


class What(StrEnum):
    """What is counted."""

    ASK = "ask"
    REPORT = "report"


def spend(what: What, by: Viewer, most: int) -> int:
    """Count one use, by the asker and by their network.

    Returns:
        0; where ``most`` uses of this hour are spent, the seconds until the next one is welcome,
        and nothing is counted.
    """
    now = timezone.now()
    with transaction.atomic():
        names = _names(by)
        _one_at_a_time(names)
        for name in names:
            spent = Use.objects.filter(what=what, who=name, at__gt=now - HOUR).order_by("-at")
            if oldest := spent[most - 1 : most].values_list("at", flat=True).first():
                return max(1, int((oldest + HOUR - now).total_seconds()))
        Use.objects.bulk_create(Use(what=what, who=name, at=now) for name in names)
    return 0


def _names(by: Viewer) -> list[str]:
    """The digests under which somebody is counted, in one order for everybody."""
    asker = f"person {by.person.pk}" if by.person else f"session {by.session}" if by.session else ""
    told = [name for name in (asker, f"visitor {by.visitor}" if by.visitor else "") if name]
    return sorted(map(keyed, told))


def _one_at_a_time(names: list[str]) -> None:
    """Hold back another use by the same asker until this one is counted.

    SQLite's transactions start as writers, one after another; PostgreSQL needs a lock.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for name in names:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])
