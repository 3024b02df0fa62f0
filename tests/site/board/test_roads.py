"""Roads around the review: the admin, the interface, forged forms, old forms, and the database itself."""

from __future__ import annotations

import json
import re

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from tests.site.api.test_authorisation import OPERATIONS
from tests.site.board.conftest import kept, published, read_all
from tests.site.board.small import QUESTION, cut
from tests.site.board.test_pages import NAMES, PUBLIC, address
from tests.site.people import browser

from consilium.domain.review import TICKS, WHOLE, Move, Verdict
from consilium.pipeline.revising import statements
from consilium.site.accounts.admin import staff
from consilium.site.accounts.models import Invitation
from consilium.site.api import tokens
from consilium.site.articles import knowledge
from consilium.site.articles.models import Run
from consilium.site.articles.viewer import Viewer
from consilium.site.audit.recording import pseudonym
from consilium.site.editorial import moves, readings, revising
from consilium.site.editorial.models import BoardMember, Decision, Reading, Review

pytestmark = pytest.mark.django_db
BOARD = sorted(set(NAMES) - PUBLIC)
SCOPES = ("read", "ask", "publish")
# What a form or a body might hold to pass for more than it is.
FORGED = {
    "status": "approved", "before": "under_review", "after": "approved", "version": 0, "number": 1,
    "by": 1, "actor": "library", "user": 1, "at": "2020-01-01", "review": "approved", "stale": "", "do": "gaps",
    "verdict": "supported", "note": "x", "words": "x", "why": "x", "gaps": "x", "_method": "PUT", "document": "{}",
}  # fmt: skip


@pytest.fixture
def small(asked) -> object:
    return published(cut(asked(QUESTION)))


@pytest.fixture
def ready(small, reviewer, second):
    """Under review, and read by two people."""
    moves.take(article=small, by=reviewer)
    read_all(small, reviewer, second)
    return small


def form_of(article, **other) -> dict:
    """The approval form as its page has it now."""
    now = {"number": article.current.number, "version": Review.objects.get(article=article).version}
    return {**now, "whole": list(WHOLE), "attested": "yes", "conflicts": "None", **other}


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


# The staff admin ------------------------------------------------------------------------------


@pytest.mark.parametrize("model", sorted(staff._registry, key=lambda m: m.__name__), ids=lambda m: m.__name__)
def test_in_the_admin_no_row_of_any_model_is_added_changed_or_deleted(model, approved, member):
    from django.utils import timezone

    operator = member("otto", "operator")
    Invitation.objects.create(email="a@example.org", digest="d1" * 32, expires=timezone.now())
    approved.reports.create(claim="c-000000000000", words="Odd")
    hers, before, rows = browser(operator), kept(approved), list(model.objects.values())
    kind = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    for row in model.objects.all():
        forged = {**{f.attname: str(getattr(row, f.attname)) for f in model._meta.concrete_fields}, **FORGED}
        for name in ("change", "delete"):
            path = reverse(f"{kind}_{name}", args=[row.pk])
            for more in (
                {"_save": "Save"},
                {"post": "yes"},
                {"_saveasnew": "1"},
                {"_popup": "1", "_to_field": "id"},
            ):
                assert hers.post(path, forged | more).status_code == 403
    assert hers.post(reverse(f"{kind}_add"), FORGED).status_code == 403
    chosen = {"_selected_action": [str(row.pk) for row in model.objects.all()], "post": "yes", "index": 0}
    for action in ("delete_selected", "approve", ""):
        hers.post(reverse(f"{kind}_changelist"), {"action": action, "select_across": "1", **chosen})
    hers.post(
        reverse(f"{kind}_changelist"), {"form-TOTAL_FORMS": 1, "form-0-id": 1, "_save": "Save", **FORGED}
    )
    assert (kept(approved), list(model.objects.values())) == (before, rows)


def test_what_the_board_decides_has_no_address_in_the_admin(member):
    hers = browser(member("otto", "operator"))
    assert [model for model in staff._registry if model._meta.app_label == "editorial"] == []
    for name in ("review", "decision", "approval", "reading", "edit", "boardmember"):
        assert hers.post(f"/admin/editorial/{name}/add/", FORGED).status_code == 404


# The interface --------------------------------------------------------------------------------


@pytest.mark.enable_socket
@pytest.mark.parametrize("scopes", [*[(scope,) for scope in SCOPES], SCOPES], ids="-".join)
def test_no_call_of_the_interface_changes_a_review(approved, editor, scopes):
    secret = tokens.create(name="a program", scopes=scopes, days=30, by=editor)[1]
    values = {"article_id": approved.pk, "run_id": Run.objects.get().pk, "form": "json", "source_id": "none"}
    before = kept(approved)
    for _, _, path, _ in OPERATIONS:
        address = "/api/v1/" + re.sub(r"{(\w+)}", lambda m: str(values[m[1]]), path)
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            for body in (FORGED, {"question": approved.question}, {"question": approved.question, **FORGED}):
                with transaction.atomic():
                    Client().generic(
                        method,
                        address,
                        json.dumps(body),
                        content_type="application/json",
                        headers={"authorization": f"Bearer {secret}"},
                    )
                    assert kept(approved) == before, (method, address)
                    transaction.set_rollback(True)


@pytest.mark.parametrize("name", BOARD)
def test_a_token_opens_no_page_of_the_board(ready, second, name):
    secret = tokens.create(name="a program", scopes=SCOPES, days=30, by=second)[1]
    before, headers = kept(ready), {"authorization": f"Bearer {secret}"}
    for answer in (
        Client().get(address(name, ready), headers=headers),
        Client().post(address(name, ready), form_of(ready), headers=headers),
    ):
        assert answer.status_code in {302, 405}
        assert "Location" not in answer or "/accounts/login/" in answer["Location"]
    assert kept(ready) == before


# Forms ----------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("name", BOARD)
def test_looking_decides_nothing_whatever_the_address_says(ready, editor, second, name):
    before = kept(ready)
    for client in map(browser, (editor, second)):
        client.get(address(name, ready), {**FORGED, **form_of(ready)})
        client.head(address(name, ready), {**FORGED, **form_of(ready)})
    for move in Move:
        assert browser(editor).get(reverse("board-act", args=[ready.pk, move])).status_code == 405
    assert kept(ready) == before


@pytest.mark.parametrize("name", BOARD)
def test_a_form_without_the_token_of_its_session_is_refused(ready, editor, second, name):
    def guarded(person) -> Client:
        client = Client(enforce_csrf_checks=True)
        client.cookies = browser(person).cookies
        return client

    before, form = kept(ready), {**FORGED, **form_of(ready)}
    page = guarded(editor).get(reverse("board-profile"))
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode()).group(1)
    other = guarded(second)
    other.get(reverse("board-profile"))
    for sent in (form, {**form, "csrfmiddlewaretoken": "x" * 64}, {**form, "csrfmiddlewaretoken": token}):
        assert other.post(address(name, ready), sent).status_code == 403
    assert kept(ready) == before


@pytest.mark.parametrize("name", BOARD)
def test_no_form_skips_the_second_factor(ready, editor, member, name):
    before, bare = kept(ready), member("bare", "editor", factor=False)
    for client in (browser(editor, shown=False), browser(bare)):
        answer = client.post(address(name, ready), {**FORGED, **form_of(ready), "mfa": "1", "code": "000000"})
        assert (answer.status_code, answer["Location"].split("?")[0][:14]) == (302, "/accounts/2fa/")
        session = client.session
        assert not any(r.get("method") == "mfa" for r in session.get("account_authentication_methods", ()))
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


# The database ---------------------------------------------------------------------------------


def _gap(revision) -> None:
    revision.document["content"]["gaps"] = ["Nothing"]


def _claim(revision) -> None:
    next(iter(revision.document["content"]["claims"].values()))["text"] = "Give ten times as much."


def _wording(revision) -> None:
    next(iter(revision.renderings["patient"]["claims"].values()))["text"] = "Take ten times as much."


def _swapped(revision) -> None:
    kept = revision.renderings
    kept["clinician"], kept["patient"] = kept["patient"], kept["clinician"]


@pytest.mark.parametrize("tamper", [_gap, _claim, _wording, _swapped], ids=lambda f: f.__name__)
def test_words_that_were_changed_in_the_database_are_nowhere_called_approved(approved, second, tamper):
    revision = approved.current
    tamper(revision)
    revision.save()
    public, page = Client(), f"/articles/{approved.pk}/"
    for audience in ("clinician", "student", "patient"):
        body = public.get(page, {"for": audience}).content.decode()
        assert "Approved by" not in body
        assert "reviewedBy" not in body
        assert "Its words are not those that were approved" in body
        told = public.get(f"/api/v1/articles/{approved.pk}?audience={audience}").json()["review"]
        assert (told["status"], told["reviewed_by"], told["covers"]) == ("needs_re_review", None, [])
    for form in ("md", "txt", "json"):
        assert "Dr Stella" not in public.get(f"{page}article.{form}").content.decode()
    assert public.get(f"{page}article.json").json()["review"]["status"] == "needs_re_review"
    for path in ("/", "/articles/", "/feeds/articles.atom", "/feeds/changes.atom"):
        body = public.get(path).content.decode()
        assert not re.search(r"· Approved|Recently approved|>Approved[.:]", body), path
    assert "tag status approved" not in browser(second).get("/board/?status=approved").content.decode()


def test_words_that_are_as_they_were_approved_are_called_so_in_every_list(approved, second):
    for path, words in (
        ("/", "Recently approved"),
        ("/", "· Approved"),
        ("/articles/", "· Approved"),
        ("/feeds/articles.atom", ">Approved."),
        ("/feeds/changes.atom", ">Approved:"),
    ):
        assert words in Client().get(path).content.decode(), path
    assert "tag status approved" in browser(second).get("/board/?status=approved").content.decode()
