"""What somebody asked before signing in becomes theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from consilium.site.articles.models import Article, Run

if TYPE_CHECKING:
    from consilium.site.accounts.models import User


def claim(*, session: str, by: User) -> int:
    """Give a person the questions and answers of their session.

    Runs go first: a run on its way is locked by its worker while the answer is kept, so that the
    answer is either claimed here as well or kept for its new owner.

    Returns:
        How many articles there were.
    """
    if not session:
        return 0
    with transaction.atomic():
        Run.objects.filter(owner=None, session=session).update(owner=by, session="")
        return Article.objects.filter(owner=None, session=session).update(owner=by, session="")
