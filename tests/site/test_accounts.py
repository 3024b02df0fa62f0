"""Accounts: signing up, in and out, passwords, mail, and what a stranger may not do with them."""

from __future__ import annotations

import re

import pytest
from django.conf import settings as site
from django.core import mail
from django.core.cache import cache
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client

from consilium.errors import ConfigurationError
from consilium.site.articles import worker
from consilium.site.articles.models import Article, Run
from consilium.site.articles.viewer import Viewer
from consilium.site.environment import post_office, read

pytestmark = pytest.mark.django_db
WORD, OTHER, WRONG = "a long enough word", "another long enough word", "wrong"
NEW = {"email": "new@example.org", "password1": WORD, "password2": WORD}


class BrokenPost(EmailBackend):
    """A post office whose door is shut."""

    def send_messages(self, messages):
        raise ConnectionRefusedError


@pytest.fixture(autouse=True)
def nobody_tried_yet():
    cache.clear()


def sign_in(client, email="ada@example.org", password=WORD, **more):
    return client.post("/accounts/login/", {"login": email, "password": password, **more})


def ask_in_browser(client) -> Article:
    """Ask as somebody who has not signed in, and let the worker answer."""
    client.post("/ask/", {"question": "Does dexamethasone help in croup?"})
    claimed = worker.claim("test")
    worker.work_on(claimed)
    return Article.objects.get(session=client.session.session_key)


def who(client) -> str | None:
    return client.session.get("_auth_user_id")


@pytest.mark.parametrize("page", ["login", "password/change", "reauthenticate"])
def test_a_page_that_asks_for_a_password_offers_a_new_one_once(client, person, page):
    if page != "login":
        client.force_login(person)
    page = client.get(f"/accounts/{page}/").content.decode()
    assert page.count("/accounts/password/reset/") == 1
    assert len(re.findall("forgot", page, re.IGNORECASE)) == 1


PAGES = (
    "login", "signup", "logout", "password/reset", "password/reset/done", "password/reset/key/done", "inactive",
    "password/change", "email", "reauthenticate", "confirm-email",
)  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_accounts_is_one_of_ours(client, person, page):
    if page in {"logout", "password/change", "email", "reauthenticate"}:
        client.force_login(person)
    answer = client.get(f"/accounts/{page}/")
    assert answer.status_code == 200
    body = answer.content.decode()
    assert body.count("<h1") == 1
    assert 'id="main"' in body
    assert " style=" not in body
    assert not re.search(r"<script(?![^>]* src=)", body)
    visible = re.findall(r"<input(?![^>]*type=\"hidden\")[^>]* id=\"([^\"]+)\"", body)
    assert [name for name in visible if f'for="{name}"' not in body] == []


def test_a_newcomer_makes_an_account_and_is_signed_in(client, django_user_model):
    assert client.post("/accounts/signup/", NEW).status_code == 302
    made = django_user_model.objects.get(email="new@example.org")
    assert who(client) == str(made.pk)
    assert made.password.startswith("argon2")


def test_posted_rights_are_not_taken_over_at_signup(client, django_user_model):
    client.post(
        "/accounts/signup/", {**NEW, "is_staff": "1", "is_superuser": "1", "is_active": "0", "id": "77"}
    )
    made = django_user_model.objects.get(email="new@example.org")
    assert (made.is_staff, made.is_superuser, made.is_active) == (False, False, True)
    assert made.pk != 77


def test_a_weak_password_is_refused_with_a_reason_beside_its_field(client):
    answer = client.post(
        "/accounts/signup/", {**NEW, "password1": "password1234", "password2": "password1234"}
    )
    body = answer.content.decode()
    assert 'role="alert"' in body
    assert "too common" in body
    assert 'aria-invalid="true"' in body


def test_an_operator_can_close_the_signup(client, settings, django_user_model):
    closed = read({"CONSILIUM_DATA_DIR": str(site.ENVIRONMENT.data_dir), "CONSILIUM_SIGNUP": "closed"})
    settings.ENVIRONMENT = closed
    assert "No new accounts" in client.get("/accounts/signup/").content.decode()
    client.post("/accounts/signup/", NEW)
    assert not django_user_model.objects.exists()


def test_signing_in_and_out(client, person):
    assert sign_in(client).status_code == 302
    assert who(client) == str(person.pk)
    assert client.get("/accounts/logout/").status_code == 200
    assert who(client), "a link alone signs nobody out"
    client.post("/accounts/logout/")
    assert who(client) is None


def test_a_wrong_password_is_told_without_saying_whether_the_account_exists(client, person):
    known = sign_in(client, password=WRONG).content.decode()
    unknown = sign_in(client, email="nobody@example.org", password=WRONG).content.decode()
    said = [re.search(r'role="alert"><p>(.*?)</p>', body).group(1) for body in (known, unknown)]
    assert said[0] == said[1]
    assert "not correct" in said[0]


def test_after_five_wrong_passwords_even_the_right_one_has_to_wait(client, person):
    for _ in range(5):
        sign_in(client, password=WRONG)
    answer = sign_in(client)
    assert who(client) is None
    assert "Too many failed" in answer.content.decode() or answer.status_code == 429


def test_somebody_who_is_switched_off_gets_the_page_that_says_so(client, person):
    person.is_active = False
    person.save()
    answer = sign_in(client)
    assert answer["Location"] == "/accounts/inactive/"
    assert who(client) is None


@pytest.mark.parametrize(
    "to", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_next_never_leads_to_another_site(client, person, to):
    answer = sign_in(client, next=to)
    assert answer.status_code == 302
    assert answer["Location"] == "/"
    assert client.post("/accounts/logout/", {"next": to})["Location"] == "/"


def test_next_leads_back_to_a_page_of_this_site(client, person):
    assert "/me/" in client.get("/accounts/login/?next=/me/").content.decode()
    assert sign_in(client, next="/me/")["Location"] == "/me/"


def test_a_forgotten_password_is_reset_by_mail_once(client, person):
    client.post("/accounts/password/reset/", {"email": person.email})
    (letter,) = mail.outbox
    assert letter.subject.startswith("Consilium: ")
    assert letter.to == [person.email]
    link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", letter.body).group(1)
    form = client.get(link)
    answer = client.post(form["Location"], {"password1": OTHER, "password2": OTHER})
    assert answer["Location"] == "/accounts/password/reset/key/done/"
    person.refresh_from_db()
    assert person.check_password(OTHER)
    assert "does not work any more" in Client().get(link).content.decode()


def test_a_reset_for_an_unknown_address_looks_the_same(client, person):
    known = client.post("/accounts/password/reset/", {"email": person.email})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert known["Location"] == unknown["Location"] == "/accounts/password/reset/done/"


def test_a_post_office_that_does_not_answer_breaks_no_page(client, settings, django_user_model):
    settings.EMAIL_BACKEND = f"{__name__}.BrokenPost"
    answer = client.post("/accounts/signup/", NEW, follow=True)
    assert answer.status_code == 200
    assert "could not be sent" in answer.content.decode()
    assert django_user_model.objects.filter(email="new@example.org").exists()


def test_the_password_is_changed_by_who_knows_it(client, person):
    client.force_login(person)
    form = {"oldpassword": "wrong", "password1": OTHER, "password2": OTHER}
    assert client.post("/accounts/password/change/", form).status_code == 200
    person.refresh_from_db()
    assert person.check_password(WORD)
    client.post("/accounts/password/change/", {**form, "oldpassword": WORD})
    person.refresh_from_db()
    assert person.check_password(OTHER)


def test_a_second_address_is_added_confirmed_and_removed(client, django_user_model):
    client.post("/accounts/signup/", NEW)
    person = django_user_model.objects.get()
    client.post("/accounts/email/", {"action_add": "", "email": "ada@work.example"})
    link = re.search(r"http://testserver(/accounts/confirm-email/\S+)", mail.outbox[-1].body).group(1)
    assert "ada@work.example" in client.get(link).content.decode()
    client.post(link)
    assert person.emailaddress_set.get(email="ada@work.example").verified
    assert "ada@work.example (confirmed)" in client.get("/accounts/email/").content.decode()
    client.post("/accounts/email/", {"action_remove": "", "email": "ada@work.example"})
    assert not person.emailaddress_set.filter(email="ada@work.example").exists()


@pytest.mark.parametrize(
    "address", ["/accounts/login/", "/accounts/signup/", "/accounts/logout/", "/me/delete"]
)
def test_a_form_from_elsewhere_is_refused(person, address):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person)
    assert strict.post(address, {"login": person.email, "password": WORD, "sure": "yes"}).status_code == 403
    person.refresh_from_db()


def test_what_was_asked_before_signing_in_becomes_ones_own(client, person, asked):
    article = ask_in_browser(client)
    before = client.session.session_key
    asked("Croup: which dose of dexamethasone?", by=Viewer(None, "another session"))
    sign_in(client)
    article.refresh_from_db()
    assert (article.owner, article.session) == (person, "")
    assert Run.objects.get(owner=person).article == article
    assert Article.objects.get(session="another session").owner is None
    assert client.session.session_key != before
    assert client.get(f"/articles/{article.pk}/").status_code == 200


def test_what_was_asked_before_signing_up_becomes_ones_own(client, django_user_model):
    article = ask_in_browser(client)
    client.post("/accounts/signup/", NEW)
    article.refresh_from_db()
    assert article.owner == django_user_model.objects.get(email="new@example.org")


def test_a_failed_login_hands_nothing_over(client, person, asked):
    client.post("/ask/", {"question": "Gout: colchicine or an NSAID first?"})
    sign_in(client, password=WRONG)
    assert not Run.objects.filter(owner=person).exists()


def test_an_answer_that_is_on_its_way_at_the_login_goes_to_the_person(client, person):
    client.post("/ask/", {"question": "Does dexamethasone help in croup?"})
    claimed = worker.claim("test")
    sign_in(client)
    worker.work_on(claimed)
    assert Article.objects.get().owner == person


def test_nobody_reads_at_the_same_device_what_was_asked_before_signing_out(client, person, asked):
    sign_in(client)
    article = asked(by=Viewer(person, ""))
    client.post("/accounts/logout/")
    assert client.get(f"/articles/{article.pk}/").status_code == 404
    assert article.question not in client.get("/me/").content.decode()


@pytest.mark.parametrize(
    "url,expected",
    [
        ("smtp://ada:w%40rd@mail.example:2525", ("mail.example", 2525, "ada", "w@rd", False, True, "")),
        ("smtp://mail.example", ("mail.example", 587, "", "", False, True, "")),
        ("smtps://ada:word@mail.example", ("mail.example", 465, "ada", "word", True, False, "")),
        ("smtp://localhost?tls=no&from=a@b.example", ("localhost", 25, "", "", False, False, "a@b.example")),
    ],
)
def test_the_address_of_the_post_office_is_read(url, expected):
    office = post_office(url)
    names = ("host", "port", "user", "password", "tls", "starttls", "sender")
    assert tuple(getattr(office, name) for name in names) == expected
    assert expected[3] == "" or expected[3] not in repr(office)


@pytest.mark.parametrize(
    "url",
    [
        "mail.example",
        "http://a:secret@b",
        "smtp://",
        "smtp://a:secret@b:x",
        "smtp://b?tls=yes",
        "smtps://b?tls=no",
    ],
)
def test_an_address_of_no_post_office_is_refused_without_quoting_it(url):
    with pytest.raises(ConfigurationError) as refused:
        post_office(url)
    assert "smtp://user:word@host:587" in str(refused.value)
    assert "secret" not in str(refused.value)
