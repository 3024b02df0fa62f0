"""The board's pages by plain forms: who is let in, the whole way to an approval, what readers see."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from importlib import import_module

import pytest
from django.test import Client
from django.urls import reverse
from tests.site.board.conftest import approve, read_all
from tests.site.people import browser

from consilium.domain.review import TICKS, WHOLE, Status
from consilium.site.editorial import moves, revising
from consilium.site.editorial.models import Approval, BoardMember, Decision, Reading, Review, Vigilance
from consilium.site.editorial.standing import standing_of

pytestmark = pytest.mark.django_db
NAMES = {
    p.name: set(p.pattern.converters) for p in import_module("consilium.site.editorial.urls").urlpatterns
}
PUBLIC = {"board-members", "quality", "corrections", "feed-articles", "feed-changes", "sitemap"}
OPERATORS = {"board-log", "board-log-export"}
EDITORS = {"board-edit", "board-edit-claim", "board-erase"}


def address(name: str, article) -> str:
    claim = next(iter(article.current.document["content"]["claims"]))
    words = {"name": article.pk, "claim": claim, "old": 1, "new": 1, "number": 1, "move": "take"}
    return reverse(name, kwargs={word: words[word] for word in NAMES[name]})


def first_claim(article) -> str:
    return next(iter(article.current.document["content"]["claims"]))


def verdict(client, article, claim, verdict="supported", ticks=TICKS, note="", number=1):
    form = {"verdict": verdict, "tick": list(ticks), "note": note, "number": number}
    return client.post(reverse("board-claim", args=[article.pk, claim]), form)


@pytest.mark.parametrize("name", sorted(set(NAMES) - PUBLIC - OPERATORS))
def test_a_page_of_the_board_opens_for_its_roles_and_for_nobody_else(
    name, article, person, reviewer, editor, member
):
    path = address(name, article)
    assert Client().get(path).status_code in {302, 405}
    operator, bare = member("otto", "operator"), member("bare", "reviewer", factor=False)
    for refused in (browser(person), browser(operator)):
        assert refused.get(path).status_code == 403
        assert refused.post(path).status_code == 403
    without = Client()
    without.force_login(bare)
    assert without.get(path).status_code in {302, 403}, "a second factor first"
    for who in (reviewer, editor):
        wanted = {403} if name in EDITORS and who is reviewer else {200, 405}
        assert browser(who).get(path).status_code in wanted
    assert Review.objects.get().status == Status.SUBMITTED
    assert not Decision.objects.exists()


@pytest.mark.parametrize("name", sorted(OPERATORS))
def test_the_audit_log_opens_for_operators_and_for_nobody_else(name, approved, person, editor, member):
    path = reverse(name)
    assert Client().get(path).status_code == 302
    for refused in (person, editor):
        assert browser(refused).get(path).status_code == 403
    body = browser(member("otto", "operator")).get(path, {"verify": 1}).content.decode()
    assert "article.approve" in body
    assert approved.question not in body
    assert "Stella" not in body


def test_the_page_of_the_log_names_what_was_tampered_with(approved, member, monkeypatch):
    from consilium.site.audit import verifying

    his = browser(member("otto", "operator"))
    assert "it holds" in his.get("/board/log/?verify=1").content.decode()
    monkeypatch.setattr(verifying, "digest_of", lambda entry, sequence=None: "sha256:" + "1" * 64)
    assert "The log does not hold" in his.get("/board/log/?verify=1").content.decode()


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_what_everybody_may_know_is_open(client, article, name):
    assert client.get(reverse(name)).status_code == 200


def test_an_article_goes_the_whole_way_by_plain_forms(article, reviewer, second):
    hers, seconds = browser(reviewer), browser(second)
    assert article.question in hers.get("/board/").content.decode()
    taken = hers.post(reverse("board-act", args=[article.pk, "take"]))
    for client in (hers, seconds):
        for claim in article.current.document["content"]["claims"]:
            assert client.get(reverse("board-claim", args=[article.pk, claim])).status_code == 200
            assert verdict(client, article, claim).status_code == 302
    assert taken.status_code == 302
    version = Review.objects.get().version
    form = {
        "number": 1, "version": version, "whole": list(WHOLE), "attested": "yes", "conflicts": "None",
    }  # fmt: skip
    page = reverse("board-approve", args=[article.pk])
    assert seconds.get(page).status_code == 200
    assert seconds.post(page, {**form, "attested": ""}).status_code == 409
    assert seconds.post(page, form).status_code == 302
    body = Client().get(f"/articles/{article.pk}/").content.decode()
    assert "Approved by" in body
    assert "Dr Stella" in body
    assert "pending human review" not in body


def test_a_form_that_is_sent_again_approves_nothing_twice(approved, second):
    form = {"number": 1, "version": 1, "whole": list(WHOLE), "attested": "yes", "conflicts": "None"}
    answer = browser(second).post(reverse("board-approve", args=[approved.pk]), form)
    assert answer.status_code == 409
    assert Approval.objects.count() == 1


def test_a_form_with_odd_values_is_no_crash(article, reviewer):
    moves.take(article=article, by=reviewer)
    hers = browser(reviewer)
    page = reverse("board-claim", args=[article.pk, first_claim(article)])
    for form in ({}, {"verdict": "fine", "number": 1}, {"verdict": "supported", "number": "x"}):
        assert hers.post(page, form).status_code == 404
    assert hers.post(reverse("board-act", args=[article.pk, "approve"])).status_code == 404
    assert hers.get(reverse("board-claim", args=[article.pk, "c-000000000000"])).status_code == 302
    assert not Reading.objects.exists()


def test_a_verdict_without_its_points_says_what_is_missing_and_keeps_the_note(article, reviewer):
    moves.take(article=article, by=reviewer)
    answer = verdict(
        browser(reviewer), article, first_claim(article), ticks=["source"], note="So far so good"
    )
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "Look at all ten points" in body
    assert "So far so good</textarea>" in body


def test_of_a_claim_of_high_risk_the_second_reader_sees_the_first_verdict_only_after_their_own(
    article, reviewer, second
):
    from consilium.pipeline.risk import risks_of

    risks = risks_of(article.current.document["content"])
    claim = next(name for name, why in risks.items() if why)
    moves.take(article=article, by=reviewer)
    hers, seconds = browser(reviewer), browser(second)
    verdict(hers, article, claim, verdict="needs_change", ticks=[], note="Too bold by half")
    pages = (reverse("board-claim", args=[article.pk, claim]), reverse("board-article", args=[article.pk]))
    for page in pages:
        assert "Too bold by half" not in seconds.get(page).content.decode()
    verdict(seconds, article, claim)
    for page in pages:
        assert "Too bold by half" in seconds.get(page).content.decode()


def test_the_time_that_a_verdict_took_is_kept(article, reviewer, monkeypatch):
    from consilium.site.editorial import claim_page

    moves.take(article=article, by=reviewer)
    now = [1000.0]
    monkeypatch.setattr(claim_page.time, "time", lambda: now[0])
    hers, claim = browser(reviewer), first_claim(article)
    hers.get(reverse("board-claim", args=[article.pk, claim]))
    now[0] += 42
    verdict(hers, article, claim)
    assert Reading.objects.get().seconds == 42


@pytest.fixture
def seeding(settings):
    from dataclasses import replace

    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, seeded_errors=0.5)


def test_a_known_error_is_shown_once_told_at_once_and_never_kept(seeding, article, reviewer):
    moves.take(article=article, by=reviewer)
    hers = browser(reviewer)
    content = article.current.document["content"]
    shown = []
    for claim, body in content["claims"].items():
        page = hers.get(reverse("board-claim", args=[article.pk, claim])).content.decode()
        plain = re.sub(r"<[^>]+>", "", page)
        if " ".join(body["text"].split()) not in plain.replace("&#x27;", "'").replace("&quot;", '"'):
            shown.append(claim)
            verdict(hers, article, claim)
            assert not Reading.objects.filter(claim=claim).exists()
            again = hers.get(reverse("board-claim", args=[article.pk, claim])).content.decode()
            assert "It got past you" in again
            verdict(hers, article, claim)
            assert Reading.objects.get(claim=claim).verdict == "supported"
    assert Vigilance.objects.count() == len(shown)


def test_without_the_setting_nothing_is_ever_shown_wrong(article, reviewer):
    moves.take(article=article, by=reviewer)
    read_all(article, reviewer)
    assert not Vigilance.objects.exists()


# What readers see ----------------------------------------------------------------------------


def test_search_engines_hear_of_a_review_only_once_it_is_approved(client, article, reviewer, second):
    def data() -> dict:
        body = client.get(f"/articles/{article.pk}/").content.decode()
        return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', body).group(1))

    assert data()["@type"] == "MedicalWebPage"
    assert not {"lastReviewed", "reviewedBy"} & set(data())
    moves.take(article=article, by=reviewer)
    read_all(article, reviewer, second)
    approve(article, second)
    assert data()["reviewedBy"]["name"] == "Dr Stella"
    assert data()["lastReviewed"]


def test_a_question_cannot_leave_the_data_block(client, article):
    from consilium.site.articles.models import Revision

    revision = article.current
    revision.document["content"]["title"] = "</script><script>alert(1)</script>"
    Revision.objects.filter(pk=revision.pk).update(document=revision.document)
    assert "<script>alert" not in client.get(f"/articles/{article.pk}/").content.decode()


def test_a_withdrawn_article_shows_its_reason_and_nothing_else(client, approved, editor):
    claim, body = next(iter(approved.current.document["content"]["claims"].items()))
    moves.withdraw(article=approved, by=editor, why="It misses a contraindication.")
    sentence = body["citations"][0]["sentences"][0]["id"]
    for path in (
        reverse("article", args=[approved.pk]),
        reverse("passage", args=[approved.pk, sentence]),
        reverse("export", args=[approved.pk, "json"]),
        reverse("report", args=[approved.pk, claim]),
    ):
        answer = client.get(path)
        assert answer.status_code == 410
        assert "It misses a contraindication." in answer.content.decode()
        assert body["text"][:40] not in answer.content.decode()
    api = client.get(f"/api/v1/articles/{approved.pk}")
    assert api.status_code == 410
    assert "contraindication" in api.json()["detail"]
    assert approved.question not in client.get("/articles/").content.decode()
    assert str(approved.pk) not in client.get("/sitemap.xml").content.decode()


def test_an_export_carries_the_approval(client, approved):
    review = json.loads(client.get(f"/articles/{approved.pk}/article.json").content)["review"]
    assert (review["status"], review["reviewed_by"]) == ("approved", "Dr Stella")
    assert "pending human review" not in client.get(f"/articles/{approved.pk}/article.md").content.decode()


def test_a_correction_is_shown_with_its_date_on_the_page_in_the_list_and_in_the_feed(
    client, approved, editor
):
    from consilium.domain.question import Audience
    from consilium.pipeline.revising import wordings
    from consilium.site.articles import knowledge

    claim = first_claim(approved)
    text = approved.current.renderings["patient"]["claims"][claim]["text"]
    lexicon = knowledge.world().lexicon
    revising.revise(
        article=approved,
        by=editor,
        number=1,
        edit=lambda m: wordings.word(m, claim, Audience.PATIENT, f"{text} Ask your team.", lexicon),
        note="Plainer.",
        correction="The wording for patients was made plainer.",
    )
    for path in (f"/articles/{approved.pk}/", "/corrections/", "/feeds/changes.atom"):
        assert "The wording for patients was made plainer." in client.get(path).content.decode(), path
    assert standing_of(approved).status is Status.NEEDS_RE_REVIEW
    compared = browser(editor).get(reverse("board-compare", args=[approved.pk, 1, 2])).content.decode()
    assert "<ins>" in compared
    assert "for patient" in compared


def test_the_feeds_are_well_formed_atom(client, approved):
    for name in ("feed-articles", "feed-changes"):
        answer = client.get(reverse(name))
        root = ET.fromstring(answer.content)  # noqa: S314 - our own
        assert root.tag == "{http://www.w3.org/2005/Atom}feed"
        assert approved.question in answer.content.decode()
    assert "Approved" in client.get("/feeds/changes.atom").content.decode()


def test_the_board_page_names_members_and_their_interests_and_nobody_else(client, reviewer, person, member):
    operator = member("otto", "operator")
    BoardMember.objects.filter(user=reviewer).update(conflicts="Owns shares in a thermometer maker.")
    body = client.get("/about/board/").content.decode()
    assert "Dr Rona" in body
    assert "Owns shares in a thermometer maker." in body
    assert operator.board_member.name not in body
    assert reviewer.email not in body


def test_a_member_tells_readers_who_they_are(reviewer, client):
    hers = browser(reviewer)
    form = {"name": "Prof. Rona Reed", "credentials": "MD", "affiliation": "", "conflicts": ""}
    assert hers.post("/board/me/", form).status_code == 400
    assert hers.post("/board/me/", {**form, "conflicts": "None"}).status_code == 302
    assert "Prof. Rona Reed, MD" in client.get("/about/board/").content.decode()


def test_the_quality_page_counts_what_was_done(client, approved):
    body = client.get("/quality/").content.decode()
    said = len(approved.current.document["content"]["claims"]) * 2
    assert f"{said} of {said} verdicts" in body
    assert "100.0 %" in body


def test_those_whom_a_decision_concerns_are_told_and_whoever_made_it_is_not(asked, person, reviewer, editor):
    from tests.site.board.conftest import CROUP, published

    from consilium.site.accounts.models import Notice
    from consilium.site.articles.viewer import Viewer

    article = published(asked(CROUP, by=Viewer(person, "")))
    moves.take(article=article, by=reviewer)
    moves.request_changes(article=article, by=reviewer, note="Say whom it is about.")
    assert list(Notice.objects.values_list("user", flat=True)) == [editor.pk]
    moves.withdraw(article=article, by=editor, why="Wrong.")
    last = Notice.objects.latest("pk")
    assert (last.user, last.link) == (person, reverse("article", args=[article.pk]))


def test_the_file_of_ones_own_data_holds_what_one_did_for_the_board(approved, reviewer, second):
    body = browser(reviewer).get("/me/export").json()
    assert body["board_member"]["name"] == "Dr Rona"
    assert [d["move"] for d in body["decisions"]] == ["take"]
    assert len(body["readings"]) == len(approved.current.document["content"]["claims"])
    assert "article.take" in {entry["action"] for entry in body["audit"]}


def test_an_account_that_goes_leaves_its_decisions_and_no_name(approved, reviewer, client):
    reviewer.delete()
    decision = Decision.objects.get(move="take")
    assert decision.by is None
    assert decision.actor.startswith("actor:")
    assert standing_of(approved).status is Status.APPROVED


def test_an_editor_edits_by_plain_forms(article, editor):
    moves.take(article=article, by=editor)
    hers, claim = browser(editor), first_claim(article)
    words = article.current.renderings["patient"]["claims"][claim]["text"]
    page = reverse("board-edit-claim", args=[article.pk, claim])
    assert hers.get(page).status_code == 200
    form = {"number": 1, "note": "Plainer.", "words-word-patient": f"{words} Ask your own team."}
    assert hers.post(page, {**form, "do": "nonsense"}).status_code == 404
    refused = hers.post(page, {**form, "do": "word-patient", "words-word-patient": "Take 999 mg."})
    assert refused.status_code == 409
    assert "Take 999 mg.</textarea>" in refused.content.decode()
    assert hers.post(page, {**form, "do": "word-patient"}).status_code == 302
    assert article.current.number == 2
    whole = reverse("board-edit", args=[article.pk])
    form = {"number": 2, "note": "Not covered.", "gaps": "Repeat doses", "do": "gaps"}
    assert hers.post(whole, form).status_code == 302
    assert article.current.document["content"]["gaps"] == ["Repeat doses"]
    form = {"number": 3, "note": "More.", "sentence": "no-such-source#1", "do": "add"}
    assert "holds no statement" in hers.post(whole, form).content.decode()
