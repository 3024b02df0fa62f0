"""What people do with articles. Every change of the site's data starts here.

Each action takes ``by=``: whoever does it. Permission and state are checked inside.
"""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from consilium.domain.question import Question
from consilium.errors import EditorialError
from consilium.pipeline.enquiry import readable
from consilium.site.articles.models import Article, Report, Run, RunEvent, State
from consilium.site.articles.viewer import Viewer


class TooManyQuestions(EditorialError):
    """You have asked as many questions as one person may in an hour; try again later."""

    def __init__(self, wait: int) -> None:
        """``wait``: seconds until the next one is welcome."""
        super().__init__(f"You have asked many questions; you can ask again in {max(1, wait // 60)} minutes.")
        self.wait = wait


class NotYours(EditorialError):
    """Only whoever asked may do this."""


_HOUR = datetime.timedelta(hours=1)


def ask(
    *,
    question: str,
    by: Viewer,
    audience: str = "clinician",
    country: str = "",
    follows: Article | None = None,
    anew: bool = False,
) -> Run:
    """Queue a question.

    Raises:
        QuestionError: it cannot be read.
        TooManyQuestions: the asker's quota for this hour is used up.
    """
    text = readable(Question(question)).text
    with transaction.atomic():
        _one_at_a_time(by)
        _within_quota(by)
        run = Run.objects.create(
            question=text,
            audience=audience,
            country=country,
            follows=follows,
            anew=anew,
            owner=by.person,
            session="" if by.person else by.session,
            visitor=by.visitor,
        )
        RunEvent.objects.create(run=run, kind="queued", words="Waiting for its turn")
    return run


def _one_at_a_time(by: Viewer) -> None:
    """Hold back another question of the same visitor until this one is counted.

    SQLite's transactions start as writers, one after another; PostgreSQL needs a lock.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [by.visitor or by.session])


def _within_quota(by: Viewer) -> None:
    since = timezone.now() - _HOUR
    own = Run.objects.filter(created__gte=since)
    for mine in (own.filter(by.mine()), own.filter(visitor=by.visitor) if by.visitor else own.none()):
        if mine.count() >= settings.ENVIRONMENT.asks_per_hour:
            first = mine.order_by("created").values_list("created", flat=True)[0]
            raise TooManyQuestions(int((first + _HOUR - timezone.now()).total_seconds()))


def cancel(*, run: Run, by: Viewer) -> bool:
    """Stop a run, at once if nobody works on it, else at its next stage.

    Returns:
        Whether there was anything to stop.

    Raises:
        NotYours: somebody else asked.
    """
    if not by.owns(run):
        raise NotYours
    with transaction.atomic():
        queued = Run.objects.filter(pk=run.pk, state=State.QUEUED)
        if queued.update(state=State.CANCELLED, finished=timezone.now()):
            RunEvent.objects.create(run=run, kind="cancelled", words="Cancelled")
            return True
    return bool(Run.objects.filter(pk=run.pk, state=State.RUNNING).update(cancelling=True))


def report(*, article: Article, claim: str, words: str, by: Viewer) -> Report:
    """Keep a reader's word that something is wrong with one sentence."""
    return Report.objects.create(article=article, claim=claim, words=words.strip()[:4000], owner=by.person)
