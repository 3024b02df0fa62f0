"""Whom a decision concerns, and what they are told: the board of what waits, the asker of what came of it."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from consilium.domain.permission import Permission
from consilium.domain.review import Move
from consilium.site.accounts.models import User
from consilium.site.accounts.notices import notify
from consilium.site.accounts.roles import holders
from consilium.site.editorial.models import Decision, Reading

_ASKER = {
    Move.APPROVE: "The board has approved the article on your question",
    Move.WITHDRAW: "The board has withdrawn the article on your question",
}


def tell(decision: Decision) -> None:
    """Tell those whom a decision concerns, but not whoever made it. Call it inside its transaction."""
    article, move = decision.article, Move(decision.move)
    if not article.published:
        return
    desk = reverse("board-article", args=[article.pk])
    key = f"decision {decision.pk}"
    if move is Move.REQUEST_CHANGES:
        _tell(holders(Permission.EDIT), decision, f"Changes requested: {article.question}", desk, key)
    elif move is Move.REVISE:
        readers = Reading.objects.filter(revision__article=article, by__isnull=False).values("by")
        waiting = holders(Permission.REVIEW).filter(pk__in=readers)
        _tell(waiting, decision, f"Revised, please look again: {article.question}", desk, key)
    elif move is Move.EVIDENCE_CHANGED:
        _tell(holders(Permission.REVIEW), decision, f"Evidence changed: {decision.note}", desk, key)
    elif move in _ASKER and article.owner:
        page = reverse("article", args=[article.pk])
        _tell([article.owner], decision, f"{_ASKER[move]}: {article.question}", page, key)


def _tell(people: Iterable[User], decision: Decision, words: str, link: str, key: str) -> None:
    notify([person for person in people if person.pk != decision.by_id], words, link, key)
