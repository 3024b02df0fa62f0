"""Follow the library: an article whose evidence has changed goes back to the board, and says why."""

from __future__ import annotations

import json
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, TextField
from django.db.models.functions import Cast

from consilium.domain.change import StatusChange
from consilium.domain.review import Move, Status
from consilium.pipeline.affected import affected
from consilium.site.articles import knowledge
from consilium.site.articles.models import Revision
from consilium.site.editorial.models import Cursor, Reading, Review
from consilium.site.editorial.moves import make

_NAME, _AT_ONCE = "status_changes", 100


def follow() -> int:
    """Read what the library has changed since the last time, and act on each change once.

    A change and the place of the cursor are kept together, and only one process can move the
    cursor from where it was: a change is neither missed nor done twice, whoever dies in between.

    Returns:
        How many articles were sent back.
    """
    Cursor.objects.get_or_create(name=_NAME)
    sent = 0
    while True:
        read = Cursor.objects.get(name=_NAME).read
        changes = knowledge.world().library.changes(read, _AT_ONCE)
        for change in changes:
            with transaction.atomic():
                if not Cursor.objects.filter(name=_NAME, read=read).update(read=change.id):
                    return sent  # another process is at it
                sent += _apply(change)
            read = change.id
        if len(changes) < _AT_ONCE:
            return sent


def _apply(change: StatusChange) -> int:
    sent = 0
    for revision in _citing(change.source):
        why = affected(revision.document, change)
        if why:
            _send_back(revision, change, why)
            sent += 1
    return sent


def _citing(source: str) -> Iterable[Revision]:
    """The newest revisions whose document names a source; found by text, and then looked at."""
    named = json.dumps(source)
    found = (
        Revision.objects.annotate(text=Cast("document", TextField()))
        .filter(text__contains=f'"source": {named}')
        .select_related("article")
        .order_by("pk")
    )
    return [revision for revision in found if revision.article.current.pk == revision.pk]


def _send_back(revision: Revision, change: StatusChange, why: str) -> None:
    """Send it back first: from then on nobody gives a verdict, and those given before count no more."""
    article = revision.article
    review = Review.objects.filter(article=article).first()
    if review and review.status == Status.WITHDRAWN:
        Review.objects.filter(pk=review.pk).update(evidence=True, version=F("version") + 1)
        _doubt(article.current, change)
        return
    before = review.why if review and review.evidence else ""
    told = why if not before or why in before else f"{before} {why}"
    seen = review.version if review else None
    make(
        article=article, move=Move.EVIDENCE_CHANGED, by=None, note=why, version=seen, why=told, evidence=True
    )
    _doubt(article.current, change)


def _doubt(revision: Revision, change: StatusChange) -> None:
    Reading.objects.filter(revision=revision, claim__in=_resting_on(revision, change)).update(stale=True)


def _resting_on(revision: Revision, change: StatusChange) -> list[str]:
    """The claims that cite the source, or its sentence where only that has changed."""
    wanted = change.sentence or f"{change.source}#"
    claims = revision.document["content"].get("claims", {})
    return [
        name
        for name, claim in claims.items()
        if any(
            sentence["id"] == wanted or (not change.sentence and sentence["id"].startswith(wanted))
            for citation in claim["citations"]
            for sentence in citation["sentences"]
        )
    ]
