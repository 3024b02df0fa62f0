"""A NUL, wherever somebody puts it: a clear refusal, over SQLite and PostgreSQL alike."""

from __future__ import annotations

import json

import pytest
from django.utils import timezone

from consilium.site.api import tokens
from consilium.site.articles.models import Article, Report, Run

pytestmark = pytest.mark.django_db
CROUP = "Does dexamethasone help in croup?"


@pytest.fixture
def article(asked) -> Article:
    made = asked()
    Article.objects.update(published=timezone.now())
    return made


@pytest.mark.parametrize(
    "path", ["/articles/?q=a%00b", "/articles/?topic=%00", "/articles/?%00=1", "/about/?for=%00"]
)
def test_a_query_with_a_nul_is_refused_on_a_page_of_the_site(client, path):
    answer = client.get(path)
    assert answer.status_code == 400
    assert "could not be read" in answer.content.decode()
    assert "Content-Security-Policy" in answer


@pytest.mark.parametrize(
    "path,form",
    [
        ("/ask/", {"question": f"{CROUP}\0"}),
        ("/ask/", {"question": CROUP, "country": "U\0K"}),
        ("/ask/", {"question": CROUP, "follows": "\0"}),
        ("/ask/", {"question": CROUP, "an\0ew": "1"}),
        ("/accounts/login/", {"login": "a\0@example.org", "password": "x"}),
        ("/accounts/signup/", {"email": "a@example.org", "password1": "\0" * 20, "password2": "\0" * 20}),
    ],
)
def test_a_form_with_a_nul_is_refused_and_nothing_is_kept(client, path, form):
    answer = client.post(path, form)
    assert answer.status_code == 400
    assert "Nothing was kept" in answer.content.decode()
    assert not Run.objects.exists()


def test_a_report_with_a_nul_is_refused(client, article):
    claim = next(iter(article.current.document["content"]["claims"]))
    answer = client.post(f"/articles/{article.pk}/claims/{claim}/report", {"words": "wrong\0"})
    assert answer.status_code == 400
    assert not Report.objects.exists()


@pytest.mark.parametrize("path", ["/articles/%00/", "/sources/%00/", "/static/%00", "/%00"])
def test_an_address_with_a_nul_leads_nowhere(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "path,status", [("/", 200), ("/me/", 200), ("/nowhere/", 404), ("/api/v1/articles", 200)]
)
def test_a_cookie_with_a_nul_makes_a_stranger(client, path, status):
    assert client.get(path, HTTP_COOKIE='sessionid="\\000abc"; messages="\\000"').status_code == status


@pytest.mark.parametrize(
    "method,path,body",
    [
        ("GET", "articles?q=a%00b", None),
        ("GET", "articles?topic=%00", None),
        ("GET", "search?q=%00", None),
        ("GET", "sources/%00", None),
        ("GET", "articles/%00", None),
        ("POST", "ask", {"question": f"{CROUP}\0"}),
        ("POST", "ask", {"question": CROUP, "country": "U\0K"}),
        ("POST", "ask", {"question": CROUP, "\0": "x"}),
        ("POST", "articles/{}/publish", {"question": "\0"}),
    ],
)
def test_the_interface_answers_a_nul_with_a_list_or_a_problem(client, person, article, method, path, body):
    Article.objects.update(owner=person)
    secret = tokens.create(name="x", scopes=("read", "ask", "publish"), days=30, by=person)[1]
    answer = client.generic(
        method,
        f"/api/v1/{path.format(article.pk)}",
        json.dumps(body) if body else b"",
        content_type="application/json",
        headers={"authorization": f"Bearer {secret}"},
    )
    assert answer.status_code in ({422} if body else {200, 404})
    kind = "application/json" if answer.status_code == 200 else "application/problem+json"
    assert answer["Content-Type"].startswith(kind)
