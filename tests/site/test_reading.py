"""What a reader gets to see of an article, of the sentences behind it, and of nobody else's questions."""

from __future__ import annotations

from typing import get_args

import pytest
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone

from consilium.adapters.renderings import parts
from consilium.site.articles import places
from consilium.site.articles.models import Article, Run
from consilium.site.articles.templatetags import shown
from consilium.site.articles.viewer import Viewer

pytestmark = pytest.mark.django_db

CROUP = "Does dexamethasone help in croup?"
FLAGSHIP = "What are the upper motor neuron (UMN) signs associated with back pain?"


def publish(article: Article) -> Article:
    article.published = timezone.now()
    article.save()
    return article


def first_sentence(article: Article) -> str:
    content = article.current.document["content"]
    claim = content["claims"][content["in_short"][0]]
    return claim["citations"][0]["sentences"][0]["id"]


def test_every_kind_of_block_has_a_template():
    for kind in get_args(parts.Block):
        get_template(shown.layout(object.__new__(kind)))


@pytest.mark.parametrize("audience", ["clinician", "student", "patient"])
def test_an_article_shows_every_claim_and_lists_every_reference(client, asked, audience):
    article = publish(asked(FLAGSHIP))
    page = client.get(f"/articles/{article.pk}/?for={audience}").content.decode()
    content = article.current.document["content"]
    for claim in content["claims"]:
        assert f"/claims/{claim}/report" in page
    for reference in content["references"]:
        assert f'id="ref-{reference["number"]}"' in page
    assert 'class="caution"' in page
    assert "Submitted, not reviewed" in page


def test_a_citation_leads_to_its_sentence_in_a_panel_or_on_a_page(client, asked):
    article = publish(asked(FLAGSHIP))
    sentence = first_sentence(article)
    address = reverse("passage", args=[article.pk, sentence])
    assert address in client.get(f"/articles/{article.pk}/").content.decode()
    whole, panel = client.get(address), client.get(address, headers={"HX-Request": "true"})
    for answer in (whole, panel):
        text = answer.content.decode()
        assert "<mark>" in text
        assert "summary of" in text
        assert "HX-Request" in answer["Vary"]
    assert b"<!doctype html>" in whole.content
    assert b"<!doctype html>" not in panel.content


def test_a_passage_leads_back_to_the_statement_from_which_it_was_opened_and_nowhere_else(client, asked):
    article = publish(asked(FLAGSHIP))
    address = reverse("passage", args=[article.pk, first_sentence(article)])
    assert f"{address}?at=in_short-1" in client.get(f"/articles/{article.pk}/").content.decode()
    back = f'href="/articles/{article.pk}/'
    assert f'{back}#in_short-1"' in client.get(f"{address}?at=in_short-1").content.decode()
    assert f'{back}"' in client.get(address + "?at=%22%3E%3Cscript%3E").content.decode()


def test_bodies_that_disagree_stand_in_a_table_with_their_claims(client, asked):
    article = publish(asked(FLAGSHIP))
    revision = article.current
    one, other = list(revision.document["content"]["claims"])[:2]
    # No question over the starter records finds such a pair.
    positions = [
        {"claim": one, "body": "One body", "jurisdiction": "UK", "year": 2021},
        {"claim": other, "body": "Another body", "jurisdiction": None, "year": None},
    ]
    revision.document["content"]["disagreements"] = [{"about": "imaging", "positions": positions}]
    revision.save()
    page = client.get(f"/articles/{article.pk}/").content.decode()
    table = page.split("<table", 1)[1].split("</table>", 1)[0]
    for told in (
        "One body",
        "Another body",
        "UK",
        "2021",
        "undated",
        "not stated",
        f"/claims/{other}/report",
    ):
        assert told in table
    assert table.count('class="cite"') >= len(positions)


def test_a_sentence_that_the_article_does_not_cite_is_not_there(client, asked):
    article = publish(asked())
    assert client.get(reverse("passage", args=[article.pk, "nice-ng234#999"])).status_code == 404


def test_a_public_follow_up_does_not_tell_the_private_question_before_it(client, asked):
    first = asked(FLAGSHIP, by=Viewer(None, "someone"))
    second = publish(asked("and what imaging?", by=Viewer(None, "someone"), follows=first))
    page = client.get(f"/articles/{second.pk}/").content.decode()
    assert FLAGSHIP not in page.split("<h1>", 1)[0]
    publish(first)
    page = client.get(f"/articles/{second.pk}/").content.decode()
    assert FLAGSHIP in page.split("<h1>", 1)[0]


def test_another_country_gives_an_article_of_its_own(asked):
    by = Viewer(None, "someone")
    anywhere, canada = asked(by=by), asked(by=by, country="Canada")
    assert anywhere.pk != canada.pk
    assert asked(by=by, country="Canada").pk == canada.pk


def test_the_countries_on_offer_are_those_with_guidance(world):
    held = {work.jurisdiction for work in world.library.sources() if work.issues_advice}
    offered = {place for group in places.groups("") for place in group.places}
    assert {"UK", "USA", "International"} <= offered <= held


def test_the_list_of_countries_has_ones_own_first_then_those_of_many_then_each_other():
    own, several, single = places.groups("UK")
    assert own.places == ("UK",)
    assert {"International", "Europe"} <= set(several.places)
    assert "USA" in single.places
    assert "UK" not in single.places
    assert "Chosen last" not in {group.name for group in places.groups("")}


def test_the_country_chosen_last_is_chosen_again_until_none_is_wanted(client):
    client.post("/ask/", {"question": CROUP, "country": "UK"})
    assert "<option selected>UK</option>" in client.get("/").content.decode()
    client.post("/ask/", {"question": CROUP})
    assert "<option selected>UK</option>" in client.get("/").content.decode()
    client.post("/ask/", {"question": CROUP, "country": ""})
    assert "<option selected>UK</option>" not in client.get("/").content.decode()


def test_a_country_that_no_list_offers_is_not_taken_from_a_cookie(client):
    client.cookies["consilium-country"] = "<Atlantis>"
    assert "Atlantis" not in client.get("/").content.decode()


def test_an_article_says_plainly_that_the_chosen_country_has_no_guidance_on_it(client, asked):
    def page(country: str) -> str:
        article = publish(asked(CROUP, country=country))
        return client.get(f"/articles/{article.pk}/").content.decode()

    told = page("Atlantis")
    assert "No guidance of the place you chose (Atlantis) was found." in told
    found = told.partition("The guidance below is of: ")[2].split(".")[0].split(", ")
    assert found != [""]
    assert "No guidance of the place" not in page(found[0])
    assert "No guidance of the place" not in page("")


def test_the_audience_chosen_before_asking_is_that_of_the_answer_and_is_remembered(client):
    client.post("/ask/", {"question": CROUP, "for": "student"})
    assert Run.objects.get().audience == "student"
    assert '<option value="student" selected>' in client.get("/").content.decode()
    Run.objects.all().delete()
    client.post("/ask/", {"question": CROUP, "for": ""})
    assert Run.objects.get().audience == "unstated"
    assert '<option value="student" selected>' not in client.get("/").content.decode()


def test_a_question_is_printed_as_text(client, asked):
    article = publish(asked('Croup <script>alert("x")</script>: dexamethasone?'))
    page = client.get(f"/articles/{article.pk}/").content.decode()
    assert "<script>alert" not in page


def test_the_page_of_a_source_says_what_it_is_and_who_cites_it(client, asked):
    article = publish(asked(FLAGSHIP))
    page = client.get("/sources/nice-ng234/").content.decode()
    assert "Spinal metastases and metastatic spinal cord compression" in page
    assert "currency not checked" in page
    assert f"/articles/{article.pk}/" in page
    assert client.get("/sources/nothing-of-the-kind/").status_code == 404
