"""Forms without a token: what is accepted, what is refused, what is asked again."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from consilium.site.articles.models import Run

pytestmark = pytest.mark.django_db

QUESTION = "Does dexamethasone help in croup?"
OURS, THEIRS = "http://testserver", "https://evil.example"


@pytest.fixture
def strict():
    """A browser before a site that checks where forms come from."""
    return Client(enforce_csrf_checks=True)


def _ask(browser, **more):
    return browser.post(reverse("ask"), {"question": QUESTION}, **more)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin"},
        {"Origin": OURS},
        {"Sec-Fetch-Site": "same-origin", "Origin": OURS},
        {"Sec-Fetch-Site": "none", "Origin": OURS},
    ],
    ids=str,
)
def test_a_question_from_this_site_needs_no_token(strict, headers):
    assert _ask(strict, headers=headers).status_code == 302
    assert Run.objects.count() == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": THEIRS},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://testserver.evil.example"},
        {"Origin": "http://testserver:8000"},
        {"Origin": "https://testserver"},
        {"Sec-Fetch-Site": "same-origin", "Origin": THEIRS},
        {"Sec-Fetch-Site": "cross-site", "Origin": OURS},
    ],
    ids=str,
)
def test_a_form_from_another_site_is_refused_with_and_without_a_token(strict, headers):
    answer = _ask(strict, headers=headers)
    assert answer.status_code == 403
    assert "Send this?" not in answer.content.decode()
    token = _token(strict)
    told = {"question": QUESTION, "csrfmiddlewaretoken": token}
    assert strict.post(reverse("ask"), told, headers=headers).status_code == 403
    assert not Run.objects.exists()


@pytest.mark.parametrize("headers", [{}, {"Referer": OURS + "/"}, {"Sec-Fetch-Site": "none"}], ids=str)
def test_a_browser_that_says_nothing_of_use_needs_the_token(strict, headers):
    assert _ask(strict, headers=headers).status_code == 403
    assert not Run.objects.exists()
    told = {"question": QUESTION, "csrfmiddlewaretoken": _token(strict)}
    assert strict.post(reverse("ask"), told, headers=headers).status_code == 302


def test_an_old_browser_is_asked_to_confirm_and_then_heard(strict):
    page = _ask(strict)
    assert page.status_code == 403
    assert page.context["sent"] == [("question", QUESTION)]
    assert QUESTION in page.content.decode()
    token = page.context["csrf_token"]
    told = {**dict(page.context["sent"]), "csrfmiddlewaretoken": str(token)}
    assert strict.post(page.context["to"], told).status_code == 302
    assert Run.objects.get().question == QUESTION


def test_the_page_to_confirm_shows_markup_as_text(strict):
    page = strict.post(reverse("ask"), {"question": '"><script>x</script>', "<b>": "1"})
    assert "<script>x" not in page.content.decode()
    assert "<b>" not in page.content.decode()


@pytest.mark.parametrize("name", ["account_login", "account_signup", "account_logout"])
@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": OURS}, {}], ids=str)
def test_every_other_form_needs_its_token_whatever_the_browser_says(strict, person, name, headers):
    strict.force_login(person)
    answer = strict.post(reverse(name), {"login": "ada@example.org", "password": "x"}, headers=headers)
    assert answer.status_code == 403
    assert "ada@example.org" not in answer.content.decode().split('<main id="main"')[1]
    assert strict.session.get("_auth_user_id") == str(person.pk)


def test_reading_needs_no_proof(strict):
    assert strict.get("/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def _token(browser) -> str:
    """A token as a page for confirming gives it."""
    return str(_ask(browser).context["csrf_token"])
