"""Make a new revision: the edit is checked like an answer, told apart from the old, and never approved by it."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from consilium.adapters.contract.revision import Edit as EditOf
from consilium.adapters.contract.revision import revise as edited
from consilium.domain.review import Move, Status
from consilium.errors import EditorialError, StaleRevision
from consilium.site.accounts.models import User
from consilium.site.articles import knowledge
from consilium.site.articles.models import Article, Revision
from consilium.site.audit.recording import pseudonym
from consilium.site.editorial.models import Approval, Correction, Edit, Review
from consilium.site.editorial.moves import NoReason, make, not_the_asker, permit
from consilium.site.editorial.readings import carry, same

EDITED = "It was edited after it had been approved."


class Untold(EditorialError):
    """This article was approved before: tell readers what is corrected, in a sentence."""


class Unchanged(EditorialError):
    """That changes nothing."""


def revise(
    *, article: Article, by: User, number: int, edit: EditOf, note: str, correction: str = ""
) -> tuple[Revision, tuple[str, ...]]:
    """Edit the newest revision into a new one, which readers see from then on.

    Args:
        number: of the revision that the editor saw.
        edit: what to do (``pipeline.revising``).
        note: what was done and why, for the board.
        correction: for readers; needed once the article has been approved.

    Returns:
        The new revision, and what the edit did besides what was asked for.

    Raises:
        NotPermitted: their role does not include it.
        OwnArticle: they asked.
        NoReason: the note is empty.
        Untold: readers are not told what is corrected.
        StaleRevision: somebody else has acted meanwhile.
        EditRefused: it would break the article; the message says what to do.
        Unchanged: it changes nothing.
        InvalidMove: the article does not stand where it can be edited.
    """
    permit(by, Move.REVISE)
    not_the_asker(article, by)
    if not note.strip():
        raise NoReason
    if not correction.strip() and Approval.objects.filter(decision__article=article).exists():
        raise Untold
    old = article.current
    if old.number != number:
        raise StaleRevision
    made = knowledge.world()
    after = edited(old.document, old.renderings, edit, made.library, made.lexicon)
    if after.document["id"] == old.content_id and after.renderings == old.renderings:
        raise Unchanged
    try:
        with transaction.atomic():
            new = Revision.objects.create(
                article=article,
                number=number + 1,
                kind=old.kind,
                content_id=after.document["id"],
                document=after.document,
                renderings=after.renderings,
                plan_key="",  # it is no answer to that plan any more: nobody else is given it
            )
            _keep(new, old, by, note, correction)
    except IntegrityError as fault:
        raise StaleRevision from fault
    return new, after.told


def _keep(new: Revision, old: Revision, by: User, note: str, correction: str) -> None:
    claims = [name for name in new.document["content"]["claims"] if not same(old, new, name)]
    words = " ".join(note.split())
    Edit.objects.create(revision=new, by=by, actor=pseudonym(by), claims=claims, note=words)
    carry(old, new)
    if correction.strip():
        told = " ".join(correction.split())
        Correction.objects.create(article=new.article, number=new.number, words=told)
    more: dict[str, Any] = {}
    if Review.objects.filter(article=new.article, status=Status.APPROVED).exists():
        more["why"] = EDITED
    make(article=new.article, move=Move.REVISE, by=by, note=words, **more)
