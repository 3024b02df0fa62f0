"""Passwords, sessions and cookies: what a browser gets, how long it lasts, and what is logged of it."""

from __future__ import annotations

import datetime
import io
import logging
import re
import time

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings as site
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from tests.site.people import WORD, browser, member, with_factor

from consilium.site.accounts.board import FACTOR_LASTS
from consilium.site.accounts.passwords import site_words
from consilium.site.logs import Lines

pytestmark = pytest.mark.django_db
SIGN_IN = "/accounts/login/"
NEW = {"email": "zoe@example.org", "password1": WORD, "password2": WORD}
LONG = "  Ünïcode ≥ only, no digit, spaces at both ends  " + "x" * 80 + " "
PASSWORD_PAGES = [SIGN_IN, "/accounts/signup/", "/accounts/password/change/", "/me/delete"]
OWN_PAGES = ["/me/", "/me/tokens/", "/me/notices/", "/accounts/email/", "/accounts/2fa/", "/board/"]


@pytest.fixture(autouse=True)
def nobody_tried_yet():
    cache.clear()


@pytest.fixture
def over_https(settings):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.fixture
def logged():
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(Lines("%(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    yield lambda: out.getvalue().splitlines()
    root.removeHandler(handler)


def sign_in(client: Client, email: str, password: str = WORD):
    return client.post(SIGN_IN, {"login": email, "password": password})


def signed_up(password: str):
    answer = Client().post("/accounts/signup/", {**NEW, "password1": password, "password2": password})
    return answer.status_code


def test_over_https_every_cookie_is_bound_to_this_host(over_https, person):
    hers = Client(headers={"X-Forwarded-Proto": "https"})
    hers.get(SIGN_IN)
    sign_in(hers, person.email)
    hers.get("/?for=patient")
    hers.post("/ask/", {"question": "Does dexamethasone help in croup?", "country": "UK", "for": "student"})
    set_by_us = {name: cookie for name, cookie in hers.cookies.items() if cookie.value}
    assert {"__Host-sessionid", "__Host-csrftoken", "__Host-consilium-for"} <= set(set_by_us)
    for name, cookie in set_by_us.items():
        assert name.startswith("__Host-")
        assert cookie["secure"]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert (cookie["path"], cookie["domain"]) == ("/", "")
    assert hers.get("/me/").status_code == 200


def test_over_https_a_cookie_that_another_host_could_have_set_is_not_read(over_https, person):
    known = browser(person)
    key = known.cookies["sessionid"].value
    answer = Client().get("/me/tokens/", headers={"X-Forwarded-Proto": "https", "Cookie": f"sessionid={key}"})
    assert answer.status_code == 302
    bound = {"X-Forwarded-Proto": "https", "Cookie": f"__Host-sessionid={key}"}
    assert Client().get("/me/tokens/", headers=bound).status_code == 200


def test_a_program_is_refused_over_http_and_not_led_on(over_https, client):
    answer = client.get("/api/v1/articles", headers={"Authorization": "Bearer consilium_x"})
    assert answer.status_code == 403
    assert "HTTPS only" in answer.json()["detail"]
    assert client.get("/api/v1/docs").status_code == 301
    assert client.get("/api/v1/health").status_code == 200
    assert client.get("/api/v1/articles", headers={"X-Forwarded-Proto": "https"}).status_code == 200


def test_a_password_of_any_characters_and_of_any_length_is_taken_as_it_is(django_user_model):
    assert signed_up(LONG) == 302
    zoe = django_user_model.objects.get(email=NEW["email"])
    assert zoe.check_password(LONG)
    assert not zoe.check_password(LONG.strip())
    assert not zoe.check_password(LONG.lower())


@pytest.mark.parametrize("password", ["Consilium2026!", "editor-editor-1", "xConsilium123x"])
def test_a_password_with_the_name_of_the_site_is_refused(password):
    assert signed_up(password) == 200


def test_a_long_password_may_hold_a_word_of_the_site():
    assert signed_up("my editor likes green umbrellas") == 302


def test_the_words_of_the_site_hold_its_hosts(settings):
    from dataclasses import replace

    settings.ENVIRONMENT = replace(site.ENVIRONMENT, hosts=("answers.hospital.example", "localhost", "[::1]"))
    assert {"answers", "hospital", "consilium"} <= set(site_words())
    assert not {"localhost", "example"} & set(site_words())


@pytest.mark.parametrize("path", PASSWORD_PAGES)
def test_every_field_of_a_password_is_masked_and_open_to_password_managers(path, person):
    client = Client() if path in {SIGN_IN, "/accounts/signup/"} else browser(person, fresh=True)
    fields = re.findall(r'<input[^>]*name="[^"]*password[^"]*"[^>]*>', client.get(path).content.decode())
    assert fields
    for field in fields:
        assert 'type="password"' in field
        assert re.search(r'autocomplete="(current|new)-password"', field)
        assert "maxlength" not in field


def test_a_password_is_kept_by_argon2(person):
    assert person.password.startswith("argon2$argon2id$")


def test_signing_in_gives_the_session_a_new_key(client, person):
    client.post("/ask/", {"question": "Does dexamethasone help in croup?"})
    before = client.cookies["sessionid"].value
    sign_in(client, person.email)
    assert client.cookies["sessionid"].value not in {"", before}
    assert not client.session.exists(before)


def test_after_signing_out_the_old_cookie_opens_nothing(client, person):
    sign_in(client, person.email)
    key = client.cookies["sessionid"].value
    assert client.get("/me/tokens/").status_code == 200
    client.post("/accounts/logout/")
    client.cookies["sessionid"] = key
    assert client.get("/me/tokens/").status_code == 302


def test_signing_out_empties_the_browsers_cache(client, person):
    sign_in(client, person.email)
    assert "Clear-Site-Data" not in client.get("/me/")
    assert client.post("/accounts/logout/")["Clear-Site-Data"] == '"cache", "storage"'


def test_a_session_ends_two_weeks_after_the_sign_in_whatever_is_read_meanwhile(client, person):
    sign_in(client, person.email)
    moment = timezone.now() + datetime.timedelta(days=14)
    kept = Session.objects.get(session_key=client.cookies["sessionid"].value)
    assert abs(kept.expire_date - moment) < datetime.timedelta(minutes=5)
    for path in ("/", "/me/", "/articles/", "/me/notices/"):
        client.get(path)
    assert Session.objects.get(pk=kept.pk).expire_date == kept.expire_date
    Session.objects.filter(pk=kept.pk).update(expire_date=timezone.now())
    assert client.get("/me/tokens/").status_code == 302


def test_the_board_asks_for_the_second_factor_again_after_twelve_hours(monkeypatch):
    rona = with_factor(member("rona", "reviewer"))
    hers = browser(rona)
    assert hers.get("/board/").status_code == 200
    later = time.time() + FACTOR_LASTS + 1
    monkeypatch.setattr("consilium.site.accounts.board.time.time", lambda: later)
    assert hers.get("/board/")["Location"].startswith("/accounts/2fa/reauthenticate/?next=")


def test_a_new_password_ends_every_other_session(person):
    here, elsewhere = browser(person), browser(person)
    words = {"oldpassword": "a long enough word", "password1": LONG, "password2": LONG}
    here.post("/accounts/password/change/", words)
    assert here.get("/me/tokens/").status_code == 200
    assert elsewhere.get("/me/tokens/").status_code == 302


def test_an_address_is_changed_only_after_the_password_was_given_again():
    form = {"action_add": "", "email": "ada@work.example"}
    zoe = member("zoe")
    hers = browser(zoe)
    session = hers.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time() - 3600}]
    session.save()
    answer = hers.post("/accounts/email/", form)
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    hers.post("/accounts/reauthenticate/", {"password": WORD})
    hers.post("/accounts/email/", form)
    assert zoe.emailaddress_set.filter(email="ada@work.example").exists()


@pytest.mark.parametrize("path", OWN_PAGES)
def test_every_page_of_ones_own_offers_to_sign_out(path):
    hers = browser(with_factor(member("rona", "reviewer")), fresh=True)
    answer = hers.get(path)
    assert answer.status_code == 200
    assert "/accounts/logout/" in answer.content.decode()


def test_signing_in_and_failing_to_are_logged_without_an_address(client, person, logged):
    sign_in(client, person.email, "not the right word")
    sign_in(client, person.email)
    with_factor(person)
    sign_in(Client(), person.email)
    told = [line for line in logged() if line.startswith("consilium.accounts: ")]
    assert told[0] == "consilium.accounts: a sign-in was refused: email password mismatch"
    assert told[1] == f"consilium.accounts: signed in: person:{person.pk} by password"
    assert len(told) == 2, "before the second factor nobody is signed in"
    assert person.email not in "\n".join(logged())


def test_a_second_factor_that_is_wrong_is_logged(client, person, logged):
    with_factor(person)
    sign_in(client, person.email)
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "consilium.accounts: a sign-in was refused: incorrect code" in logged()


def test_a_page_that_was_refused_is_logged(person, logged):
    browser(person).get("/board/")
    assert any("403 GET /board/" in line or "Forbidden" in line for line in logged())


def test_the_time_of_a_line_of_the_log_is_told_in_utc():
    record = logging.LogRecord("consilium", logging.INFO, "", 1, "words", (), None)
    record.created, record.msecs = 1767607200.25, 250.0
    assert Lines("%(asctime)s %(message)s").format(record) == "2026-01-05T10:00:00.250Z words"
