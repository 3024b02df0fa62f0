"""Publish an answer: an explicit act of whoever asked, after the scrubber and a person have looked.

The question is part of what an article claims, and its digest covers it. So an article whose
question has to lose a name is not edited: the scrubbed question is asked anew, and the answer to
that is published; the first one stays private. An abstention tells a reader nothing about
medicine and is never published. A follow-up is understood only after what it follows, so it is
published only where that is public.
"""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from consilium.domain.question import Question
from consilium.errors import EditorialError
from consilium.pipeline.enquiry import readable
from consilium.pipeline.scrub import Finding, scrub
from consilium.site.articles.actions import NotYours, ask
from consilium.site.articles.changes import changed
from consilium.site.articles.models import Article, Run
from consilium.site.articles.viewer import Viewer


class NotPublishable(EditorialError):
    """This answer cannot be published."""


class Identifies(EditorialError):
    """The question or its country holds something that could identify a person; take it out first."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        """``findings``: what the scrubber found."""
        kinds = sorted({finding.kind.value for finding in findings})
        super().__init__(
            f"The question still holds what could identify a person: {', '.join(kinds)}. "
            "Take it out, or say it in other words."
        )
        self.findings = findings


def hindrance(article: Article) -> str | None:
    """Why an article cannot be published whatever its question says, as a sentence; else None."""
    if article.current.kind != "article":
        return "Consilium found no answer to this question, and only answers can be published."
    if article.parent and not article.parent.published:
        return "This follows up an answer that is private. Publish that one first."
    return None


def publish(*, article: Article, by: Viewer, question: str) -> Run | None:
    """Publish an answer under a question that its asker has looked at.

    Returns:
        None where the article is public now; the run of the new question where the question was
        changed: its answer is published as soon as it is there.

    Raises:
        NotYours: somebody else asked.
        NotPublishable: it is an abstention, or follows a private answer.
        Identifies: the question holds what could identify a person.
        QuestionError: the question cannot be read.
        TooManyQuestions: it has to be asked anew, and the quota for this hour is used up.
    """
    if not by.owns(article):
        raise NotYours
    if hindered := hindrance(article):
        raise NotPublishable(hindered)
    text = readable(Question(question)).text
    found = scrub(text).findings + scrub(article.country).findings
    if found:
        raise Identifies(found)
    with transaction.atomic():
        if text == article.question:
            if Article.objects.filter(pk=article.pk, published=None).update(published=timezone.now()):
                changed()
            return None
        run = ask(question=text, by=by, country=article.country, follows=article.parent, anew=True)
        Run.objects.filter(pk=run.pk).update(publish=True)
    run.refresh_from_db()
    return run


def moment(run: Run, kind: str) -> datetime.datetime | None:
    """When the answer of a run is published: now, where its asker has confirmed that; else None.

    Call it inside the transaction that keeps the answer.
    """
    if not run.publish or kind != "article" or (run.follows and not run.follows.published):
        return None
    changed()
    return timezone.now()


def unpublish(*, article: Article, by: Viewer) -> int:
    """Make an answer private again, and with it the asker's own follow-ups to it.

    Returns:
        How many articles are private now that were public.

    Raises:
        NotYours: somebody else asked.
    """
    if not by.owns(article):
        raise NotYours
    below, level = [article.pk], [article.pk]
    while level:
        own = Article.objects.filter(by.mine(), parent__in=level, published__isnull=False)
        level = list(own.exclude(pk__in=below).values_list("pk", flat=True))
        below += level
    with transaction.atomic():
        changed()
        return Article.objects.filter(pk__in=below, published__isnull=False).update(published=None)
