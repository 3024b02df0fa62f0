"""The moves of an article: permission, state, two people, and the trace that they leave."""

from __future__ import annotations

import pytest
from tests.site.board.conftest import CROUP, approve, published, read_all

from consilium.domain.review import Status, Verdict
from consilium.errors import InvalidMove, NotPermitted, NotReady, OwnArticle, StaleRevision
from consilium.site.articles.models import Article
from consilium.site.audit.models import AuditEntry
from consilium.site.editorial import moves, readings
from consilium.site.editorial.models import Decision, Reading, Review
from consilium.site.editorial.standing import review_of, standing_of

pytestmark = pytest.mark.django_db


def status(article: Article) -> str:
    return Review.objects.get(article=article).status


def test_a_published_article_waits_as_submitted(article):
    assert status(article) == Status.SUBMITTED
    assert standing_of(article).status is Status.SUBMITTED


def test_a_private_article_is_not_in_the_queue(asked):
    asked(CROUP)
    assert moves.admit() == 0


def test_two_people_read_and_one_approves(approved, second):
    assert status(approved) == Status.APPROVED
    review = review_of(approved.current)
    assert review["status"] == "approved"
    assert review["reviewed_by"] == "Dr Stella"
    assert approved.current.content_id in review["covers"]
    assert len(review["covers"]) == 4


def test_every_decision_has_a_decider_a_time_and_a_row_of_the_log(approved):
    decisions = list(Decision.objects.filter(article=approved).order_by("id"))
    assert [d.move for d in decisions] == ["take", "approve"]
    assert all(d.actor.startswith("actor:") and d.at for d in decisions)
    logged = AuditEntry.objects.filter(subject=f"article:{approved.pk}").values_list("action", flat=True)
    assert {"article.take", "article.approve", "claim.read"} <= set(logged)


def test_whoever_has_no_role_can_do_nothing(article, person):
    for act in (moves.take, moves.release):
        with pytest.raises(NotPermitted):
            act(article=article, by=person)
    with pytest.raises(NotPermitted):
        moves.withdraw(article=article, by=person, why="I do not like it")
    with pytest.raises(NotPermitted):
        approve(article, person)
    assert not Decision.objects.exists()


def test_an_operator_has_no_say_over_articles(article, member):
    operator = member("otto", "operator")
    with pytest.raises(NotPermitted):
        moves.take(article=article, by=operator)


def test_a_reviewer_cannot_withdraw(article, reviewer):
    with pytest.raises(NotPermitted):
        moves.withdraw(article=article, by=reviewer, why="Wrong")


def test_nobody_reviews_or_approves_what_they_asked(asked, editor):
    from consilium.site.articles.viewer import Viewer

    own = published(asked(CROUP, by=Viewer(editor, "")))
    with pytest.raises(OwnArticle):
        moves.take(article=own, by=editor)
    with pytest.raises(OwnArticle):
        approve(own, editor)


def test_one_person_cannot_approve_alone(article, reviewer):
    moves.take(article=article, by=reviewer)
    read_all(article, reviewer)
    with pytest.raises(NotReady, match="not yet read by anybody but you"):
        approve(article, reviewer)


def test_a_claim_of_high_risk_has_to_be_read_by_the_approver(article, reviewer, second):
    moves.take(article=article, by=reviewer)
    read_all(article, reviewer)
    with pytest.raises(NotReady, match="of high risk or edited, and not yet read by you"):
        approve(article, second)


def test_nothing_is_approved_while_somebody_says_no(article, reviewer, second):
    moves.take(article=article, by=reviewer)
    read_all(article, reviewer, second)
    claim = next(iter(article.current.document["content"]["claims"]))
    readings.give(
        article=article, number=1, claim=claim, by=reviewer, verdict=Verdict.REMOVE, note="Not in the source"
    )
    with pytest.raises(NotReady, match="not accepted"):
        approve(article, second)


@pytest.mark.parametrize(
    ("left_out", "told"),
    [
        ({"looked": ["order"]}, "Look at the whole article"),
        ({"attested": False}, "Say that you have read it"),
        ({"conflicts": "  "}, "State your conflicts of interest"),
    ],
)
def test_an_approval_says_what_is_left_to_do(article, reviewer, second, left_out, told):
    moves.take(article=article, by=reviewer)
    read_all(article, reviewer, second)
    with pytest.raises(NotReady, match=told):
        approve(article, second, **left_out)


def test_whoever_is_unknown_to_readers_cannot_approve(article, reviewer, second):
    second.board_member.delete()
    moves.take(article=article, by=reviewer)
    read_all(article, reviewer, second)
    with pytest.raises(NotReady, match="Tell readers who you are"):
        approve(article, second)


def test_what_was_seen_before_somebody_acted_is_not_approved(article, reviewer, second):
    moves.take(article=article, by=reviewer)
    read_all(article, reviewer, second)
    version = Review.objects.get(article=article).version
    claim = next(iter(article.current.document["content"]["claims"]))
    readings.give(
        article=article, number=1, claim=claim, by=reviewer, verdict=Verdict.REMOVE, note="Not in the source"
    )
    with pytest.raises(StaleRevision):
        approve(article, second, version=version)


def test_the_badge_goes_with_any_change_of_the_words_that_were_approved(approved):
    revision = approved.current
    revision.document["content"]["gaps"] = ["Something else"]
    revision.save()
    standing = standing_of(approved)
    assert standing.status is Status.NEEDS_RE_REVIEW
    assert standing.approval is None
    assert review_of(approved.current)["covers"] == []


def test_the_badge_goes_with_any_change_of_a_wording(approved):
    revision = approved.current
    first = next(iter(revision.renderings["patient"]["claims"].values()))
    first["text"] += " Always."
    revision.save()
    assert standing_of(approved).status is Status.NEEDS_RE_REVIEW


def test_a_second_approval_of_what_is_approved_is_refused(approved, reviewer):
    with pytest.raises(InvalidMove):
        approve(approved, reviewer)


def test_supported_needs_all_ten_points_and_anything_else_a_note(article, reviewer):
    moves.take(article=article, by=reviewer)
    claim = next(iter(article.current.document["content"]["claims"]))
    for verdict, ticks in ((Verdict.SUPPORTED, ["source"]), (Verdict.REMOVE, [])):
        with pytest.raises(readings.Incomplete):
            readings.give(article=article, number=1, claim=claim, by=reviewer, verdict=verdict, ticks=ticks)
    assert not Reading.objects.exists()


def test_a_verdict_counts_only_under_review(article, reviewer):
    claim = next(iter(article.current.document["content"]["claims"]))
    with pytest.raises(InvalidMove, match="Take this article"):
        readings.give(
            article=article, number=1, claim=claim, by=reviewer, verdict=Verdict.REMOVE, note="Not so"
        )


def test_a_second_verdict_takes_the_place_of_the_first(article, reviewer):
    moves.take(article=article, by=reviewer)
    claim = next(iter(article.current.document["content"]["claims"]))
    for note in ("Not so", "Not so at all"):
        readings.give(article=article, number=1, claim=claim, by=reviewer, verdict=Verdict.REMOVE, note=note)
    assert [r.note for r in Reading.objects.all()] == ["Not so at all"]


@pytest.mark.parametrize("words", ["", "   "])
def test_nothing_is_sent_back_or_withdrawn_without_a_reason(article, editor, words):
    moves.take(article=article, by=editor)
    with pytest.raises(moves.NoReason):
        moves.request_changes(article=article, by=editor, note=words)
    with pytest.raises(moves.NoReason):
        moves.withdraw(article=article, by=editor, why=words)


def test_a_withdrawn_article_comes_back_only_to_be_reviewed_again(approved, editor):
    moves.withdraw(article=approved, by=editor, why="It misses a contraindication.")
    assert standing_of(approved).status is Status.WITHDRAWN
    moves.restore(article=approved, by=editor, note="Found to be right after all.")
    assert standing_of(approved).status is Status.NEEDS_RE_REVIEW


def test_a_move_that_cannot_be_recorded_is_not_made(article, reviewer, monkeypatch):
    def broken(**_) -> None:
        raise RuntimeError("the log is full")

    monkeypatch.setattr(moves, "record", broken)
    with pytest.raises(RuntimeError):
        moves.take(article=article, by=reviewer)
    assert status(article) == Status.SUBMITTED
    assert not Decision.objects.exists()


def test_the_badge_goes_where_the_approver_turns_out_to_have_asked(approved, second):
    from consilium.site.articles.claiming import claim

    assert claim(session=approved.session, by=second) == 1
    approved.refresh_from_db()
    standing = standing_of(approved)
    assert standing.status is Status.NEEDS_RE_REVIEW
    assert "turned out to have asked it" in standing.why
