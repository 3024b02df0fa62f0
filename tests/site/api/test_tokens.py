"""Tokens: made, shown once, used, ended."""

from __future__ import annotations

import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone

from consilium.site.api import tokens
from consilium.site.api.models import ApiToken
from consilium.site.articles.models import Run

pytestmark = pytest.mark.django_db
CROUP = {"question": "Does dexamethasone help in croup?"}
FORM = {"name": "my notebook", "scopes": ["read", "ask"], "days": "90"}


@pytest.fixture
def signed_in(client, person):
    client.force_login(person)
    return client


def test_a_token_is_shown_once_and_kept_nowhere(signed_in):
    page = signed_in.post("/me/tokens/", FORM)
    assert page.status_code == 201
    assert "no-store" in page["Cache-Control"]
    (secret,) = re.findall(r'value="(consilium_[^"]+)"', page.content.decode())
    row = ApiToken.objects.get()
    assert secret not in str(vars(row))
    assert row.digest == tokens.digest_of(secret)
    assert secret not in signed_in.get("/me/tokens/").content.decode()


def test_the_digest_is_of_no_use_without_the_secret_of_the_site(settings):
    before = tokens.digest_of("a token")
    settings.SECRET_KEY = "another"  # noqa: S105 - of the test
    assert tokens.digest_of("a token") != before


def test_the_page_of_tokens_takes_a_person(client):
    assert client.get("/me/tokens/").status_code == 302
    assert client.post("/me/tokens/", FORM).status_code == 302
    assert ApiToken.objects.count() == 0


@pytest.mark.parametrize(
    "change,says",
    [
        ({"name": "  "}, "Give the token a name"),
        ({"scopes": []}, "at least one thing"),
        ({"scopes": ["rule"]}, "at least one thing"),
        ({"days": "99999"}, "A token lasts"),
        ({"days": "x"}, "A token lasts"),
    ],
)
def test_a_token_that_cannot_be_made_is_told_why(signed_in, change, says):
    page = signed_in.post("/me/tokens/", FORM | change)
    assert page.status_code == 400
    assert says in page.content.decode()
    assert ApiToken.objects.count() == 0


def test_a_person_has_so_many_tokens_at_most(signed_in, token):
    for _ in range(tokens.MOST):
        token()
    assert signed_in.post("/me/tokens/", FORM).status_code == 400


def test_a_revoked_token_opens_nothing(signed_in, token, call):
    secret = token()
    assert call("POST", "ask", CROUP, secret).status_code == 202
    answer = signed_in.post(f"/me/tokens/{ApiToken.objects.get().pk}/revoke")
    assert answer["Location"] == "/me/tokens/"
    assert call("POST", "ask", CROUP, secret).status_code == 401


def test_nobody_revokes_another_s_token(client, other, token, call):
    secret = token()
    client.force_login(other)
    client.post(f"/me/tokens/{ApiToken.objects.get().pk}/revoke")
    assert call("POST", "ask", CROUP, secret).status_code == 202


def test_a_token_that_has_ended_opens_nothing(token, call):
    secret = token()
    ApiToken.objects.update(expires=timezone.now() - datetime.timedelta(seconds=1))
    assert call("POST", "ask", CROUP, secret).status_code == 401


def test_the_token_of_somebody_who_may_not_sign_in_opens_nothing(token, call, person):
    secret = token()
    person.is_active = False
    person.save()
    assert call("POST", "ask", CROUP, secret).status_code == 401


def test_the_last_use_is_noted_once_a_minute(token, call):
    secret = token()
    call("GET", "articles", token=secret)
    first = ApiToken.objects.get().last_used
    assert first is not None
    call("GET", "articles", token=secret)
    assert ApiToken.objects.get().last_used == first
    ApiToken.objects.update(last_used=first - datetime.timedelta(minutes=2))
    call("GET", "articles", token=secret)
    assert ApiToken.objects.get().last_used >= first


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer ", "Basic YTpi", "Bearer \u00e9", "nonsense"])
def test_a_bad_token_is_refused_even_where_anybody_may_read(call, header):
    answer = call("GET", "articles", authorization=header)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_bad_token_does_not_fall_back_on_the_session(call, signed_in):
    assert call("GET", "articles", client=signed_in, authorization="Bearer nonsense").status_code == 401


def test_without_token_and_session_nobody_asks(call):
    answer = call("POST", "ask", CROUP)
    assert answer.status_code == 401
    assert "/me/tokens/" in answer.json()["detail"]
    assert Run.objects.count() == 0


def test_a_session_that_the_browser_made_up_is_none(call):
    client = Client()
    client.cookies["sessionid"] = "a" * 32
    assert call("POST", "ask", CROUP, client=client).status_code == 401


def test_a_session_asks_only_with_the_page_s_token(call, person):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    assert call("POST", "ask", CROUP, client=client).status_code == 403
    assert Run.objects.count() == 0
    page = client.get("/me/tokens/").content.decode()
    csrf = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    assert call("POST", "ask", CROUP, client=client, **{"x-csrftoken": csrf}).status_code == 202
    assert Run.objects.get().owner == person


def test_a_token_needs_no_token_of_a_page(call, token):
    assert call("POST", "ask", CROUP, token(), client=Client(enforce_csrf_checks=True)).status_code == 202


def test_the_session_of_an_asker_without_an_account_owns_what_it_asks(call, client):
    client.post("/ask/", CROUP)
    run = Run.objects.get()
    assert call("GET", f"runs/{run.pk}", client=client).status_code == 200
    assert call("GET", f"runs/{run.pk}", client=Client()).status_code == 401


def test_no_log_holds_a_token_or_a_question(call, token, caplog):
    caplog.set_level("DEBUG")
    secret = token()
    call("POST", "ask", CROUP, secret)
    call("POST", "ask", CROUP, secret + "x")
    assert secret not in caplog.text
    assert "dexamethasone" not in re.sub(r"(?m)^DEBUG +django\.db.*$", "", caplog.text)


def test_the_description_can_be_read_without_a_script(client):
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    text = page.content.decode()
    for path in ("/api/v1/ask", "/api/v1/search", "/api/v1/articles/{article_id}/publish"):
        assert path in text
    main = text[text.index("<main") : text.index("</main>")]
    assert not re.search(r"<script|<style| style=| on\w+=", main)
