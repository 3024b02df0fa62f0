"""The library of articles is searched by what the reader means."""

from __future__ import annotations

import pytest
from django.utils import timezone

from consilium.site.articles.models import Article

pytestmark = pytest.mark.django_db
INFARCTION, CROUP, RASH = (
    "Myocardial infarction: aspirin?",
    "Does dexamethasone help in croup?",
    "Zoster pain?",
)


@pytest.fixture(autouse=True)
def shelf():
    for question, topics in (
        (INFARCTION, ["myocardial infarction"]),
        (CROUP, ["croup"]),
        (RASH, ["shingles"]),
    ):
        Article.objects.create(question=question, topics=topics, published=timezone.now())


@pytest.mark.parametrize(
    "typed,found",
    [
        ("heart attack", {INFARCTION}),
        ("miocardial", {INFARCTION}),
        ("miocardial infarction", {INFARCTION}),
        ("MYOCARDIAL", {INFARCTION}),
        ("is aspirin good after a heart attack", {INFARCTION}),
        ("steroids", {CROUP}),
        ("dexametasone", {CROUP}),
        ("dexameth", {CROUP}),
        ("help", {CROUP}),
        ("shingles", {RASH}),
        ("aspirin croup", set()),
        ("zebrafish", set()),
        ("%", set()),
        ("", {INFARCTION, CROUP, RASH}),
    ],
)
def test_an_article_is_found_by_any_name_of_what_it_is_about(client, typed, found):
    page = client.get("/articles/", {"q": typed})
    assert {article.question for article in page.context["page_of"]} == found


def test_a_word_that_was_mended_is_told(client):
    assert "Looked for “myocardial” as well" in client.get("/articles/?q=miocardial").content.decode()
    assert "as well" not in client.get("/articles/?q=croup").content.decode()


def test_programs_find_it_by_any_name_as_well(client):
    for row in Article.objects.all():
        row.revisions.create(number=1, kind="article", content_id="x", document={"content": {}}, plan_key="x")
    for path in ("articles", "search"):
        told = client.get(f"/api/v1/{path}", {"q": "heart attack"}).json()
        assert [row["question"] for row in told["items"]] == [INFARCTION]
