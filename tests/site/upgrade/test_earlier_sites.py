"""What sites of earlier versions kept opens in this one: its pages, its log, its approvals.

A folder ``tests/fixtures/site-VERSION`` is written once, by ``tools/make_site_fixture.py``, and
stays as it is: a later version brings it up to date by its migrations and must show all of it.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from tests.site.people import browser
from tests.site.upgrade.conftest import load

from consilium.domain.review import Status
from consilium.site.accounts.models import Membership, User
from consilium.site.accounts.roles import BOARD
from consilium.site.api.models import ApiToken
from consilium.site.articles.models import Article, Report, Revision, Run
from consilium.site.audit.verifying import verify
from consilium.site.editorial import readings
from consilium.site.editorial.models import Approval, Correction, Decision, Reading, Review, Tombstone
from consilium.site.editorial.soundness import faults_of
from consilium.site.editorial.standing import standing_of

FIXTURES = sorted((Path(__file__).resolve().parents[2] / "fixtures").glob("site-*/site.sql"))
PUBLIC = ["home", "library", "about", "board-members", "quality", "corrections", "feed-articles", "sitemap"]
LARGEST = 400_000
ASKER = "ada@example.org"


@pytest.fixture(scope="module", params=FIXTURES, ids=[path.parent.name for path in FIXTURES])
def site(request, opened, tmp_path_factory):
    """A site of an earlier version, brought up to date as ``consilium serve`` does it."""
    path = tmp_path_factory.mktemp("earlier") / "site.sqlite3"
    load(request.param, path)
    with opened(path):
        call_command("migrate", interactive=False, verbosity=0)
        yield path


def standing(status: Status) -> Article:
    return Article.objects.get(review__status=status)


def of_role(role: str) -> User:
    return User.objects.filter(memberships__role=role, is_active=True).order_by("pk")[0]


def page(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200, name
    return answer.content.decode()


def test_there_is_a_site_of_an_earlier_version_and_it_is_small():
    assert FIXTURES
    assert [path for path in FIXTURES if path.stat().st_size > LARGEST] == []


def test_nobody_in_a_fixture_exists(site):
    assert [u.email for u in User.objects.all() if not u.email.endswith("@example.org")] == []
    assert not any(u.has_usable_password() for u in User.objects.all())


def test_it_holds_an_article_of_every_status_and_a_person_of_every_role(site):
    assert set(Review.objects.values_list("status", flat=True)) == {str(status) for status in Status}
    assert set(Membership.objects.values_list("role", flat=True)) == {role.key() for role in BOARD}


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_page_opens(site, name):
    assert page(Client(), name)


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.WITHDRAWN])
def test_a_public_article_opens_with_all_its_claims(site, status):
    article = standing(status)
    body = page(Client(), "article", article.pk)
    claims = article.current.document["content"]["claims"]
    assert claims
    assert [name for name in claims if f"/claims/{name}/report" not in body] == []


def test_every_revision_still_keeps_the_contract(site):
    kept = Revision.objects.exclude(kind="abstention")
    assert {revision.pk: faults_of(revision) for revision in kept} == {r.pk: [] for r in kept}


def test_what_was_approved_is_still_approved(site):
    article = standing(Status.APPROVED)
    assert standing_of(article).status is Status.APPROVED
    assert standing_of(article).approval == Approval.objects.get(decision__article=article)
    assert "Approved by" in page(Client(), "article", article.pk)


def test_what_was_approved_can_be_taken_away_with_its_approval(site):
    article = standing(Status.APPROVED)
    exported = Client().get(reverse("export", args=[article.pk, "json"])).json()
    assert exported["review"]["status"] == "approved"


def test_what_was_corrected_has_lost_its_approval_and_says_what_was_corrected(site):
    article = standing(Status.NEEDS_RE_REVIEW)
    assert standing_of(article).approval is None
    told = Correction.objects.get(article=article).words
    assert told in page(Client(), "article", article.pk)
    assert told in page(Client(), "corrections")


def test_what_was_withdrawn_shows_its_reason_and_nothing_else(site):
    article = standing(Status.WITHDRAWN)
    answer = Client().get(reverse("article", args=[article.pk]))
    body = answer.content.decode()
    assert Review.objects.get(article=article).why in body
    assert [
        name for name in article.current.document["content"]["claims"] if f"/claims/{name}/report" in body
    ] == []


def test_what_is_private_is_still_private_and_its_askers(site):
    article = Article.objects.get(published=None)
    hers = browser(User.objects.get(email=ASKER))
    assert Client().get(reverse("article", args=[article.pk])).status_code == 404
    assert article.question in page(hers, "article", article.pk)
    assert article.question in page(hers, "me")


def test_an_asker_still_takes_everything_away(site):
    taken = browser(User.objects.get(email=ASKER)).get(reverse("me-export")).json()
    assert {"articles", "runs", "tokens"} <= set(taken)
    assert len(taken["articles"]) == Article.objects.filter(owner__email=ASKER).count() > 0
    assert len(taken["runs"]) == Run.objects.filter(owner__email=ASKER).count() > 0
    assert [t["name"] for t in taken["tokens"]] == [t.name for t in ApiToken.objects.all()] != []


@pytest.mark.parametrize("status", Status)
def test_the_board_opens_an_article_of_every_status(site, status):
    hers, article = browser(of_role("reviewer")), standing(status)
    assert article.question in page(hers, "board-article", article.pk)
    claim = next(iter(article.current.document["content"]["claims"]))
    assert page(hers, "board-claim", article.pk, claim)


def test_the_board_finds_its_queue(site):
    waiting = Review.objects.exclude(status__in=[Status.APPROVED, Status.WITHDRAWN])
    body = page(browser(of_role("reviewer")), "board-queue")
    assert [r.pk for r in waiting if str(r.pk) not in body] == []


def test_an_operator_finds_the_people_and_the_invitation(site):
    body = page(browser(of_role("operator")), "people")
    board = User.objects.filter(memberships__isnull=False)
    assert [person.email for person in board if person.email not in body] == []
    assert "ines@example.org" in body


def test_the_audit_log_holds_and_is_guarded(site):
    verdict = verify()
    assert verdict.sound, [*verdict.faults, *verdict.unguarded]
    assert verdict.entries >= Decision.objects.filter(by__isnull=False).count() > 0


def test_every_decider_is_still_known_by_the_same_pseudonym(site):
    from consilium.site.audit.recording import pseudonym

    decisions = Decision.objects.filter(by__isnull=False)
    assert [d.pk for d in decisions if pseudonym(d.by) != d.actor] == []


def test_verdicts_reports_and_stones_are_all_there(site):
    approved = standing(Status.APPROVED).current
    claims = set(approved.document["content"]["claims"])
    assert {r.claim for r in readings.standing_readings(approved)} == claims
    assert set(Reading.objects.values_list("verdict", flat=True)) >= {"supported", "remove"}
    assert Report.objects.count() == 1
    stone = Tombstone.objects.get()
    assert not Revision.objects.filter(article=stone.article, number=stone.number).exists()


def test_the_board_goes_on_where_it_was(site):
    """Last, because it changes something: the sent-back article is taken again."""
    from consilium.site.editorial import moves

    article = standing(Status.CHANGES_REQUESTED)
    before = verify().entries
    moves.take(article=article, by=of_role("reviewer"))
    verdict = verify()
    assert verdict.sound
    assert verdict.entries == before + 1
