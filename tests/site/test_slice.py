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


@pytest.mark.parametrize(
    "stated,kind", [("unstated", "abstention"), ("patient", "abstention"), ("clinician", "article")]
)
def test_a_person_in_an_emergency_gets_the_notice_alone_unless_a_clinician_asks(asked, stated, kind):
    revision = asked("I want to kill myself", audience=stated).current
    assert revision.kind == kind
    assert "This may be an emergency" in revision.document["run"]["urgent_notice"]


def test_the_answer_to_a_clinician_is_not_reused_for_a_person_in_an_emergency(asked):
    first = asked("I want to kill myself", audience="clinician")
    assert asked("I want to kill myself", audience="unstated") != first


def test_whoever_has_not_said_that_they_are_a_professional_asks_as_none(client, asked):
    client.post("/ask/", {"question": "Does dexamethasone help in croup?"})
    assert Run.objects.get().audience == "unstated"
