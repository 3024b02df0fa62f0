"""Forms of the board as they are sent, and what a forger would put into them."""

from __future__ import annotations

from tests.site.board.test_board_pages import NAMES, OPERATORS, PUBLIC

from consilium.domain.review import WHOLE
from consilium.site.editorial.models import Review

BOARD = sorted(set(NAMES) - PUBLIC - OPERATORS)
# What a form or a body might hold to pass for more than it is.
FORGED = {
    "status": "approved", "before": "under_review", "after": "approved", "version": 0, "number": 1,
    "by": 1, "actor": "library", "user": 1, "at": "2020-01-01", "review": "approved", "stale": "", "do": "gaps",
    "verdict": "supported", "note": "x", "words": "x", "why": "x", "gaps": "x", "_method": "PUT", "document": "{}",
}  # fmt: skip


def form_of(article, **other) -> dict:
    """The approval form as its page has it now."""
    now = {"number": article.current.number, "version": Review.objects.get(article=article).version}
    return {**now, "whole": list(WHOLE), "attested": "yes", "conflicts": "None", **other}
