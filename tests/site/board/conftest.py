"""A board of three, and articles of a stranger's for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from tests.site import people
from tests.site.board.small import QUESTION, cut

from consilium.domain.review import TICKS, WHOLE, Verdict
from consilium.site.accounts.models import User
from consilium.site.articles.models import Article
from consilium.site.audit.models import AuditEntry
from consilium.site.editorial import approving, moves, readings
from consilium.site.editorial.models import (
    Approval,
    BoardMember,
    Correction,
    Decision,
    Edit,
    Reading,
    Review,
    Tombstone,
)

CROUP = "Does dexamethasone help in croup?"
KEPT = (Review, Decision, Approval, Reading, Edit, Correction, Tombstone, AuditEntry)


@pytest.fixture
def member(db) -> Callable[..., User]:
    """Make a person of the board with a role, whom readers know."""

    def make(name: str, *roles: str, factor: bool = True) -> User:
        person = people.member(name, *roles)
        BoardMember.objects.create(user=person, name=f"Dr {name.title()}", conflicts="None")
        return people.with_factor(person) if factor else person

    return make


@pytest.fixture
def reviewer(member) -> User:
    return member("rona", "reviewer")


@pytest.fixture
def editor(member) -> User:
    return member("edith", "editor")


@pytest.fixture
def second(member) -> User:
    return member("stella", "reviewer")


@pytest.fixture
def article(asked) -> Article:
    """A stranger's article, published and in the queue."""
    return published(asked(CROUP))


def published(article: Article) -> Article:
    Article.objects.filter(pk=article.pk).update(published=timezone.now())
    moves.admit()
    article.refresh_from_db()
    return article


def read_all(article: Article, *people: User) -> None:
    for person in people:
        for claim in article.current.document["content"]["claims"]:
            readings.give(
                article=article,
                number=article.current.number,
                claim=claim,
                by=person,
                verdict=Verdict.SUPPORTED,
                ticks=TICKS,
            )


def approve(article: Article, by: User, **other) -> Approval:
    review = Review.objects.get(article=article)
    words = {
        "number": article.current.number,
        "version": review.version,
        "looked": WHOLE,
        "attested": True,
        "conflicts": "None",
    }
    return approving.approve(article=article, by=by, **{**words, **other})


@pytest.fixture
def approved(article, reviewer, second) -> Article:
    """An article that two people have read and one has approved."""
    moves.take(article=article, by=reviewer)
    read_all(article, reviewer, second)
    approve(article, second)
    return article


@pytest.fixture
def small(asked) -> Article:
    return published(cut(asked(QUESTION)))


@pytest.fixture
def ready(small, reviewer, second):
    """Under review, and read by two people."""
    moves.take(article=small, by=reviewer)
    read_all(small, reviewer, second)
    return small


def kept(article: Article) -> list[object]:
    """All that the board keeps, to see whether anything was changed."""
    rows = [list(model.objects.order_by("pk").values()) for model in KEPT]
    revisions = article.revisions.order_by("pk").values("pk", "number", "document", "renderings")
    return [*rows, list(revisions), list(Article.objects.values("published", "owner"))]
