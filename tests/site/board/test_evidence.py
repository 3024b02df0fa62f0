"""What the library changes sends the articles that rest on it back to the board."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from tests.site.board.conftest import approve, read_all

from consilium.domain.change import ChangeKind, StatusChange
from consilium.domain.review import Status
from consilium.site.accounts.models import Notice
from consilium.site.articles import knowledge
from consilium.site.editorial import evidence, moves
from consilium.site.editorial.models import Cursor, Decision, Reading, Review
from consilium.site.editorial.standing import standing_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def library(monkeypatch):
    """A library that has written these changes down."""
    written: list[StatusChange] = []

    def changes(after: int, limit: int) -> tuple[StatusChange, ...]:
        return tuple(change for change in written if change.id > after)[:limit]

    lexicon = knowledge.world().lexicon
    world = SimpleNamespace(library=SimpleNamespace(changes=changes), lexicon=lexicon)
    monkeypatch.setattr(knowledge, "world", lambda: world)
    return written


def retracted(article, number: int = 1, **other) -> StatusChange:
    reference = article.current.document["content"]["references"][0]
    change = StatusChange(
        id=number,
        at="2026-11-30T12:00:00Z",
        source=reference["source"],
        version=reference["version"] + 1,
        kind=ChangeKind.RETRACTED,
        was="current",
        now="retracted",
        why="The journal retracted it.",
    )
    return replace(change, **other)


def test_a_retraction_takes_the_badge_and_says_why(approved, library):
    library.append(retracted(approved))
    assert evidence.follow() == 1
    standing = standing_of(approved)
    assert standing.status is Status.NEEDS_RE_REVIEW
    assert "cited here, was retracted on 2026-11-30." in standing.why
    assert standing.approval is None
    last = Decision.objects.filter(article=approved).latest("id")
    assert (last.actor, last.move, last.by) == ("library", "evidence_changed", None)


def test_reviewers_are_told_once(approved, library, reviewer, second, person):
    library.append(retracted(approved))
    evidence.follow()
    evidence.follow()
    assert set(Notice.objects.values_list("user", flat=True)) == {reviewer.pk, second.pk}
    assert Notice.objects.count() == 2


def test_a_change_is_acted_on_once(approved, library):
    library.append(retracted(approved))
    assert [evidence.follow(), evidence.follow()] == [1, 0]
    assert Cursor.objects.get().read == 1
    assert Decision.objects.filter(move="evidence_changed").count() == 1


def test_a_change_of_another_source_touches_nothing(approved, library):
    library.append(retracted(approved, source="somebody-elses"))
    assert evidence.follow() == 0
    assert standing_of(approved).status is Status.APPROVED
    assert Cursor.objects.get().read == 1


def test_a_change_that_cannot_be_kept_is_tried_again(approved, library, monkeypatch):
    library.append(retracted(approved))
    monkeypatch.setattr(evidence, "make", lambda **_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        evidence.follow()
    assert Cursor.objects.get().read == 0
    assert standing_of(approved).status is Status.APPROVED
    monkeypatch.undo()


def test_the_claims_that_rest_on_it_have_to_be_read_again(approved, library, reviewer, second):
    library.append(retracted(approved))
    evidence.follow()
    stale = Reading.objects.filter(stale=True)
    assert 0 < stale.values("claim").distinct().count() < len(approved.current.document["content"]["claims"])
    moves.take(article=approved, by=reviewer)
    from consilium.errors import NotReady

    with pytest.raises(NotReady, match="not yet read by anybody but you"):
        approve(approved, second)
    read_all(approved, reviewer, second)
    approve(approved, second)
    assert standing_of(approved).status is Status.APPROVED


def test_several_changes_are_all_told(approved, library):
    references = approved.current.document["content"]["references"]
    assert len(references) > 1
    library.append(retracted(approved))
    library.append(
        retracted(approved, 2, source=references[1]["source"], version=99, kind=ChangeKind.EXPIRED)
    )
    evidence.follow()
    why = standing_of(approved).why
    assert "was retracted" in why
    assert "lapsed" in why


def test_a_withdrawn_article_stays_withdrawn(approved, library, editor):
    moves.withdraw(article=approved, by=editor, why="It misses a contraindication.")
    library.append(retracted(approved))
    evidence.follow()
    standing = standing_of(approved)
    assert (standing.status, standing.why) == (Status.WITHDRAWN, "It misses a contraindication.")
    assert Review.objects.get(article=approved).evidence


def test_a_private_answer_is_marked_for_whoever_asked(asked, library, reviewer):
    article = asked()
    library.append(retracted(article))
    assert evidence.follow() == 1
    assert standing_of(article).status is Status.NEEDS_RE_REVIEW
    assert not Notice.objects.exists(), "the board does not see private answers"
