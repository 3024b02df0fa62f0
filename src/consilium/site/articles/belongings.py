"""What belongs to somebody: list it, take it away as one file, delete it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, ProtectedError, QuerySet, Subquery
from django.utils import timezone
from django.utils.module_loading import import_string

from consilium.errors import EditorialError
from consilium.site.accounts import people
from consilium.site.articles.actions import NotYours
from consilium.site.articles.changes import changed
from consilium.site.articles.models import Article, Report, Revision, Run
from consilium.site.articles.viewer import Viewer

if TYPE_CHECKING:
    from consilium.site.accounts.models import User

FORMAT = "consilium/own/1"
_TOKEN = ("name", "scopes", "created", "expires", "last_used", "revoked")


class WrongPassword(EditorialError):
    """The password is not right."""


class StillPublic(EditorialError):
    """This answer is public. Make it private first; then you can delete it."""


class KeptForTheRecord(EditorialError):
    """The editors have worked on this, and their record has to stay whole. Ask an operator of this site."""


@dataclass(slots=True)
class Thread:
    """An article and the viewer's own follow-ups to it, the first first."""

    article: Article
    follow_ups: list[Thread] = field(default_factory=list)


def articles_of(by: Viewer) -> QuerySet[Article]:
    """The viewer's own articles, each with the ``kind`` of its newest revision."""
    newest = Revision.objects.filter(article=OuterRef("pk")).order_by("-number").values("kind")[:1]
    return Article.objects.filter(by.mine()).annotate(kind=Subquery(newest))


def threads(by: Viewer) -> list[Thread]:
    """The viewer's own articles, each under the one that it follows; the newest thread first."""
    own = {article.pk: Thread(article) for article in articles_of(by).order_by("created", "pk")}
    roots: list[Thread] = []
    for thread in own.values():
        above = own.get(thread.article.parent_id) if thread.article.parent_id else None
        (above.follow_ups if above else roots).append(thread)
    return roots[::-1]


def unanswered(by: Viewer) -> QuerySet[Run]:
    """The viewer's own runs that led to no article: waiting, failed or cancelled; the newest first."""
    return Run.objects.filter(by.mine(), article=None).order_by("-created")


def everything(by: Viewer) -> dict[str, Any]:
    """All that the site keeps about somebody, for them to take away."""
    person = by.person
    reports = Report.objects.filter(owner=person) if person else Report.objects.none()
    found = {
        "format": FORMAT,
        "exported": timezone.now(),
        "person": {"email": person.email, "joined": person.date_joined, "last_login": person.last_login}
        if person
        else None,
        "articles": [_article(a) for a in Article.objects.filter(by.mine()).prefetch_related("revisions")],
        "runs": [_run(run) for run in Run.objects.filter(by.mine()).prefetch_related("events")],
        "reports": list(reports.values("article", "claim", "words", "created")),
        # Never the digest: whoever holds the file shall not learn anything about a token.
        "tokens": list(person.api_tokens.values(*_TOKEN)) if person else [],
    }
    if person:
        for name in settings.OWN_DATA:
            found |= import_string(name)(person=person)
    return found


def _article(article: Article) -> dict[str, Any]:
    names = ("number", "kind", "created", "document", "renderings")
    return {
        "id": article.pk,
        "question": article.question,
        "country": article.country,
        "created": article.created,
        "published": article.published,
        "follows": article.parent_id,
        "revisions": [
            {name: getattr(revision, name) for name in names} for revision in article.revisions.all()
        ],
    }


def _run(run: Run) -> dict[str, Any]:
    names = ("id", "question", "audience", "country", "state", "created", "finished", "fault")
    events = [{"kind": e.kind, "words": e.words, "created": e.created} for e in run.events.all()]
    return {**{name: getattr(run, name) for name in names}, "article": run.article_id, "events": events}


def delete_article(*, article: Article, by: Viewer) -> None:
    """Delete a private answer and the question that led to it. Follow-ups stay, on their own.

    Raises:
        NotYours: somebody else asked.
        StillPublic: it is published.
        KeptForTheRecord: the editors have worked on it.
    """
    if not by.owns(article):
        raise NotYours
    try:
        with transaction.atomic():
            if Article.objects.filter(pk=article.pk, published__isnull=False).exists():
                raise StillPublic
            Run.objects.filter(by.mine(), article=article).delete()
            Article.objects.filter(pk=article.pk).delete()
    except (ProtectedError, IntegrityError) as fault:
        raise KeptForTheRecord from fault


def delete_run(*, run: Run, by: Viewer) -> None:
    """Delete a question that led to no answer; one that is on its way is stopped by that.

    Raises:
        NotYours: somebody else asked.
    """
    if not by.owns(run):
        raise NotYours
    run.delete()


def delete_account(*, by: Viewer, password: str) -> None:
    """Delete an account with everything private. What was published stays, and says nobody's name.

    Raises:
        NotYours: nobody is signed in.
        WrongPassword: the password is not that of the account.
        LastOperator: nobody would look after the site.
        KeptForTheRecord: the account has taken part in editorial work.
    """
    person = by.person
    if person is None:
        raise NotYours
    if not person.check_password(password):
        raise WrongPassword
    try:
        with transaction.atomic():
            people.may_leave(person)
            Article.objects.filter(owner=person, published__isnull=False).update(owner=None, session="")
            Run.objects.filter(owner=person).delete()
            Article.objects.filter(owner=person).delete()
            person.delete()
            changed()
    except (ProtectedError, IntegrityError) as fault:
        raise KeptForTheRecord from fault


def forget(*, person: User) -> None:
    """Delete everything private that a person asked; what they published stays, and is nobody's.

    An answer that the board has worked on stays for its record, and is nobody's either.
    """
    Run.objects.filter(owner=person).delete()
    Report.objects.filter(owner=person).update(owner=None)
    Article.objects.filter(owner=person, published__isnull=False).update(owner=None, session="")
    for article in Article.objects.filter(owner=person):
        try:
            with transaction.atomic():
                article.delete()
        except (ProtectedError, IntegrityError):
            Article.objects.filter(pk=article.pk).update(owner=None, session="")
