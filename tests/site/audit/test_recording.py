"""Recording: in order, without gaps, in one transaction with what is recorded, about nobody by name."""

from __future__ import annotations

import datetime
import enum
import hashlib
import json
import uuid

import pytest
import rfc8785
from django.db import transaction
from django.db.transaction import TransactionManagementError
from tests.site.audit.conftest import ARTICLE, Standing, write

from consilium.site.articles import belongings
from consilium.site.articles.viewer import Viewer
from consilium.site.audit.chain import GENESIS, body, head
from consilium.site.audit.details import LARGEST, NotForTheLog
from consilium.site.audit.models import Actor, AuditEntry
from consilium.site.audit.recording import pseudonym, record
from consilium.site.audit.verifying import verify

pytestmark = pytest.mark.django_db
CANARY = "Does Zebedee Quill, born 1961, need lithium?"


def test_entries_are_numbered_from_one_without_gaps(ten):
    assert [entry.sequence for entry in ten] == list(range(1, 11))


def test_every_entry_holds_the_hash_of_the_one_before(ten):
    assert [entry.previous for entry in ten] == [GENESIS, *(entry.hash for entry in ten[:-1])]


def test_the_hash_is_the_sha256_of_the_canonical_json_of_everything_else(ten):
    kept = AuditEntry.objects.get(sequence=3)
    line = json.loads(json.dumps(body(kept)))
    assert set(line) == {
        "format", "sequence", "at", "action", "subject", "actor", "details", "previous",
    }  # fmt: skip
    assert kept.hash == "sha256:" + hashlib.sha256(rfc8785.dumps(line)).hexdigest()


def test_the_moment_is_kept_to_the_microsecond_in_utc(monkeypatch):
    moment = datetime.datetime(2026, 3, 29, 3, 30, 0, 123456, datetime.timezone(datetime.timedelta(hours=2)))
    monkeypatch.setattr("consilium.site.audit.recording.timezone.now", lambda: moment)
    write(1)
    assert body(AuditEntry.objects.get())["at"] == "2026-03-29T01:30:00.123456Z"
    assert verify().sound


def test_a_clock_that_jumps_back_does_not_break_the_chain(monkeypatch):
    write(1)
    monkeypatch.setattr(
        "consilium.site.audit.recording.timezone.now",
        lambda: datetime.datetime(2001, 1, 1, tzinfo=datetime.UTC),
    )
    write(1)
    assert verify().sound


@pytest.mark.django_db(transaction=True)
def test_nothing_is_recorded_outside_a_transaction():
    with pytest.raises(TransactionManagementError):
        write(1)
    assert head().sequence == 0


def test_what_is_rolled_back_leaves_no_entry_and_no_gap(ten):
    with transaction.atomic():
        write(3)
        transaction.set_rollback(True)
    assert write(1)[0].sequence == 11
    assert verify().sound


def test_what_the_site_does_by_itself_is_the_sites():
    assert write(1)[0].actor == "site"


def test_a_person_has_the_same_pseudonym_in_every_entry_and_another_has_another(person, django_user_model):
    other = django_user_model.objects.create_user("ben@example.org", "a long enough word")
    actors = [entry.actor for entry in (*write(2, person), *write(1, other))]
    assert actors[0] == actors[1] != actors[2]
    assert pseudonym(person) == f"actor:{actors[0]}"


def test_an_action_on_a_person_names_the_pseudonym(person):
    entry = record(action="account.closed", by=person, subject=pseudonym(person))
    assert entry.subject == f"actor:{entry.actor}"


def test_a_deleted_account_leaves_its_pseudonym_in_a_log_that_still_holds(ten, person):
    belongings.delete_account(by=Viewer(person, "session"), password="a long enough word")  # noqa: S106
    assert Actor.objects.count() == 0
    assert AuditEntry.objects.filter(actor=ten[0].actor).count() == 10
    assert verify().sound


def test_nothing_of_a_person_is_in_an_entry(ten, person):
    told = rfc8785.dumps([body(entry) for entry in AuditEntry.objects.all()]).decode()
    assert person.email not in told
    assert uuid.UUID(ten[0].actor).version == 4


class _Typed(enum.Enum):
    ASKED = CANARY


@pytest.mark.parametrize(
    "value",
    [
        CANARY, "zebedee", "ada@example.org", "", "article:7", "user:12", "note:zebedee", _Typed.ASKED, 1.5, -1,
        LARGEST + 1, 19610423, None, [1], {"to": 1}, b"a", datetime.date(1961, 4, 23),
        "source:Zebedee Quill", "sha256:" + "g" * 64, f"article:{uuid.UUID(int=7)}\n",
    ],
)  # fmt: skip
def test_a_detail_that_could_say_who_or_what_was_asked_is_refused_and_not_quoted(value):
    with pytest.raises(NotForTheLog) as refused:
        record(action="article.approved", by=None, subject=ARTICLE, details={"note": value})
    assert head().sequence == 0
    assert "ebedee" not in str(refused.value)


@pytest.mark.parametrize("key", [CANARY, "Note", "", "a" * 31, "ada@example.org", 7])
def test_the_name_of_a_detail_is_a_word_and_is_not_quoted(key):
    with pytest.raises(NotForTheLog) as refused:
        record(action="article.approved", by=None, subject=ARTICLE, details={key: 1})
    assert "ebedee" not in str(refused.value)


@pytest.mark.parametrize("subject", [CANARY, "article:7", "ada@example.org", "user:7", "", ARTICLE + " "])
def test_a_subject_is_a_reference(subject):
    with pytest.raises(NotForTheLog):
        record(action="article.approved", by=None, subject=subject)


@pytest.mark.parametrize("action", [CANARY, "approved", "Article.approved", "article.approved.twice", ""])
def test_an_action_is_two_words(action):
    with pytest.raises(NotForTheLog):
        record(action=action, by=None, subject=ARTICLE)


def test_there_are_few_details():
    with pytest.raises(NotForTheLog):
        record(action="a.b", by=None, subject=ARTICLE, details={f"a{'a' * n}": n for n in range(13)})


def test_details_are_kept_as_plain_values():
    known = uuid.uuid4()
    details = {
        "revision": 3,
        "two_person": True,
        "to": Standing.APPROVED,
        "run": known,
        "source": "source:nice-ng234#1",
        "note": "sha256:" + "a" * 64,
    }
    record(action="article.approved", by=None, subject=ARTICLE, details=details)
    assert AuditEntry.objects.get().details == {**details, "to": "approved", "run": str(known)}
