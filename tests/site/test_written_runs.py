"""The site with a language model: the run tells its stages, and what is kept says which was used."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.editors import Editor, written_by

from consilium.adapters.contract.check import check
from consilium.errors import ModelTimeout
from consilium.site.articles import actions, worker
from consilium.site.articles.models import Article, Run, State
from consilium.site.articles.viewer import Viewer

pytestmark = pytest.mark.django_db
QUESTION = "How is an acute gout flare treated?"


@pytest.fixture
def answered(world, monkeypatch):
    def answer(editor, audience="patient"):
        monkeypatch.setattr("consilium.site.articles.writing.world", lambda: written_by(world, editor))
        run = actions.ask(question=QUESTION, by=Viewer(None, "me", "my address"), audience=audience)
        worker.work_on(worker.claim("first"))
        return Run.objects.get(pk=run.pk)

    return answer


def _page(run, client):
    Article.objects.filter(pk=run.article_id).update(published=timezone.now())
    return client.get(reverse("article", args=[run.article_id])).content.decode()


def test_a_run_tells_the_stages_of_writing_and_ends(answered):
    run = answered(Editor())
    assert run.state == State.DONE
    kinds = [event.kind for event in run.events.all()]
    assert [k for k in kinds if k in {"select", "write", "verify"}] == ["select", "write", "verify"]


def test_a_run_tells_each_claim_in_the_models_words_as_it_is_verified(answered):
    run = answered(Editor())
    told = [event.words for event in run.events.all() if event.kind == "claim"]
    claims = run.article.current.document["content"]["claims"].values()
    assert sorted(told) == sorted(c["text"] for c in claims if c["support"] == "entailed")


def test_what_is_kept_names_the_model_and_keeps_the_contract(answered, world):
    revision = answered(Editor()).article.current
    assert revision.document["run"]["composer"] == "model:function"
    for rendering in revision.renderings.values():
        assert check({**revision.document, "rendering": rendering}, world.lexicon) == []


def test_the_askers_audience_gets_the_models_words_and_the_others_the_composers(answered):
    def tailor(material, _request):
        return {"claims": [{"id": c["id"], "text": c["text"].rstrip(".") + "!"} for c in material["claims"]]}

    renderings = answered(Editor(tailor=tailor)).article.current.renderings
    assert renderings["patient"]["composer"] == "model:function"
    assert {renderings[name]["composer"] for name in ("clinician", "student")} == {"extractive"}


def test_a_page_says_what_fell_back_and_why(answered, client):
    def slow(*_):
        raise ModelTimeout

    run = answered(Editor(write=slow))
    assert run.article.current.document["run"]["composer"] == "extractive"
    page = _page(run, client)
    assert "Fell back at write: The language model did not reply in time." in page


def test_a_page_names_the_model(answered, client):
    run = answered(Editor())
    page = _page(run, client)
    assert "Worded by model:function" in page
