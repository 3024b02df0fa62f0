"""Publishing: an explicit act, after the scrubber and a person have looked; only by whoever asked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client

from consilium.errors import QuestionError
from consilium.site.articles import actions, publishing, worker
from consilium.site.articles.models import Article, Run
from consilium.site.articles.viewer import Viewer

pytestmark = pytest.mark.django_db
NAMED = "My son Oliver has croup: does dexamethasone help?"
PLAIN = "Does dexamethasone help in croup?"


def work() -> None:
    while claimed := worker.claim("test"):
        worker.work_on(claimed)


@pytest.fixture
def owner(person) -> Viewer:
    return Viewer(person, "")


@pytest.fixture
def hers(client, person):
    client.force_login(person)
    return client


def test_the_page_marks_what_was_found_and_shows_how_it_would_read(hers, asked, owner):
    article = asked(NAMED, by=owner)
    body = hers.get(f"/articles/{article.pk}/publish").content.decode()
    assert '<mark>Oliver<span class="small"> (name)</span></mark>' in body
    assert "My son [name] has croup: does dexamethasone help?</textarea>" in body
    article.refresh_from_db()
    assert article.published is None


def test_looking_again_publishes_nothing_and_says_what_is_left(hers, asked, owner):
    article = asked(PLAIN, by=owner)
    form = {"question": "Does Dr Smith help?", "look": "yes", "confirmed": "yes"}
    answer = hers.post(f"/articles/{article.pk}/publish", form)
    assert answer.status_code == 200
    assert "Still in it: “Dr Smith” (name)" in answer.content.decode()
    assert not Article.objects.filter(published__isnull=False).exists()


def test_nothing_is_published_without_the_confirmation(hers, asked, owner):
    article = asked(PLAIN, by=owner)
    assert hers.post(f"/articles/{article.pk}/publish", {"question": PLAIN}).status_code == 400
    assert hers.post(f"/articles/{article.pk}/publish").status_code == 200
    article.refresh_from_db()
    assert article.published is None


def test_a_question_that_names_nobody_is_published_as_it_is(hers, asked, owner):
    article = asked(PLAIN, by=owner)
    digest = article.current.content_id
    answer = hers.post(f"/articles/{article.pk}/publish", {"question": PLAIN, "confirmed": "yes"})
    assert answer["Location"] == f"/articles/{article.pk}/"
    assert Client().get(f"/articles/{article.pk}/").status_code == 200
    article.refresh_from_db()
    assert article.current.content_id == digest
    assert Run.objects.count() == 1


def test_a_question_that_names_somebody_is_never_published(asked, owner):
    article = asked(NAMED, by=owner)
    with pytest.raises(publishing.Identifies, match="name"):
        publishing.publish(article=article, by=owner, question=NAMED)
    assert not Article.objects.filter(published__isnull=False).exists()


def test_a_changed_question_is_asked_anew_and_that_answer_is_published(hers, asked, owner):
    article = asked(NAMED, by=owner, country="UK")
    answer = hers.post(f"/articles/{article.pk}/publish", {"question": PLAIN, "confirmed": "yes"})
    run = Run.objects.get(question=PLAIN)
    assert answer["Location"] == f"/runs/{run.pk}/"
    assert not Article.objects.filter(published__isnull=False).exists(), "not before there is an answer"
    work()
    run.refresh_from_db()
    public = run.article
    assert public.published
    assert (public.owner, public.country) == (owner.person, "UK")
    assert public.current.document["content"]["question"] == PLAIN
    article.refresh_from_db()
    assert (article.published, article.question) == (None, NAMED)
    page = Client().get(f"/articles/{public.pk}/")
    assert page.status_code == 200
    assert "Oliver" not in page.content.decode()
    assert "Oliver" not in str(public.current.document)


def test_the_scrubbed_question_itself_can_be_answered_and_published(asked, owner):
    article = asked(NAMED, by=owner)
    scrubbed = "My son [name] has croup: does dexamethasone help?"
    publishing.publish(article=article, by=owner, question=scrubbed)
    work()
    assert Article.objects.get(published__isnull=False).question == scrubbed


def test_a_changed_question_counts_towards_the_quota(asked, owner, settings):
    article = asked(NAMED, by=owner)
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, asks_per_hour=1)
    with pytest.raises(actions.TooManyQuestions):
        publishing.publish(article=article, by=owner, question=PLAIN)


@pytest.mark.parametrize("text", ["", "   ", "\x00\x01\x02\x03\x04", "x" * 2001])
def test_a_question_that_cannot_be_read_is_refused(asked, owner, text):
    article = asked(PLAIN, by=owner)
    with pytest.raises(QuestionError):
        publishing.publish(article=article, by=owner, question=text)


def test_an_abstention_cannot_be_published(hers, asked, owner):
    article = asked("What colour is the best teapot for tea?", by=owner)
    assert article.current.kind == "abstention"
    assert "only answers can be published" in hers.get(f"/articles/{article.pk}/publish").content.decode()
    form = {"question": article.question, "confirmed": "yes"}
    assert hers.post(f"/articles/{article.pk}/publish", form).status_code == 400
    article.refresh_from_db()
    assert article.published is None


def test_a_page_with_an_emergency_notice_alone_offers_nothing_to_publish(hers, asked, owner):
    article = asked("I want to kill myself", by=owner, audience="patient")
    for page in (f"/articles/{article.pk}/", "/me/"):
        assert "ublish" not in hers.get(page).content.decode().split("<main", 1)[1]


def test_a_changed_question_that_finds_no_answer_publishes_nothing(asked, owner):
    article = asked(PLAIN, by=owner)
    run = publishing.publish(article=article, by=owner, question="What colour is the best teapot for tea?")
    work()
    run.refresh_from_db()
    assert run.article.current.kind == "abstention"
    assert run.article.published is None


def test_a_follow_up_is_public_only_where_what_it_follows_is(asked, owner):
    first = asked(PLAIN, by=owner)
    second = asked("And which dose of dexamethasone in croup?", by=owner, follows=first)
    with pytest.raises(publishing.NotPublishable, match="Publish that one first"):
        publishing.publish(article=second, by=owner, question=second.question)
    publishing.publish(article=first, by=owner, question=PLAIN)
    second = Article.objects.get(pk=second.pk)
    assert publishing.publish(article=second, by=owner, question=second.question) is None
    assert publishing.unpublish(article=first, by=owner) == 2
    assert not Article.objects.filter(published__isnull=False).exists()


def test_what_others_followed_up_stays_public_and_shows_nothing_private(client, asked, owner):
    first = asked(PLAIN, by=owner)
    publishing.publish(article=first, by=owner, question=PLAIN)
    first.refresh_from_db()
    other = Viewer(None, "another session")
    second = asked("And which dose of dexamethasone in croup?", by=other, follows=first)
    publishing.publish(article=second, by=other, question=second.question)
    assert publishing.unpublish(article=first, by=owner) == 1
    page = client.get(f"/articles/{second.pk}/")
    assert page.status_code == 200
    assert PLAIN not in page.content.decode()


def test_only_whoever_asked_may_publish_or_unpublish(client, asked, owner, django_user_model):
    article = asked(PLAIN, by=owner)
    form = {"question": PLAIN, "confirmed": "yes"}
    client.force_login(django_user_model.objects.create_user("eve@example.org", "a long enough word"))
    for address in (f"/articles/{article.pk}/publish", f"/articles/{article.pk}/unpublish"):
        assert client.post(address, form).status_code == 404
        assert Client().post(address, form).status_code == 404
    for stranger in (Viewer(None, ""), Viewer(None, "someone")):
        with pytest.raises(actions.NotYours):
            publishing.publish(article=article, by=stranger, question=PLAIN)
    publishing.publish(article=article, by=owner, question=PLAIN)
    assert client.post(f"/articles/{article.pk}/unpublish").status_code == 404
    with pytest.raises(actions.NotYours):
        publishing.unpublish(article=article, by=Viewer(None, "someone"))
    assert Client().get(f"/articles/{article.pk}/").status_code == 200


def test_somebody_without_an_account_publishes_in_the_browser_that_asked(client, asked):
    client.post("/ask/", {"question": PLAIN})
    work()
    article = Article.objects.get()
    client.post(f"/articles/{article.pk}/publish", {"question": PLAIN, "confirmed": "yes"})
    assert Client().get(f"/articles/{article.pk}/").status_code == 200
    client.post(f"/articles/{article.pk}/unpublish")
    assert Client().get(f"/articles/{article.pk}/").status_code == 404


def test_posted_fields_of_the_row_change_nothing(hers, asked, owner):
    more = {
        "owner": "1",
        "published": "2020-01-01",
        "publish": "True",
        "session": "x",
        "parent": "",
        "topics": "x",
    }
    hers.post("/ask/", {"question": PLAIN, **more})
    work()
    article = Article.objects.get()
    assert (article.owner, article.published, article.session) == (owner.person, None, "")
    hers.post(f"/articles/{article.pk}/publish", {"question": PLAIN, **more})
    article.refresh_from_db()
    assert article.published is None


@pytest.mark.parametrize("act", ["publish", "unpublish"])
def test_a_publishing_form_from_elsewhere_is_refused(person, asked, owner, act):
    article = asked(PLAIN, by=owner)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person)
    form = {"question": PLAIN, "confirmed": "yes"}
    assert strict.post(f"/articles/{article.pk}/{act}", form).status_code == 403
    article.refresh_from_db()
    assert article.published is None


def test_unpublishing_by_a_link_does_nothing(hers, asked, owner):
    article = asked(PLAIN, by=owner)
    publishing.publish(article=article, by=owner, question=PLAIN)
    assert hers.get(f"/articles/{article.pk}/unpublish").status_code == 405
    assert Client().get(f"/articles/{article.pk}/").status_code == 200
