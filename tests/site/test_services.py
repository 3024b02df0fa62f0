"""Signing in by a service of others: the whole way, over sockets of this machine, and while it is off."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from tests.site.identity_provider import CLIENT, WORD, Provider

from consilium.errors import ConfigurationError
from consilium.site.services import allauth_apps, allauth_providers, read_services

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1", "localhost"])]
PASSWORD = "a long enough word"  # noqa: S105 - of a test
OIDC = {
    "CONSILIUM_OIDC_ISSUER": "https://sso.example.org/realms/one",
    "CONSILIUM_OIDC_CLIENT_ID": CLIENT,
    "CONSILIUM_OIDC_CLIENT_SECRET": WORD,
}
ORCID = {"CONSILIUM_ORCID_CLIENT_ID": "APP-1", "CONSILIUM_ORCID_CLIENT_SECRET": "word"}


def _environment(folder: Path, **more: str) -> dict[str, str]:
    own = {"CONSILIUM_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "consilium.site.settings"}
    return {**os.environ, **own, "PYTHONPATH": os.pathsep.join(sys.path), **more}


def _python(folder: Path, *call: str, **more: str) -> str:
    return subprocess.run(
        [sys.executable, *call],
        env=_environment(folder, **more),
        check=True,
        capture_output=True,
        text=True,
        timeout=90,
    ).stdout


@dataclass
class Site:
    """The site as its own process, which knows the provider."""

    address: str
    folder: Path
    provider: Provider

    def rows(self, question: str, *values: object) -> list[tuple]:
        with contextlib.closing(sqlite3.connect(self.folder / "site.sqlite3")) as open_file:
            found = open_file.execute(question, values).fetchall()
            open_file.commit()
            return found


@pytest.fixture(scope="module")
def site(tmp_path_factory, world, library_folder):
    provider, folder = Provider(), tmp_path_factory.mktemp("services")
    shutil.copytree(library_folder, folder, dirs_exist_ok=True)
    provider.start()
    more = {**OIDC, **ORCID, "CONSILIUM_OIDC_ISSUER": provider.issuer, "CONSILIUM_OIDC_NAME": "Our hospital"}
    _python(folder, "-m", "django", "migrate", "-v0", **more)
    _python(folder, "-m", "django", "collectstatic", "--no-input", "-v0", **more)
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    call = [sys.executable, "-m", "consilium.site.web", "127.0.0.1", str(port)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(call, env=_environment(folder, **more), stdout=log, stderr=log)
    running = Site(f"http://127.0.0.1:{port}", folder, provider)
    try:
        until = time.monotonic() + 60
        while True:
            assert process.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < until, (folder / "log").read_text()
            with contextlib.suppress(requests.ConnectionError):
                requests.get(f"{running.address}/healthz", timeout=5)
                break
            time.sleep(0.1)
        yield running
    finally:
        process.terminate()
        process.wait(20)
        provider.shutdown()
        provider.server_close()


@pytest.fixture(autouse=True)
def a_willing_provider(request):
    if "site" in request.fixturenames:
        provider = request.getfixturevalue("site").provider
        provider.refuses, provider.moved, provider.claims = False, False, {}
        provider.names_itself = provider.publishes = provider.issuer
        provider.faults.clear()


def somebody(name: str, **more: object) -> dict[str, object]:
    return {"sub": f"id-of-{name}", "email": f"{name}@hospital.example", "email_verified": True, **more}


def token_of(page: str) -> str:
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page).group(1)


def sign_in(site: Site, browser: requests.Session, path: str = "/accounts/oidc/sso/login/?process=login"):
    """Press the button on the page of the sign-in and go wherever it leads."""
    page = browser.get(f"{site.address}/accounts/login/", timeout=20).text
    return browser.post(f"{site.address}{path}", {"csrfmiddlewaretoken": token_of(page)}, timeout=20)


def signed_in(site: Site, browser: requests.Session) -> bool:
    return "Sign out" in browser.get(f"{site.address}/", timeout=20).text


def test_the_sign_in_offers_the_services_and_the_policy_lets_a_form_lead_there(site):
    answer = requests.get(f"{site.address}/accounts/login/", timeout=20)
    assert "Sign in by Our hospital" in answer.text
    assert "Sign in by ORCID" in answer.text
    policy = answer.headers["Content-Security-Policy"].split("; ")
    assert f"form-action 'self' {site.provider.issuer} https://orcid.org" in policy
    assert "script-src 'self'" in policy


def test_a_newcomer_whose_address_the_service_has_checked_is_in_at_once(site):
    site.provider.claims = somebody("ada")
    browser = requests.Session()
    assert sign_in(site, browser).url == f"{site.address}/"
    assert signed_in(site, browser)
    assert site.provider.faults == []
    checked = site.rows("SELECT verified FROM account_emailaddress WHERE email = 'ada@hospital.example'")
    assert checked == [(1,)]


def test_who_comes_again_is_the_same_person(site):
    site.provider.claims = somebody("bea")
    for _ in range(2):
        browser = requests.Session()
        sign_in(site, browser)
        assert signed_in(site, browser)
    assert len(site.rows("SELECT id FROM accounts_user WHERE email = 'bea@hospital.example'")) == 1


@pytest.mark.parametrize("word", [False, "false", "true", 1, None])
def test_an_address_that_the_service_has_not_checked_is_not_believed(site, word):
    name = f"cem-{type(word).__name__}-{word}".lower()
    site.provider.claims = somebody(name, email_verified=word)
    browser = requests.Session()
    answer = sign_in(site, browser)
    assert answer.url == f"{site.address}/accounts/3rdparty/signup/"
    assert not signed_in(site, browser)
    form = {"csrfmiddlewaretoken": token_of(answer.text), "email": f"{name}@hospital.example"}
    browser.post(answer.url, form, timeout=20)
    assert signed_in(site, browser)
    question = "SELECT verified FROM account_emailaddress WHERE email = ?"
    assert site.rows(question, f"{name}@hospital.example") == [(0,)]


def test_an_account_of_the_site_is_not_taken_over_by_its_address(site):
    code = (
        "import django; django.setup()\n"
        "from consilium.site.accounts.models import User\n"
        f"User.objects.create_user('dora@hospital.example', {PASSWORD!r})"
    )
    _python(site.folder, "-c", code)
    site.provider.claims = somebody("dora")
    browser = requests.Session()
    answer = sign_in(site, browser)
    form = {"csrfmiddlewaretoken": token_of(answer.text), "email": "dora@hospital.example"}
    refused = browser.post(answer.url, form, timeout=20)
    assert not signed_in(site, browser)
    assert "already" in refused.text
    assert site.rows("SELECT count(*) FROM socialaccount_socialaccount WHERE uid = 'id-of-dora'") == [(0,)]


def test_the_service_does_not_go_round_the_second_factor(site):
    site.provider.claims = somebody("emil")
    sign_in(site, requests.Session())
    ((person,),) = site.rows("SELECT id FROM accounts_user WHERE email = 'emil@hospital.example'")
    insert = (
        "INSERT INTO mfa_authenticator (user_id, type, data, created_at) VALUES (?, 'totp', ?, '2026-01-01')"
    )
    site.rows(insert, person, json.dumps({"secret": "JBSWY3DPEHPK3PXP"}))
    browser = requests.Session()
    assert sign_in(site, browser).url == f"{site.address}/accounts/2fa/authenticate/"
    assert not signed_in(site, browser)


def test_a_token_of_another_issuer_opens_nothing(site):
    site.provider.claims = somebody("finn")
    site.provider.names_itself = "https://evil.example"
    browser = requests.Session()
    assert "You are not signed in" in sign_in(site, browser).text
    assert not signed_in(site, browser)


def test_a_provider_that_calls_itself_otherwise_than_the_setting_opens_nothing(site):
    site.provider.claims = somebody("gail")
    site.provider.names_itself = site.provider.publishes = "https://evil.example"
    browser = requests.Session()
    assert "You are not signed in" in sign_in(site, browser).text
    assert not signed_in(site, browser)


def test_the_server_is_not_led_on_by_a_provider(site):
    site.provider.claims = somebody("hugo")
    site.provider.moved = True
    browser = requests.Session()
    sign_in(site, browser)
    assert not signed_in(site, browser)


def test_an_answer_that_was_not_asked_for_opens_nothing(site):
    browser = requests.Session()
    answer = browser.get(f"{site.address}/accounts/oidc/sso/login/callback/?code=x&state=y", timeout=20)
    assert "You are not signed in" in answer.text
    assert not signed_in(site, browser)


def test_whoever_stops_at_the_service_is_told(site):
    site.provider.refuses = True
    assert "You stopped before the end" in sign_in(site, requests.Session()).text


def test_a_link_alone_sends_nobody_to_the_service(site):
    answer = requests.get(f"{site.address}/accounts/oidc/sso/login/", timeout=20, allow_redirects=False)
    assert answer.status_code == 200
    assert "You are sent to Our hospital" in answer.text


def test_a_service_is_connected_to_an_account_and_shown_there(site):
    site.provider.claims = somebody("gerd")
    browser = requests.Session()
    sign_in(site, browser)
    page = browser.get(f"{site.address}/accounts/3rdparty/", timeout=20).text
    assert "Our hospital" in page
    assert 'type="radio"' in page


def test_orcid_is_asked_at_its_own_address(site):
    browser = requests.Session()
    page = browser.get(f"{site.address}/accounts/login/", timeout=20).text
    form = {"csrfmiddlewaretoken": token_of(page)}
    way = browser.post(f"{site.address}/accounts/orcid/login/", form, timeout=20, allow_redirects=False)
    to = urlsplit(way.headers["Location"])
    assert f"{to.scheme}://{to.netloc}{to.path}" == "https://orcid.org/oauth/authorize"
    assert parse_qs(to.query)["client_id"] == ["APP-1"]


# While it is off -----------------------------------------------------------------------------


def test_while_no_service_is_set_nothing_of_it_is_loaded(tmp_path):
    code = (
        "import django, sys; django.setup()\n"
        "from django.urls import get_resolver; get_resolver().url_patterns; import consilium.site.urls\n"
        "heavy = ('requests', 'oauthlib', 'jwt', 'allauth.socialaccount.models', 'allauth.socialaccount.adapter')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    assert _python(tmp_path, "-c", code).strip() == "[]"


def test_no_service_is_set_by_itself():
    assert read_services({}) == ()
    assert allauth_apps(()) == []
    assert allauth_providers(()) == {}


@pytest.mark.parametrize("missing", [*OIDC, *ORCID])
def test_a_service_that_is_half_set_is_told_with_what_is_missing(missing):
    given = {**OIDC, **ORCID}
    del given[missing]
    with pytest.raises(ConfigurationError, match=missing):
        read_services(given)


@pytest.mark.parametrize(
    "issuer", ["sso.example.org", "http://sso.example.org", "https://", "https://a.example/?x=1"]
)
def test_a_provider_whose_connection_is_not_sealed_is_refused(issuer):
    with pytest.raises(ConfigurationError, match="CONSILIUM_OIDC_ISSUER"):
        read_services({**OIDC, "CONSILIUM_OIDC_ISSUER": issuer})


def test_a_secret_of_a_service_is_not_shown():
    assert WORD not in repr(read_services(OIDC))
