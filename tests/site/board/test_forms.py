"""Forms that are forged, old, empty of proof or sent by the wrong person decide nothing."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from tests.site.board.conftest import kept, published, read_all
from tests.site.board.forged import BOARD, FORGED, form_of
from tests.site.board.small import QUESTION, cut
from tests.site.board.test_board_pages import address
from tests.site.people import browser

from consilium.domain.review import TICKS, Move, Verdict
from consilium.pipeline.revising import statements
from consilium.site.articles import knowledge
from consilium.site.articles.viewer import Viewer
from consilium.site.audit.recording import pseudonym
from consilium.site.editorial import moves, readings, revising
from consilium.site.editorial.models import BoardMember, Decision, Reading

pytestmark = pytest.mark.django_db


def gone_on(article, editor) -> None:
    lexicon = knowledge.world().lexicon
    revising.revise(
        article=article,
        by=editor,
        number=article.current.number,
        edit=lambda m: statements.leave_out(m, ["Nothing on cost"], lexicon),
        note="Said what is missing.",
        correction="It now says that cost is left out.",
    )


def test_whoever_sends_the_form_is_who_approves(ready, reviewer, second):
    forged = {
        "by": reviewer.pk,
        "actor": pseudonym(reviewer),
        "user": reviewer.pk,
        "name": "Dr Rona",
        "at": "2020-01-01",
    }
    page = reverse("board-approve", args=[ready.pk])
    assert browser(second).post(page, form_of(ready, **forged)).status_code == 302
    decision = Decision.objects.latest("id")
    assert (decision.by, decision.actor) == (second, pseudonym(second))
    assert decision.at.year > 2020
    assert decision.approval.name == "Dr Stella"


def test_whoever_sends_the_form_is_who_has_read(small, reviewer, second):
    moves.take(article=small, by=reviewer)
    claim = next(iter(small.current.document["content"]["claims"]))
    form = {
        "verdict": "supported",
        "tick": list(TICKS),
        "number": 1,
        "by": second.pk,
        "actor": pseudonym(second),
    }
    browser(reviewer).post(
        reverse("board-claim", args=[small.pk, claim]), {**form, "carried": "1", "seconds": 5}
    )
    reading = Reading.objects.get()
    assert (reading.by, reading.actor) == (reviewer, pseudonym(reviewer))
    assert not reading.carried


def test_nobody_approves_their_own_work_by_a_forged_form(ready, editor, reviewer, second):
    gone_on(ready, editor)
    read_all(ready, reviewer, second)
    page, before = reverse("board-approve", args=[ready.pk]), kept(ready)
    for forged in ({}, {"by": second.pk, "user": second.pk, "actor": pseudonym(second)}, {"number": 1}):
        assert browser(editor).post(page, form_of(ready, **forged)).status_code == 409
    assert kept(ready) == before


def test_an_asker_of_the_board_approves_nothing_by_any_form(asked, member, reviewer, second):
    ada = member("ada", "editor")
    own = published(cut(asked(QUESTION, by=Viewer(ada, ""))))
    moves.take(article=own, by=reviewer)
    read_all(own, reviewer, second)
    hers, before = browser(ada), kept(own)
    for name in BOARD:
        if name not in {"board-act", "board-profile", "board-erase"}:
            assert hers.post(address(name, own), {**FORGED, **form_of(own)}).status_code in {404, 405, 409}, (
                name
            )
    for move in ("take", "request_changes", "approve", "revise", "evidence_changed"):
        assert hers.post(reverse("board-act", args=[own.pk, move]), FORGED).status_code in {404, 409}
    assert kept(own) == before


def test_an_approved_article_is_changed_by_no_form_but_that_of_an_editor(approved, reviewer, second):
    before = kept(approved)
    for client in map(browser, (reviewer, second)):
        for name in BOARD:
            if name != "board-profile":
                client.post(address(name, approved), {**form_of(approved), **FORGED})
        for move in ("withdraw", "restore", "release", "request_changes", "approve", "needs_re_review"):
            client.post(reverse("board-act", args=[approved.pk, move]), FORGED)
    assert kept(approved) == before


@pytest.mark.parametrize("odd", ["²", "٣٣٣٣٣٣٣٣٣٣", "9" * 5000, "-1", "1.0", ""])
def test_a_number_that_is_none_is_not_found(ready, editor, odd):
    hers = browser(editor)
    for name in ("board-approve", "board-claim", "board-edit", "board-edit-claim"):
        assert (
            hers.post(address(name, ready), form_of(ready, number=odd, verdict="remove")).status_code == 404
        )
    assert hers.post(address("board-approve", ready), form_of(ready, version=odd)).status_code == 404


def test_looking_decides_nothing_whatever_the_address_says(ready, editor, second):
    before, form = kept(ready), {**FORGED, **form_of(ready)}
    for client in map(browser, (editor, second)):
        for path in (address(name, ready) for name in BOARD):
            client.get(path, form)
            client.head(path, form)
        for move in Move:
            assert client.get(reverse("board-act", args=[ready.pk, move])).status_code == 405
    assert kept(ready) == before


def test_a_form_without_the_token_of_its_session_is_refused(ready, editor, second):
    def guarded(person) -> Client:
        client = Client(enforce_csrf_checks=True)
        client.cookies = browser(person).cookies
        return client

    def token(client) -> str:
        page = client.get(reverse("board-profile")).content.decode()
        return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page).group(1)

    before, form, hers = kept(ready), {**FORGED, **form_of(ready)}, guarded(second)
    own, stolen = token(hers), token(guarded(editor))
    for path in (address(name, ready) for name in BOARD):
        for sent in ("", "x" * 64, stolen):
            assert hers.post(path, {**form, "csrfmiddlewaretoken": sent}).status_code == 403
        elsewhere = {"sec-fetch-site": "cross-site", "origin": "https://example.org"}
        assert hers.post(path, {**form, "csrfmiddlewaretoken": own}, headers=elsewhere).status_code == 403
    assert kept(ready) == before
    assert (
        hers.post(address("board-approve", ready), {**form_of(ready), "csrfmiddlewaretoken": own}).status_code
        == 302
    )


def test_no_form_skips_the_second_factor(ready, editor, member):
    before, bare = kept(ready), member("bare", "editor", factor=False)
    forged = {**FORGED, **form_of(ready), "mfa": "1", "code": "000000", "method": "mfa"}
    for client in (browser(editor, shown=False), browser(bare)):
        for path in (address(name, ready) for name in BOARD):
            answer = client.post(path, forged)
            assert (answer.status_code, answer["Location"][:14]) == (302, "/accounts/2fa/")
    assert kept(ready) == before


def test_an_old_approval_form_is_worth_nothing_after_anything_happened(ready, reviewer, second, editor):
    page, hers, form = reverse("board-approve", args=[ready.pk]), browser(second), form_of(ready)
    claim = next(iter(ready.current.document["content"]["claims"]))

    def replayed() -> None:
        before = kept(ready)
        assert hers.post(page, form).status_code == 409
        assert kept(ready) == before

    said = {"article": ready, "number": 1, "claim": claim, "by": reviewer, "verdict": Verdict.SUPPORTED}
    readings.give(**said, ticks=TICKS)
    replayed()
    moves.release(article=ready, by=reviewer)
    moves.take(article=ready, by=reviewer)
    replayed()
    assert hers.post(page, form_of(ready)).status_code == 302
    replayed()
    gone_on(ready, editor)
    replayed()
    moves.take(article=ready, by=reviewer)
    replayed()
    moves.withdraw(article=ready, by=editor, why="It misses a contraindication.")
    replayed()


def test_the_form_of_a_member_changes_their_own_page_and_only_what_it_shows(reviewer, second):
    others = BoardMember.objects.filter(user=second).values().get()
    mine = BoardMember.objects.get(user=reviewer)
    form = {"name": "Dr Rona", "credentials": "", "affiliation": "", "conflicts": "None"}
    forged = {
        "user": second.pk,
        "user_id": second.pk,
        "id": others["id"],
        "pk": others["id"],
        "fictitious": "on",
    }
    assert browser(reviewer).post("/board/me/", {**form, **forged}).status_code == 302
    assert BoardMember.objects.filter(user=second).values().get() == others
    kept_now = BoardMember.objects.get(user=reviewer)
    assert (kept_now.pk, kept_now.fictitious, BoardMember.objects.count()) == (mine.pk, False, 2)


def test_a_role_is_given_by_no_form_of_the_board(person, ready, reviewer):
    browser(person).post("/board/me/", {**FORGED, "role": "editor", "roles": "editor"})
    browser(reviewer).post(
        "/board/me/", {**FORGED, "role": "editor", "is_superuser": "1", "roles": ["editor"]}
    )
    assert [m.role for m in reviewer.memberships.all()] == ["reviewer"]
    assert not person.memberships.exists()
