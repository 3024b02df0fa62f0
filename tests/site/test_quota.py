"""What one asker may do in an hour, by whom it is counted, and what does not reset it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.utils import timezone

from consilium.errors import QuestionError
from consilium.site.accounts.adapter import AccountAdapter
from consilium.site.addresses import network
from consilium.site.articles import actions, belongings, publishing
from consilium.site.articles.models import Article, Report, Run, Use
from consilium.site.articles.viewer import Viewer

pytestmark = pytest.mark.django_db
CROUP = "Does dexamethasone help in croup?"
WORD = "a long enough word"


@pytest.fixture
def two_an_hour(settings):
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, asks_per_hour=2)


def _post(client, address="192.0.2.1", **form):
    return client.post("/ask/", {"question": CROUP, **form}, REMOTE_ADDR=address)


def test_deleting_what_was_asked_gives_no_new_share_of_the_hour(client, person, two_an_hour):
    client.force_login(person)
    for number in range(2):
        assert _post(client, f"192.0.2.{number}").status_code == 302
    for run in Run.objects.all():
        client.post(f"/me/runs/{run.pk}/delete")
    assert not Run.objects.exists()
    assert _post(client, "192.0.2.9").status_code == 429


def test_deleting_the_account_gives_the_network_no_new_share(client, person, two_an_hour):
    client.force_login(person)
    for _ in range(2):
        assert _post(client).status_code == 302
    belongings.delete_account(by=Viewer(person, ""), password=WORD)
    assert _post(Client()).status_code == 429


def test_the_count_holds_neither_words_nor_names(client, person):
    client.force_login(person)
    _post(client)
    rows = str(list(Use.objects.values()))
    for told in (CROUP, person.email, "192.0.2.1", f"person {person.pk}"):
        assert told not in rows
    assert Use.objects.count() == 2


def test_a_question_that_was_refused_counts_for_nothing(client, two_an_hour):
    for _ in range(3):
        assert _post(client, question="   ").status_code == 400
    assert _post(client).status_code == 302


@pytest.mark.parametrize(
    "address,counted",
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ("fe80::1%eth0", "fe80::"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_an_address_is_counted_by_its_network(address, counted):
    assert network(address) == counted
    request = RequestFactory().get("/", REMOTE_ADDR=address)
    assert AccountAdapter().get_client_ip(request) == counted


def test_another_address_of_the_same_network_gives_no_new_share(client, two_an_hour):
    for last in (1, 2):
        assert _post(Client(), f"2001:db8:1:2::{last}").status_code == 302
    assert _post(client, "2001:db8:1:2:ffff::3").status_code == 429
    assert _post(client, "2001:db8:1:3::3").status_code == 302


def test_passwords_are_tried_out_no_more_often_by_changing_the_address_in_one_network(client, person):
    cache.clear()
    for last in range(20):
        told = {"login": f"{last}@example.org", "password": "wrong"}
        client.post("/accounts/login/", told, REMOTE_ADDR=f"2001:db8:1:2::{last:x}")
    right = {"login": person.email, "password": WORD}
    client.post("/accounts/login/", right, REMOTE_ADDR="2001:db8:1:2:9::9")
    assert "_auth_user_id" not in client.session
    client.post("/accounts/login/", right, REMOTE_ADDR="2001:db8:1:3::9")
    assert client.session["_auth_user_id"] == str(person.pk)


def test_reports_have_a_quota_of_their_own(client, asked, settings):
    settings.REPORTS_PER_HOUR = 2
    article = asked()
    Article.objects.update(published=timezone.now())
    claim = next(iter(article.current.document["content"]["claims"]))
    address = f"/articles/{article.pk}/claims/{claim}/report"
    for _ in range(2):
        assert client.post(address, {"words": "Wrong."}).status_code == 302
    refused = client.post(address, {"words": "Wrong."})
    assert refused.status_code == 429
    assert 3500 < int(refused["Retry-After"]) <= 3600
    assert "reported many problems" in refused.content.decode()
    assert Report.objects.count() == 2
    assert _post(client).status_code == 302


@pytest.mark.parametrize("form", [{"question": "   "}, {"country": "Atlantis"}, {"follows": "none"}])
def test_nobody_gets_a_session_where_nothing_is_kept(client, form):
    answer = _post(client, **form)
    assert answer.status_code in {400, 404}
    assert "sessionid" not in answer.cookies
    assert not Session.objects.exists()


def test_whoever_has_asked_too_much_gets_no_session_either(client, two_an_hour):
    for _ in range(2):
        _post(Client())
    held = Session.objects.count()
    assert _post(client).status_code == 429
    assert Session.objects.count() == held


# Countries -----------------------------------------------------------------------------------

SPY = "UK for Ann Lee, 07700 900123"


@pytest.mark.parametrize("country", ["Atlantis", SPY, "UKK", "x" * 5000, "<script>alert(1)</script>"])
def test_a_country_that_the_library_does_not_know_is_refused_with_those_that_it_knows(client, country):
    answer = _post(client, country=country)
    assert answer.status_code == 400
    body = answer.content.decode()
    assert "no guidance for this country" in body
    assert "Canada" in body
    assert country not in body
    assert not Run.objects.exists()


@pytest.mark.parametrize("country,kept", [("", ""), ("UK", "UK"), (" uk ", "UK"), ("Canada", "Canada")])
def test_a_country_is_kept_as_the_sources_write_it(client, country, kept):
    assert _post(client, country=country).status_code == 302
    assert Run.objects.get().country == kept


def test_an_article_whose_country_names_somebody_is_not_published(asked, person):
    by = Viewer(person, "")
    article = asked(by=by)
    Article.objects.update(country=SPY)  # as an earlier version let through
    article.refresh_from_db()
    with pytest.raises(publishing.Identifies):
        publishing.publish(article=article, by=by, question=CROUP)
    article.refresh_from_db()
    assert article.published is None


def test_the_action_itself_refuses_an_unknown_country(db):
    with pytest.raises(QuestionError, match="no guidance for this country"):
        actions.ask(question=CROUP, by=Viewer(None, "me"), country="Atlantis")
