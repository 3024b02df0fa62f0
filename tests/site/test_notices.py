"""Notices on the site and by mail; what is deleted when its time has come."""

from __future__ import annotations

import datetime

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.utils import timezone
from tests.site.people import WORD, browser, member, with_factor

from consilium.site.accounts import inviting, joining, notices, people, retention
from consilium.site.accounts.models import Invitation, Membership, Notice, OperatorLink, Post, User
from consilium.site.accounts.notices import notify, post_waiting
from consilium.site.api import tokens
from consilium.site.api.models import ApiToken
from consilium.site.articles.models import Article, Run
from consilium.site.articles.viewer import Viewer

pytestmark = pytest.mark.django_db
PRIVATE = "Mrs Example's croup has come back to you"
DAY = datetime.timedelta(days=1)


class RefusesOne(EmailBackend):
    """A post office that does not know one box."""

    def send_messages(self, messages):
        from smtplib import SMTPRecipientsRefused

        if messages[0].to == ["rita@example.org"]:
            raise SMTPRecipientsRefused({"rita@example.org": (550, b"no such box")})
        return super().send_messages(messages)


@pytest.fixture
def rita():
    return member("rita", "reviewer")


@pytest.fixture
def told(rita, django_capture_on_commit_callbacks):
    """Notify people and let what waits for the end of the transaction happen."""

    def tell(*to, key="article 7", words=PRIVATE, link="/board/articles/7/") -> int:
        with django_capture_on_commit_callbacks(execute=True):
            return notify(to or [rita], words, link, key)

    return tell


def test_a_person_is_told_once_about_one_thing(told, rita):
    assert [told(), told(), told(key="article 8")] == [1, 0, 1]
    assert told(rita, rita, key="article 9") == 1
    assert Notice.objects.filter(user=rita).count() == 3
    assert len(mail.outbox) == 3


def test_a_mail_holds_a_link_and_nothing_of_what_is_said(told):
    told()
    (letter,) = mail.outbox
    assert letter.to == ["rita@example.org"]
    assert "http://localhost/board/articles/7/" in letter.body
    for word in PRIVATE.split():
        if len(word) > 4:
            assert word not in letter.body + letter.subject


def test_whoever_wants_no_mail_gets_none_and_none_of_it_later(told, rita):
    browser(rita).post("/me/notices/post", {"post": "never"})
    rita.refresh_from_db()
    told()
    browser(rita).post("/me/notices/post", {"post": "at_once"})
    assert post_waiting() == 0
    assert mail.outbox == []
    assert notices.unread(rita) == 1


def test_a_choice_that_does_not_exist_changes_nothing(rita):
    browser(rita).post("/me/notices/post", {"post": "hourly"})
    rita.refresh_from_db()
    assert rita.post == Post.AT_ONCE


def test_nothing_is_posted_that_was_not_kept(rita):
    assert notify([rita], PRIVATE, "/", "undone") == 1
    assert mail.outbox == []


def test_what_could_not_be_posted_is_posted_later_once(told, rita, settings):
    settings.EMAIL_BACKEND = "tests.site.test_accounts.BrokenPost"
    told()
    assert Notice.objects.get().posted is None
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert [post_waiting(), post_waiting()] == [1, 0]
    assert len(mail.outbox) == 1


def test_one_box_that_does_not_exist_holds_up_nobody(told, rita, settings):
    settings.EMAIL_BACKEND = f"{__name__}.RefusesOne"
    told(rita, member("bea"))
    assert [letter.to for letter in mail.outbox] == [["bea@example.org"]]
    assert post_waiting() == 0


def test_what_was_read_or_is_old_is_not_posted(told, rita, settings):
    settings.EMAIL_BACKEND = "tests.site.test_accounts.BrokenPost"
    told()
    told(key="old")
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Notice.objects.filter(key="old").update(at=timezone.now() - 4 * DAY)
    notices.mark_read(rita, Notice.objects.get(key="article 7").pk)
    assert post_waiting() == 0


def test_somebody_who_is_switched_off_is_told_nothing(told, rita):
    rita.is_active = False
    assert told() == 0


@pytest.mark.parametrize(
    "link", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x", ""]
)
def test_a_notice_leads_to_a_page_of_this_site_only(rita, link):
    with pytest.raises(ValueError, match="page of this site"):
        notify([rita], PRIVATE, link, "x")


def test_the_head_of_every_page_counts_what_is_unread(told, rita):
    told()
    client = browser(rita)
    assert "1 new notice<" in client.get("/about/").content.decode()
    told(key="another")
    assert "2 new notices<" in client.get("/about/").content.decode()
    client.post("/me/notices/read")
    assert "new notice" not in client.get("/about/").content.decode()


def test_opening_a_notice_marks_it_and_leads_on(told, rita):
    told(link="/articles/")
    notice = Notice.objects.get()
    client = browser(rita)
    assert "Mrs Example&#x27;s croup" in client.get("/me/notices/").content.decode()
    assert client.get(f"/me/notices/{notice.pk}/open").status_code == 405
    assert client.post(f"/me/notices/{notice.pk}/open")["Location"] == "/articles/"
    assert notices.unread(rita) == 0


def test_nobody_opens_or_reads_anybody_elses_notices(told, rita):
    told()
    eve = browser(member("eve"))
    assert "croup" not in eve.get("/me/notices/").content.decode()
    assert eve.post(f"/me/notices/{Notice.objects.get().pk}/open").status_code == 404
    eve.post("/me/notices/read")
    assert notices.unread(rita) == 1


# Retention -----------------------------------------------------------------------------------


def test_read_notices_go_after_ninety_days_and_unread_ones_stay(told, rita):
    told(key="read")
    told(key="unread")
    notices.mark_read(rita, Notice.objects.get(key="read").pk)
    now = timezone.now()
    assert retention.tidy(now + 89 * DAY).notices == 0
    assert retention.tidy(now + 91 * DAY).notices == 1
    assert [n.key for n in Notice.objects.all()] == ["unread"]


def test_dead_links_go_and_open_ones_stay(rita):
    for name in ("dead", "open"):
        inviting.invite(email=f"{name}@example.org", roles=["editor"], by=rita)
    joining.new_operator_link()
    now = timezone.now()
    Invitation.objects.filter(email="open@example.org").update(expires=now + 60 * DAY)
    assert retention.tidy(now).links == 0
    assert retention.tidy(now + 40 * DAY).links == 2
    assert Invitation.objects.get().email == "open@example.org"
    assert not OperatorLink.objects.exists()


def test_an_account_that_is_long_switched_off_is_emptied_and_its_public_work_stays(rita, asked):
    operator = member("olga", "operator")
    with_factor(rita)
    private = asked(by=Viewer(rita, ""))
    public = asked("Gout: colchicine or an NSAID first?", by=Viewer(rita, ""))
    Article.objects.filter(pk=public.pk).update(published=timezone.now())
    tokens.create(name="script", scopes=["read"], days=30, by=rita)
    people.deactivate(person=rita, by=operator)
    now = timezone.now()
    assert retention.tidy(now + 364 * DAY).people == 0
    assert retention.tidy(now + 366 * DAY).people == 1
    assert retention.tidy(now + 366 * DAY).people == 0
    rita.refresh_from_db()
    assert rita.email == f"gone-{rita.pk}@invalid"
    assert not rita.has_usable_password()
    for kind in (EmailAddress, Authenticator, Membership):
        assert not kind.objects.filter(user=rita).exists()
    assert not ApiToken.objects.filter(person=rita).exists()
    assert not Run.objects.filter(owner=rita).exists()
    assert not Article.objects.filter(pk=private.pk).exists()
    assert Article.objects.get(pk=public.pk).owner is None


def test_an_emptied_account_cannot_be_switched_on_again(rita):
    operator = with_factor(member("olga", "operator"))
    people.deactivate(person=rita, by=operator)
    retention.tidy(timezone.now() + 400 * DAY)
    with pytest.raises(people.NotInUse):
        people.reactivate(person=User.objects.get(pk=rita.pk), by=operator)
    assert browser(operator).get(f"/board/people/{rita.pk}/").status_code == 404


def test_accounts_in_use_are_never_emptied(rita):
    assert retention.tidy(timezone.now() + 4000 * DAY).people == 0
    assert Client().login(email=rita.email, password=WORD)
