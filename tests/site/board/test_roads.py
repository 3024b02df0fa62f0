"""Roads around the review: the admin, the interface, and the database itself."""

from __future__ import annotations

import json
import re

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from tests.site.api.test_authorisation import OPERATIONS
from tests.site.board.conftest import kept
from tests.site.board.forged import BOARD, FORGED, form_of
from tests.site.board.test_board_pages import address
from tests.site.people import browser

import consilium.site.urls  # noqa: F401 - what is shown is registered with the addresses
from consilium.site.accounts.admin import staff
from consilium.site.accounts.models import Invitation
from consilium.site.api import tokens
from consilium.site.articles.models import Run

pytestmark = pytest.mark.django_db
SCOPES = ("read", "ask", "publish")


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


def test_a_token_opens_no_page_of_the_board(ready, second):
    secret = tokens.create(name="a program", scopes=SCOPES, days=30, by=second)[1]
    before, headers = kept(ready), {"authorization": f"Bearer {secret}"}
    for path in (address(name, ready) for name in BOARD):
        for answer in (
            Client().get(path, headers=headers),
            Client().post(path, form_of(ready), headers=headers),
        ):
            assert answer.status_code in {302, 405}
            assert "Location" not in answer or "/accounts/login/" in answer["Location"]
    assert kept(ready) == before


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
