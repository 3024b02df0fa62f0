"""One's own questions: the list, the export, the deletion of one answer and of the account."""

from __future__ import annotations

import json

import pytest
from django.core.cache import cache
from django.test import Client

from consilium.site.api import tokens
from consilium.site.articles import actions, belongings, publishing
from consilium.site.articles.models import Article, Report, Revision, Run
from consilium.site.articles.viewer import Viewer

pytestmark = pytest.mark.django_db
WORD = "a long enough word"
PLAIN, FOLLOW = "Does dexamethasone help in croup?", "And which dose of dexamethasone in croup?"
SURE = {"password": WORD, "sure": "yes"}


@pytest.fixture(autouse=True)
def nobody_tried_yet():
    cache.clear()


@pytest.fixture
def owner(person) -> Viewer:
    return Viewer(person, "")


@pytest.fixture
def hers(client, person):
    client.force_login(person)
    return client


@pytest.fixture
def other(django_user_model) -> Viewer:
    return Viewer(django_user_model.objects.create_user("eve@example.org", WORD), "")


def test_the_list_groups_follow_ups_under_what_they_follow_and_shows_nobody_elses(hers, asked, owner, other):
    first = asked(PLAIN, by=owner)
    second = asked(FOLLOW, by=owner, follows=first)
    asked("Gout: colchicine or an NSAID first?", by=other)
    actions.ask(question="Sepsis: which fluid first?", by=owner)
    (thread,) = belongings.threads(owner)
    assert (thread.article, [t.article for t in thread.follow_ups]) == (first, [second])
    body = hers.get("/me/").content.decode()
    assert body.index(PLAIN) < body.index(FOLLOW)
    assert "Sepsis: which fluid first?" in body
    assert "Gout" not in body


def test_the_list_of_somebody_without_an_account_is_that_of_the_browser(client):
    client.post("/ask/", {"question": PLAIN})
    assert PLAIN in client.get("/me/").content.decode()
    assert PLAIN not in Client().get("/me/").content.decode()


@pytest.mark.parametrize("page", ["/me/", "/me/export", "/me/delete"])
def test_what_is_ones_own_is_kept_in_no_cache(hers, page):
    assert "no-store" in hers.get(page)["Cache-Control"]


def test_a_long_list_comes_in_pages(hers, owner):
    for number in range(32):
        row = Article.objects.create(question=f"Question {number:02}?", owner=owner.person)
        Revision.objects.create(
            article=row, number=1, kind="article", content_id="x", document={}, plan_key="x"
        )
    first, second = (hers.get(f"/me/?page={n}").content.decode() for n in (1, 2))
    assert "Question 31?" in first
    assert "Question 00?" not in first
    assert "Question 00?" in second


def test_the_export_holds_everything_of_ones_own_and_nothing_else(hers, asked, owner, other):
    first = asked(PLAIN, by=owner)
    second = asked(FOLLOW, by=owner, follows=first)
    asked("Gout: colchicine or an NSAID first?", by=other)
    claim = next(iter(first.current.document["content"]["claims"]))
    actions.report(article=first, claim=claim, words="The dose is wrong.", by=owner)
    answer = hers.get("/me/export")
    assert "attachment" in answer["Content-Disposition"]
    body = json.loads(answer.content)
    assert body["format"] == belongings.FORMAT
    assert body["person"]["email"] == "ada@example.org"
    assert {a["id"]: a["follows"] for a in body["articles"]} == {
        str(first.pk): None,
        str(second.pk): str(first.pk),
    }
    kept = next(a for a in body["articles"] if a["id"] == str(first.pk))
    assert kept["revisions"][0]["document"] == first.current.document
    assert {run["question"] for run in body["runs"]} == {PLAIN, FOLLOW}
    assert body["runs"][0]["events"][0]["kind"] == "queued"
    assert [r["words"] for r in body["reports"]] == ["The dose is wrong."]
    text = answer.content.decode()
    assert "Gout" not in text
    assert "argon2" not in text
    assert "eve@example.org" not in text


def test_the_export_names_the_tokens_and_holds_nothing_that_opens_anything(hers, person, other):
    row, secret = tokens.create(name="the ward's script", scopes=["ask"], days=30, by=person)
    tokens.create(name="hers", scopes=["ask"], days=30, by=other.person)
    answer = hers.get("/me/export")
    (told,) = json.loads(answer.content)["tokens"]
    assert (told["name"], told["scopes"], told["revoked"]) == ("the ward's script", ["ask"], None)
    assert secret not in answer.content.decode()
    assert row.digest not in answer.content.decode()


def test_an_answer_is_deleted_with_its_question_and_its_follow_up_stays(hers, asked, owner):
    first = asked(PLAIN, by=owner)
    second = asked(FOLLOW, by=owner, follows=first)
    assert hers.get(f"/me/articles/{first.pk}/delete").status_code == 200
    assert Article.objects.filter(pk=first.pk).exists(), "a link alone deletes nothing"
    hers.post(f"/me/articles/{first.pk}/delete")
    assert list(Article.objects.all()) == [second]
    assert not Run.objects.filter(question=PLAIN).exists()
    assert Revision.objects.count() == 1


def test_a_public_answer_has_to_be_made_private_before_it_is_deleted(hers, asked, owner):
    article = asked(PLAIN, by=owner)
    publishing.publish(article=article, by=owner, question=PLAIN)
    assert hers.post(f"/me/articles/{article.pk}/delete").status_code == 400
    publishing.unpublish(article=article, by=owner)
    assert hers.post(f"/me/articles/{article.pk}/delete").status_code == 302
    assert not Article.objects.exists()


def test_nobody_deletes_what_is_somebody_elses(client, asked, owner, other):
    article = asked(PLAIN, by=owner)
    run = Run.objects.get()
    publishing.publish(article=article, by=owner, question=PLAIN)
    client.force_login(other.person)
    assert client.post(f"/me/articles/{article.pk}/delete").status_code == 404
    assert client.post(f"/me/runs/{run.pk}/delete").status_code == 404
    for delete in (
        lambda: belongings.delete_article(article=article, by=other),
        lambda: belongings.delete_run(run=run, by=other),
    ):
        with pytest.raises(actions.NotYours):
            delete()
    assert Article.objects.count() == Run.objects.count() == 1


def test_a_question_without_an_answer_is_deleted(hers, owner):
    run = actions.ask(question=PLAIN, by=owner)
    hers.post(f"/me/runs/{run.pk}/delete")
    assert not Run.objects.exists()


def test_deleting_the_account_deletes_what_is_private_and_keeps_what_is_public_without_an_owner(
    hers, asked, owner, other
):
    private = asked(PLAIN, by=owner)
    public = asked("Gout: colchicine or an NSAID first?", by=owner)
    publishing.publish(article=public, by=owner, question=public.question)
    theirs = asked("Sepsis: which fluid first?", by=other)
    claim = next(iter(public.current.document["content"]["claims"]))
    actions.report(article=public, claim=claim, words="Wrong.", by=owner)
    page = hers.get("/me/delete").content.decode()
    assert "1 private answer " in page
    assert "1 answer that you published" in page
    assert hers.post("/me/delete", SURE)["Location"] == "/"
    assert not type(owner.person).objects.filter(email="ada@example.org").exists()
    assert set(Article.objects.values_list("pk", "owner")) == {
        (public.pk, None),
        (theirs.pk, other.person.pk),
    }
    assert not Article.objects.filter(pk=private.pk).exists()
    assert set(Run.objects.values_list("owner", flat=True)) == {other.person.pk}
    assert Report.objects.get().owner is None
    assert "_auth_user_id" not in hers.session
    assert Client().get(f"/articles/{public.pk}/").status_code == 200


@pytest.mark.parametrize(
    "form", [{"sure": "yes"}, {"password": WORD}, {"password": "wrong", "sure": "yes"}, {}]
)
def test_an_account_is_not_deleted_without_password_and_confirmation(hers, person, form):
    assert hers.post("/me/delete", form).status_code == 400
    person.refresh_from_db()


def test_passwords_cannot_be_tried_out_at_the_deletion(hers, person):
    statuses = [hers.post("/me/delete", {"password": "wrong", "sure": "yes"}).status_code for _ in range(12)]
    assert statuses[0] == 400
    assert statuses[-1] == 429
    assert hers.post("/me/delete", SURE).status_code == 429
    person.refresh_from_db()


def test_nobody_deletes_an_account_without_being_signed_in(client, person):
    assert client.post("/me/delete", SURE)["Location"] == "/accounts/login/?next=/me/delete"
    with pytest.raises(actions.NotYours):
        belongings.delete_account(by=Viewer(None, "someone"), password=WORD)
    person.refresh_from_db()


def test_a_posted_id_never_deletes_another_account(hers, person, other):
    hers.post(
        "/me/delete", {**SURE, "owner": other.person.pk, "user": other.person.pk, "id": other.person.pk}
    )
    assert list(type(person).objects.all()) == [other.person]
