"""A few published answers, so that a newcomer lands on a living site."""

from __future__ import annotations

import time
from collections.abc import Iterable

from django.utils import timezone

from consilium.site.articles import actions
from consilium.site.articles.changes import changed
from consilium.site.articles.models import Article, Run
from consilium.site.articles.viewer import Viewer

_PATIENCE = 60.0


def publish_demo(questions: Iterable[str]) -> None:
    """Ask each question that is not there yet, wait for its answer and publish it."""
    nobody = Viewer(None, "demo")
    runs: list[Run] = []
    for question in questions:
        if not Article.objects.filter(question=question, published__isnull=False).exists():
            runs.append(actions.ask(question=question, by=nobody))
    until = time.monotonic() + _PATIENCE
    while (
        time.monotonic() < until and Run.objects.filter(pk__in=[r.pk for r in runs], finished=None).exists()
    ):
        time.sleep(0.1)
    ids = Run.objects.filter(pk__in=[r.pk for r in runs], article__isnull=False).values_list(
        "article", flat=True
    )
    Article.objects.filter(pk__in=list(ids)).update(published=timezone.now())
    changed()
