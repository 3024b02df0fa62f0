"""One question, from the form to the page."""

from __future__ import annotations

import pytest

from consilium.site.articles.models import Run

pytestmark = pytest.mark.django_db


def test_a_question_becomes_a_run_and_the_run_an_article(client, asked):
    answer = client.post("/ask/", {"question": "Does dexamethasone help in croup?"})
    assert answer.status_code == 302
    run = Run.objects.get()
    assert answer["Location"] == f"/runs/{run.pk}/"
    assert client.get(answer["Location"]).status_code == 200


def test_an_article_is_private_to_whoever_asked(client, asked):
    article = asked()
    assert client.get(f"/articles/{article.pk}/").status_code == 404
