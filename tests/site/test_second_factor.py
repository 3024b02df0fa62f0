"""The second factor: set up, shown, lost; and the pages of the board that ask for it."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings as site
from django.core import mail
from django.core.cache import cache
from django.test import Client
from tests.site.people import WORD, browser, member, with_factor

from consilium.errors import ConfigurationError
from consilium.site.accounts.board import factors_of
from consilium.site.environment import read

pytestmark = pytest.mark.django_db
BOARD = "/board/people/"


@pytest.fixture(autouse=True)
def nobody_tried_yet():
    cache.clear()


@pytest.fixture
def olga():
    return member("olga", "operator")


def number_now(secret: str) -> str:
    """What an authenticator app shows."""
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def set_up_app(client) -> str:
    """Set up an app as a person does: read the secret from the page, type its number."""
    body = client.get("/accounts/2fa/totp/activate/").content.decode()
    secret = re.search(r"<code>([A-Z2-7]+)</code>", body).group(1)
    answer = client.post("/accounts/2fa/totp/activate/", {"code": number_now(secret)})
    assert answer.status_code == 302, answer.content.decode()
    return secret


def codes_of(person) -> list[str]:
    return Authenticator.objects.get(user=person, type="recovery_codes").wrap().get_unused_codes()


def test_a_member_without_a_second_factor_is_led_to_its_page_before_any_page_of_the_board(olga):
    answer = browser(olga).get(BOARD, follow=True)
    assert answer.redirect_chain == [("/accounts/2fa/", 302)]
    assert "ask for a second factor" in answer.content.decode()


@pytest.mark.django_db(transaction=True)  # the factor counts once it is kept for good
def test_set_up_in_this_session_the_board_opens_at_once(olga):
    client = browser(olga, fresh=True)
    set_up_app(client)
    assert client.get(BOARD).status_code == 200
    assert factors_of(olga) == ["totp"]
    assert len(codes_of(olga)) == 10
    assert "olga@example.org" in mail.outbox[-1].to


def test_setting_up_asks_for_the_password_first(olga):
    answer = browser(olga).get("/accounts/2fa/totp/activate/")
    assert answer["Location"].startswith("/accounts/reauthenticate/")


def test_a_session_that_began_without_the_second_factor_has_to_show_it(olga):
    before = browser(olga)
    with_factor(olga)
    answer = before.get(BOARD)
    assert answer["Location"] == "/accounts/2fa/reauthenticate/?next=%2Fboard%2Fpeople%2F"
    code = codes_of(olga)[0]
    assert before.post(answer["Location"], {"code": code})["Location"] == BOARD
    assert before.get(BOARD).status_code == 200


def test_a_form_that_was_held_up_is_not_sent_by_itself(olga):
    before = browser(olga)
    with_factor(olga)
    answer = before.post("/board/invitations/", {"email": "a@example.org", "roles": ["editor"]})
    assert answer["Location"] == "/accounts/2fa/reauthenticate/?next=%2F"


def test_signing_in_asks_for_password_and_number(olga):
    client = browser(olga, fresh=True)
    secret = set_up_app(client)
    other = Client()
    first = other.post("/accounts/login/", {"login": olga.email, "password": WORD})
    assert first["Location"] == "/accounts/2fa/authenticate/"
    assert "_auth_user_id" not in other.session
    assert other.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert "_auth_user_id" not in other.session
    cache.clear()  # the number was used at the set-up, half a minute ago
    other.post("/accounts/2fa/authenticate/", {"code": number_now(secret)})
    assert other.session["_auth_user_id"] == str(olga.pk)
    assert other.get(BOARD).status_code == 200


def test_a_number_works_once(olga):
    client = browser(olga, fresh=True)
    secret = set_up_app(client)
    code = number_now(secret)
    for count in (1, 2):
        other = Client()
        other.post("/accounts/login/", {"login": olga.email, "password": WORD})
        other.post("/accounts/2fa/authenticate/", {"code": code})
        if count == 2:
            assert "_auth_user_id" not in other.session


def test_a_recovery_code_works_once(olga):
    with_factor(olga)
    code = codes_of(olga)[0]
    for opens in (True, False):
        client = Client()
        client.post("/accounts/login/", {"login": olga.email, "password": WORD})
        client.post("/accounts/2fa/authenticate/", {"code": code})
        assert ("_auth_user_id" in client.session) is opens


def test_guessing_numbers_is_slowed_down(olga):
    with_factor(olga)
    client = Client()
    client.post("/accounts/login/", {"login": olga.email, "password": WORD})
    for _ in range(6):
        client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    client.post("/accounts/2fa/authenticate/", {"code": codes_of(olga)[0]})
    assert "_auth_user_id" not in client.session


def test_a_new_password_by_mail_does_not_go_round_the_second_factor(olga):
    with_factor(olga)
    client = Client()
    client.post("/accounts/password/reset/", {"email": olga.email})
    link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", mail.outbox[-1].body).group(1)
    client.post(
        client.get(link)["Location"], {"password1": "quite another word", "password2": "quite another word"}
    )
    assert "_auth_user_id" not in client.session
    answer = client.post("/accounts/login/", {"login": olga.email, "password": "quite another word"})
    assert answer["Location"] == "/accounts/2fa/authenticate/"


def test_without_its_last_factor_the_board_is_closed_again(olga):
    with_factor(olga)
    client = browser(olga, fresh=True)
    assert client.get(BOARD).status_code == 200
    assert client.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert not Authenticator.objects.exists()
    assert client.get(BOARD)["Location"] == "/accounts/2fa/"


def test_recovery_codes_alone_are_no_second_factor(olga):
    with_factor(olga)
    Authenticator.objects.filter(type="totp").delete()
    assert browser(olga).get(BOARD)["Location"] == "/accounts/2fa/"


def test_an_operator_may_do_without_a_second_factor_where_the_site_says_so(olga, settings):
    folder = str(site.ENVIRONMENT.data_dir)
    settings.ENVIRONMENT = read({"CONSILIUM_DATA_DIR": folder, "CONSILIUM_MFA": "optional"})
    assert browser(olga).get(BOARD).status_code == 200


def test_any_other_word_for_it_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="required or optional"):
        read({"CONSILIUM_DATA_DIR": str(tmp_path), "CONSILIUM_MFA": "off"})


PAGES = (
    "", "totp/activate/", "totp/deactivate/", "recovery-codes/", "recovery-codes/generate/", "webauthn/",
    "webauthn/add/", "reauthenticate/",
)  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_the_second_factor_is_one_of_ours(olga, page):
    if page != "totp/activate/":
        with_factor(olga)
    _is_ours(browser(olga, fresh=True).get(f"/accounts/2fa/{page}"))


def test_the_page_that_asks_for_the_number_is_one_of_ours(olga):
    with_factor(olga)
    client = Client()
    client.post("/accounts/login/", {"login": olga.email, "password": WORD})
    _is_ours(client.get("/accounts/2fa/authenticate/"))


def _is_ours(answer):
    assert answer.status_code == 200
    body = answer.content.decode()
    assert body.count("<h1") == 1
    assert 'id="main"' in body
    assert not re.findall(r"<style|\sstyle=|\son[a-z]+=\"", body)
    assert not re.search(r"<script(?![^>]* src=)", body)
    visible = re.findall(r"<input(?![^>]*type=\"hidden\")[^>]* id=\"([^\"]+)\"", body)
    assert [name for name in visible if f'for="{name}"' not in body] == []


def test_recovery_codes_are_taken_away_as_text_and_kept_by_no_cache(olga):
    with_factor(olga)
    answer = browser(olga, fresh=True).get("/accounts/2fa/recovery-codes/download/")
    assert answer["Content-Type"].startswith("text/plain")
    assert "no-store" in answer["Cache-Control"]
    assert codes_of(olga)[0] in answer.content.decode()


@pytest.mark.django_db(transaction=True)  # the factor counts once it is kept for good
def test_the_moment_of_the_proof_is_in_the_session_only(olga):
    client = browser(olga, fresh=True)
    set_up_app(client)
    records = client.session["account_authentication_methods"]
    assert records[-1]["method"] == "mfa"
    assert time.time() - records[-1]["at"] < 60
