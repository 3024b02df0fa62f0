"""The table of moves, and what an approval needs."""

from __future__ import annotations

import pytest

from consilium.domain.permission import Permission
from consilium.domain.review import (
    MOVES,
    NEEDS,
    TICKS,
    TOLD,
    WHOLE,
    Claims,
    Move,
    Reading,
    Status,
    Verdict,
    hindrances,
    moved,
)
from consilium.errors import InvalidMove

ALL = frozenset({"c-1", "c-2"})


def read(by: str, *claims: str, verdict: Verdict = Verdict.SUPPORTED) -> list[Reading]:
    return [Reading(claim, by, verdict) for claim in claims]


def test_an_article_is_approved_only_from_under_review():
    assert {before for (before, move), after in MOVES.items() if move is Move.APPROVE} == {
        Status.UNDER_REVIEW
    }
    assert {move for (_, move), after in MOVES.items() if after is Status.APPROVED} == {Move.APPROVE}


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.WITHDRAWN])
def test_changed_evidence_sends_every_article_back(status):
    assert moved(status, Move.EVIDENCE_CHANGED) is Status.NEEDS_RE_REVIEW


def test_changed_evidence_does_not_bring_a_withdrawn_article_back():
    assert moved(Status.WITHDRAWN, Move.EVIDENCE_CHANGED) is Status.WITHDRAWN


def test_an_approved_article_that_is_edited_needs_review_again():
    assert moved(Status.APPROVED, Move.REVISE) is Status.NEEDS_RE_REVIEW


@pytest.mark.parametrize("status", list(Status))
def test_every_status_can_be_left(status):
    assert any(after is not status for (before, _), after in MOVES.items() if before is status)


def test_a_move_that_is_not_in_the_table_says_so_in_words():
    with pytest.raises(InvalidMove, match="“submitted” cannot be approved"):
        moved(Status.SUBMITTED, Move.APPROVE)


def test_every_move_but_the_librarys_needs_a_permission():
    assert {move for move in Move if NEEDS[move] is None} == {Move.EVIDENCE_CHANGED}
    assert NEEDS[Move.APPROVE] is Permission.APPROVE
    assert set(TOLD) == set(Status)


def test_there_are_ten_points_a_claim_and_seven_an_article():
    assert (len(TICKS), len(WHOLE)) == (10, 7)


def test_one_person_alone_can_approve_nothing():
    found = hindrances(Claims(ALL), read("a", "c-1", "c-2"), "a")
    assert found == ("2 statements are not yet read by anybody but you",)


def test_two_people_can_approve_what_one_has_read():
    assert hindrances(Claims(ALL), read("a", "c-1", "c-2"), "b") == ()


def test_what_is_of_high_risk_the_approver_has_read_as_well():
    claims = Claims(ALL, twice=frozenset({"c-2"}))
    assert hindrances(claims, read("a", "c-1", "c-2"), "b") == (
        "1 statement is of high risk or edited, and not yet read by you",
    )
    assert hindrances(claims, read("a", "c-1", "c-2") + read("b", "c-2"), "b") == ()


@pytest.mark.parametrize("verdict", [Verdict.NEEDS_CHANGE, Verdict.REMOVE])
def test_a_claim_that_somebody_does_not_accept_stands_in_the_way(verdict):
    readings = read("a", "c-1", "c-2") + read("c", "c-1", verdict=verdict)
    assert hindrances(Claims(ALL), readings, "b") == ("1 statement is not accepted by a reviewer",)


def test_an_editors_own_reading_of_their_words_counts_for_nothing():
    claims = Claims(ALL, editors={"c-1": frozenset({"a"})})
    readings = read("a", "c-1", "c-2")
    assert hindrances(claims, readings, "b") == (
        "1 statement is of high risk or edited, and not yet read by you",
    )
    assert hindrances(claims, readings + read("b", "c-1"), "b") == ()


def test_a_reading_of_a_claim_that_is_gone_counts_for_nothing():
    assert hindrances(Claims(ALL), read("a", "c-9"), "b") == (
        "2 statements are not yet read by anybody but you",
    )
