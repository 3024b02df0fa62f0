"""Whoever asks is told what could identify a person, and decides."""

from __future__ import annotations

import re

import pytest

from consilium.site.articles.models import Run
from consilium.site.articles.viewer import Viewer

pytestmark = pytest.mark.django_db
NAMED = "Mr John Smith, born 12/03/1950, MRN 1234567, tel 07700 900123: does dexamethasone help in his croup?"
FOUND = {
    "Mr John Smith": "name",
    "12/03/1950": "date",
    "1234567": "record number",
    "07700 900123": "phone number",
}
PLAIN = "Does dexamethasone help in croup?"


def test_a_question_that_points_to_a_person_is_not_asked_before_its_asker_knows(client):
    answer = client.post("/ask/", {"question": NAMED, "country": "UK", "for": "student"})
    page = answer.content.decode()
    assert not Run.objects.exists()
    marks = re.findall(r"<mark>([^<]+)<span class=\"small\"> \(([^)]+)\)", page)
    assert dict(marks) == FOUND
    assert f">{NAMED}</textarea>" in page
    assert "<option selected>UK</option>" in page
    assert '<option value="student" selected>' in page


def test_its_asker_may_go_on_and_the_question_stays_as_it_was_typed(client):
    assert client.post("/ask/", {"question": NAMED, "knowing": "yes"}).status_code == 302
    assert Run.objects.get().question == NAMED


def test_its_asker_may_say_it_otherwise(client):
    assert client.post("/ask/", {"question": PLAIN}).status_code == 302
    assert Run.objects.get().question == PLAIN


def test_a_follow_up_stays_one_when_it_comes_back(client, asked):
    client.post("/ask/", {"question": PLAIN})
    article = asked(by=_me(client))
    page = client.post("/ask/", {"question": "and Mrs Jane Miller?", "follows": article.pk}).content.decode()
    assert f'name="follows" value="{article.pk}"' in page


def test_the_same_question_for_another_country_does_not_warn_again(client, asked):
    client.post("/ask/", {"question": PLAIN})
    article = asked(NAMED, by=_me(client))
    page = client.get(f"/articles/{article.pk}/").content.decode()
    assert 'name="knowing" value="yes"' in page.split('class="country"', 1)[1].split("</form>", 1)[0]


def _me(client):
    Run.objects.all().delete()
    return Viewer(None, client.session.session_key)
