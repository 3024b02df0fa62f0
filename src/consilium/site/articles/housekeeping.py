"""Delete what has outlived its use, about once an hour: the worker calls it."""

from __future__ import annotations

import datetime
import logging

from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, Q
from django.utils import timezone

from consilium.site.articles.models import Article, Run, Use

log = logging.getLogger("consilium.worker")
DAY = datetime.timedelta(days=1)


def tidy() -> None:
    """Delete the counts of yesterday, sessions that have expired, and what only they could reach."""
    now = timezone.now()
    Use.objects.filter(at__lt=now - DAY).delete()
    Session.objects.filter(expire_date__lt=now).delete()
    # A day's grace: a session and what is asked in it are not kept in one moment.
    nobodys = Q(owner=None, created__lt=now - DAY) & ~Q(session="")
    lost = nobodys & ~Q(session__in=Session.objects.values("session_key"))
    Run.objects.filter(lost, finished__isnull=False).delete()
    for article in Article.objects.filter(lost, published=None):
        try:
            with transaction.atomic():
                article.delete()
        except (ProtectedError, IntegrityError):
            log.info("article %s is kept: other records need it", article.pk)
