"""The staff admin: operators look, and nothing there can be changed by anybody."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.site.people import browser, member, with_factor

import consilium.site.urls  # noqa: F401 - what is shown is registered with the addresses
from consilium.site.accounts.admin import ReadOnlyAdmin, staff
from consilium.site.accounts.models import Invitation, User
from consilium.site.articles.models import Article, Revision
from consilium.site.articles.viewer import Viewer

pytestmark = pytest.mark.django_db
MODELS = sorted(staff._registry, key=lambda model: model.__name__)


@pytest.fixture
def olga():
    return with_factor(member("olga", "operator"))


@pytest.fixture
def hers(olga):
    return browser(olga)


@pytest.fixture
def public(asked):
    article = asked()
    Article.objects.filter(pk=article.pk).update(published=timezone.now())
    return article


def addresses(model, row=None):
    """Every address of a model in the admin."""
    kind = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    yield "changelist", reverse(f"{kind}_changelist")
    yield "add", reverse(f"{kind}_add")
    if row is not None:
        for name in ("change", "delete", "history"):
            yield name, reverse(f"{kind}_{name}", args=[row.pk])


def test_everything_shown_there_is_read_only():
    assert MODELS
    assert all(isinstance(shown, ReadOnlyAdmin) for shown in staff._registry.values())


def test_every_model_of_articles_that_is_editorial_is_shown():
    shown = {model._meta.label for model in MODELS}
    assert {"articles.Article", "articles.Revision", "articles.Report"} <= shown


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_an_operator_sees_the_list_and_can_add_nothing(model, hers, public):
    pages = dict(addresses(model))
    answer = hers.get(pages["changelist"])
    assert answer.status_code == 200
    assert '<select name="action"' not in answer.content.decode()
    assert hers.get(pages["add"]).status_code == 403
    assert hers.post(pages["add"], {}).status_code == 403


def test_a_revision_cannot_be_rewritten_or_deleted_in_place(hers, public):
    revision = public.current
    pages = dict(addresses(Revision, revision))
    body = hers.get(pages["change"]).content.decode()
    assert 'name="_save"' not in body
    assert not re.search(r"<(textarea|input type=\"text\")", body)
    forged = {
        "article": str(public.pk),
        "number": "1",
        "kind": "article",
        "content_id": "x",
        "document": "{}",
    }
    assert hers.post(pages["change"], {**forged, "_save": "Save"}).status_code == 403
    assert hers.post(pages["delete"], {"post": "yes"}).status_code == 403
    action = {"action": "delete_selected", "_selected_action": str(revision.pk), "post": "yes"}
    hers.post(pages["changelist"], action)
    kept = Revision.objects.get(pk=revision.pk)
    assert (kept.content_id, kept.document) == (revision.content_id, revision.document)


def test_what_is_private_is_not_there_either(hers, asked, person):
    private = asked(by=Viewer(person, ""))
    assert private.question not in hers.get(reverse("admin:articles_article_changelist")).content.decode()
    for model, row in ((Article, private), (Revision, private.current)):
        # Django leads from what it does not find to the first page.
        assert hers.get(dict(addresses(model, row))["change"])["Location"] == "/admin/"


def test_passwords_and_secrets_are_not_shown(hers, olga):
    made = Invitation.objects.create(email="a@example.org", digest="d1" * 32, expires=timezone.now())
    person_page = hers.get(dict(addresses(User, olga))["change"]).content.decode()
    assert "argon2" not in person_page
    assert made.digest not in hers.get(dict(addresses(Invitation, made))["change"]).content.decode()


def test_its_pages_obey_the_policy_of_scripts_and_styles(hers, olga, public):
    pages = [
        "/admin/",
        *(path for _, path in addresses(Article, public)),
        dict(addresses(User, olga))["change"],
    ]
    for path in [*pages, "/admin/articles/", dict(addresses(Revision, public.current))["change"]]:
        answer = hers.get(path)
        body = answer.content.decode()
        assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", body) == [], path
        assert re.findall(r"<style|\sstyle=|\son[a-z]+=\"|javascript:", body) == [], path
        assert "script-src 'self'" in answer["Content-Security-Policy"].split("; ")


def test_the_password_is_changed_on_the_page_of_the_site(hers):
    assert hers.get("/admin/password_change/")["Location"] == "/accounts/password/change/"


def test_its_sign_in_is_that_of_the_site():
    answer = Client().get("/admin/login/")
    assert answer["Location"].startswith("/accounts/login/?next=/admin/login/")


@pytest.mark.parametrize("roles", [(), ("reviewer",), ("editor",), ("reviewer", "editor")])
def test_nobody_but_an_operator_is_let_in(roles):
    outsider = browser(with_factor(member("rita", *roles)))
    assert outsider.get("/admin/login/").status_code == 403
    for model in MODELS:
        for _, path in addresses(model):
            assert outsider.get(path)["Location"].startswith("/admin/login/"), path


def test_an_operator_without_a_second_factor_is_led_to_its_page():
    client = browser(member("olga", "operator"))
    assert client.get("/admin/")["Location"] == "/admin/login/?next=/admin/"
    assert client.get("/admin/login/?next=/admin/")["Location"] == "/accounts/2fa/"


def test_djangos_own_admin_has_no_address():
    from django.contrib import admin

    assert apps.is_installed("django.contrib.admin")
    assert staff is not admin.site
    assert reverse("admin:index") == "/admin/"
