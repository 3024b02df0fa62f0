"""What is left of what was deleted: that it was there, and its digest; never what it said."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models.signals import pre_delete
from django.dispatch import receiver

from consilium.domain.permission import Permission
from consilium.errors import EditorialError, NotPermitted
from consilium.site.accounts.models import User
from consilium.site.accounts.roles import may
from consilium.site.articles.changes import changed
from consilium.site.articles.models import Article, Revision
from consilium.site.audit.details import Detail
from consilium.site.audit.recording import pseudonym, record
from consilium.site.editorial.models import Review, Tombstone
from consilium.site.editorial.moves import NoReason

ASKER = "asker"
_BY_ASKER = "deleted by whoever asked"


class Needed(EditorialError):
    """This is the newest revision. Make a new one first; then you can delete this one."""


@receiver(pre_delete, sender=Article)
def _remember(instance: Article, **_: Any) -> None:
    """An article that the board has worked on leaves one stone a revision, and a row of the log."""
    if not Review.objects.filter(article=instance).exists():
        return
    with transaction.atomic():
        for revision in instance.revisions.all():
            _stone(revision, ASKER, _BY_ASKER)
        record(action="article.deleted", by=None, subject=f"article:{instance.pk}", details={})


def erase(*, revision: Revision, by: User, why: str) -> Tombstone:
    """Delete a revision that holds what should not be kept; only one that readers no longer see.

    Raises:
        NotPermitted: their role does not include it.
        NoReason: the reason is empty.
        Needed: it is the newest.
    """
    if not may(by, Permission.WITHDRAW):
        raise NotPermitted
    if not why.strip():
        raise NoReason
    article = revision.article
    with transaction.atomic():
        if article.current.pk == revision.pk:
            raise Needed
        stone = _stone(revision, pseudonym(by), " ".join(why.split()))
        details: dict[str, Detail] = {"revision": revision.number, "content": revision.content_id}
        record(action="revision.erased", by=by, subject=f"article:{article.pk}", details=details)
        revision.delete()
        changed()
    return stone


def _stone(revision: Revision, actor: str, why: str) -> Tombstone:
    return Tombstone.objects.create(
        article=revision.article_id,
        number=revision.number,
        content_id=revision.content_id,
        actor=actor,
        why=why,
    )
