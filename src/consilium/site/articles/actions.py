"""What people do with articles. Every change of the site's data starts here.

Each action takes ``by=``: whoever does it. Permission and state are checked inside.
"""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from consilium.domain.question import Question
from consilium.errors import EditorialError, QuestionError
from consilium.pipeline.enquiry import readable
from consilium.site.articles import quota
from consilium.site.articles.knowledge import jurisdictions, places
from consilium.site.articles.models import Article, Report, Run, RunEvent, State
from consilium.site.articles.quota import What
from consilium.site.articles.viewer import Viewer


class TooOften(EditorialError):
    """You have done this as often as one person may in an hour; try again later."""

    words = "You have done this often; you can do it again in {}."

    def __init__(self, wait: int) -> None:
        """``wait``: seconds until the next time is welcome."""
        minutes = max(1, wait // 60)
        super().__init__(self.words.format(f"{minutes} minute{'s' if minutes > 1 else ''}"))
        self.wait = wait


class TooManyQuestions(TooOften):
    """You have asked as many questions as one person may in an hour; try again later."""

    words = "You have asked many questions; you can ask again in {}."


class TooManyReports(TooOften):
    """You have reported as many problems as one person may in an hour; try again later."""

    words = "You have reported many problems; you can report another one in {}."


class NotYours(EditorialError):
    """Only whoever asked may do this."""


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
        QuestionError: it cannot be read, or the library knows no such country.
        TooManyQuestions: the asker's quota for this hour is used up.
    """
    text, place = readable(Question(question)).text, _known(country)
    with transaction.atomic():
        if wait := quota.spend(What.ASK, by, settings.ENVIRONMENT.asks_per_hour):
            raise TooManyQuestions(wait)
        run = Run.objects.create(
            question=text,
            audience=audience,
            country=place,
            follows=follows,
            anew=anew,
            owner=by.person,
            session="" if by.person else by.session,
        )
        RunEvent.objects.create(run=run, kind="queued", words="Waiting for its turn")
    return run


def _known(country: str) -> str:
    """A country as the sources write it."""
    named = country.strip().casefold()
    if not named:
        return ""
    for place in jurisdictions():
        if place.casefold() == named:
            return place
    raise QuestionError(
        f"The library holds no guidance for this country. Leave it empty, or name one of: {', '.join(places())}."
    )


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
    """Keep a reader's word that something is wrong with one sentence.

    Raises:
        TooManyReports: the reader's quota for this hour is used up.
    """
    with transaction.atomic():
        if wait := quota.spend(What.REPORT, by, settings.REPORTS_PER_HOUR):
            raise TooManyReports(wait)
        return Report.objects.create(
            article=article, claim=claim, words=words.strip()[:4000], owner=by.person
        )
