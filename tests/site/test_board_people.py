"""The board: roles, the people page, the links by which somebody joins, and what is recorded of it."""

from __future__ import annotations

import datetime
import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from tests.site.people import WORD, browser, member, with_factor

from consilium.domain.permission import Permission
from consilium.site.accounts import events, inviting, joining, links, people
from consilium.site.accounts.models import Invitation, Membership, OperatorLink, User
from consilium.site.accounts.roles import (
    BOARD,
    EVERYBODY,
    Editor,
    Operator,
    Reviewer,
    may,
    permissions_of,
    roles_of,
)

pytestmark = pytest.mark.django_db
PASSWORDS = {"password1": WORD, "password2": WORD}
EDITORIAL = {Permission.REVIEW, Permission.EDIT, Permission.APPROVE, Permission.WITHDRAW}


def kept(**what):
    """A receiver of events: it keeps them in ``TOLD``."""
    TOLD.append(what)


def refusing(**_):
    raise RuntimeError("no record, no change")


TOLD: list[dict[str, object]] = []


@pytest.fixture(autouse=True)
def told(settings):
    cache.clear()
    TOLD.clear()
    settings.ACCOUNT_EVENTS = (f"{__name__}.kept",)
    return TOLD


@pytest.fixture
def operator():
    return with_factor(member("olga", "operator"))


@pytest.fixture
def hers(operator):
    return browser(operator)


def link_in(letter) -> str:
    return re.search(r"https?://[^/]+(/board/\S+)", letter.body).group(1)


# Roles ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [*EVERYBODY, *BOARD], ids=lambda role: role.key())
def test_every_role_says_in_one_sentence_what_it_is(role):
    assert re.fullmatch(r"[A-Z][^.]+\.", role.words())


def test_an_operator_has_no_editorial_power():
    assert not Operator.permissions & EDITORIAL


def test_a_reviewer_writes_nothing_and_an_editor_may_withdraw():
    assert Permission.EDIT not in Reviewer.permissions
    assert Permission.WITHDRAW in Editor.permissions


def test_roles_add_up():
    both = member("bea", "reviewer", "operator")
    assert roles_of(both) == (Reviewer, Operator)
    assert permissions_of(both) >= Reviewer.permissions | Operator.permissions


def test_a_superuser_of_django_may_no_more_than_anybody():
    django = member("sue")
    django.is_superuser = django.is_staff = True
    django.save()
    assert permissions_of(django) == {Permission.ASK, Permission.REPORT}
    assert browser(django).get("/board/people/").status_code == 403
    assert browser(django).get("/admin/").status_code == 302
    assert browser(django).get("/admin/login/").status_code == 403


def test_a_role_of_somebody_who_is_switched_off_allows_nothing():
    gone = member("gus", "editor")
    gone.is_active = False
    assert not may(gone, Permission.REVIEW)


def test_django_cannot_make_a_superuser():
    with pytest.raises(CommandError, match="operator-link"):
        call_command("createsuperuser", email="sue@example.org", interactive=False)
    assert not User.objects.exists()


# The people page -----------------------------------------------------------------------------


def test_an_operator_gives_and_takes_a_role_and_both_are_recorded(hers, operator, told):
    rita = member("rita")
    page = f"/board/people/{rita.pk}/role"
    body = hers.post(page, {"role": "reviewer", "act": "give"}, follow=True).content.decode()
    assert "The role is given." in body
    assert "given by olga@example.org" in body
    hers.post(page, {"role": "reviewer", "act": "take"})
    assert roles_of(rita) == ()
    assert [(t["action"], t["by"], t["subject"], t["details"]) for t in told] == [
        ("role given", operator, f"person:{rita.pk}", {"role": "reviewer"}),
        ("role taken", operator, f"person:{rita.pk}", {"role": "reviewer"}),
    ]


def test_a_role_that_is_held_already_is_recorded_once(operator, told):
    rita = member("rita", "reviewer")
    people.give(role="reviewer", to=rita, by=operator)
    assert told == []


def test_a_role_that_does_not_exist_is_refused(hers):
    rita = member("rita")
    body = hers.post(
        f"/board/people/{rita.pk}/role", {"role": "pope", "act": "give"}, follow=True
    ).content.decode()
    assert "There is no such role" in body
    assert hers.post(f"/board/people/{rita.pk}/role", {"role": "editor", "act": "x"}).status_code == 404


def test_nobody_changes_their_own_roles(hers, operator):
    member("omar", "operator")
    for act, role in (("give", "editor"), ("take", "operator")):
        answer = hers.post(f"/board/people/{operator.pk}/role", {"role": role, "act": act}, follow=True)
        assert "Nobody changes their own" in answer.content.decode()
    assert roles_of(operator) == (Operator,)


def test_the_last_operators_role_stays():
    last, other = member("olga", "operator"), member("omar")
    with pytest.raises(people.LastOperator):
        people.take(role="operator", of=last, by=other)
    with pytest.raises(people.LastOperator):
        people.deactivate(person=last, by=other)


def test_an_operator_who_is_switched_off_does_not_count_as_another():
    last, off = member("olga", "operator"), member("omar", "operator")
    User.objects.filter(pk=off.pk).update(is_active=False)
    with pytest.raises(people.LastOperator):
        people.take(role="operator", of=last, by=off)


def test_the_last_operator_cannot_delete_their_account(hers, operator):
    answer = hers.post("/me/delete", {"sure": "yes", "password": WORD})
    assert answer.status_code == 400
    assert "last operator" in answer.content.decode()
    member("omar", "operator")
    assert hers.post("/me/delete", {"sure": "yes", "password": WORD}).status_code == 302
    assert not User.objects.filter(pk=operator.pk).exists()


def test_somebody_who_is_switched_off_is_out_at_once_and_comes_back_with_their_roles(hers, told):
    rita = with_factor(member("rita", "reviewer"))
    open_browser = browser(rita)
    assert open_browser.get("/me/notices/").status_code == 200
    hers.post(f"/board/people/{rita.pk}/state", {"act": "off"})
    assert open_browser.get("/me/notices/").status_code == 302
    hers.post(f"/board/people/{rita.pk}/state", {"act": "on"})
    rita.refresh_from_db()
    assert (rita.is_active, rita.deactivated) == (True, None)
    assert roles_of(rita) == (Reviewer,)
    assert [t["action"] for t in told] == ["person deactivated", "person reactivated"]


def test_a_lost_second_factor_is_forgotten_by_an_operator_and_never_ones_own(hers, operator, told):
    rita = with_factor(member("rita", "reviewer"))
    hers.post(f"/board/people/{rita.pk}/factor")
    assert browser(rita).get("/board/people/").status_code == 403
    assert not rita.authenticator_set.exists()
    hers.post(f"/board/people/{operator.pk}/factor")
    assert operator.authenticator_set.exists()
    assert [t["action"] for t in told] == ["second factor reset"]


def test_the_page_shows_the_board_and_finds_others(hers):
    member("rita", "reviewer")
    member("nora")
    body = hers.get("/board/people/").content.decode()
    assert "rita@example.org" in body
    assert "nora@example.org" not in body
    assert "nora@example.org" in hers.get("/board/people/?q=NORA").content.decode()
    assert 'href="/board/people/"' in hers.get("/").content.decode()


def test_a_change_that_cannot_be_recorded_is_not_made(operator, settings):
    settings.ACCOUNT_EVENTS = (f"{__name__}.refusing",)
    rita = member("rita", "reviewer")
    for change in (
        lambda: people.give(role="editor", to=rita, by=operator),
        lambda: people.take(role="reviewer", of=rita, by=operator),
        lambda: people.deactivate(person=rita, by=operator),
        lambda: inviting.invite(email="new@example.org", roles=["editor"], by=operator),
    ):
        with pytest.raises(RuntimeError):
            change()
    rita.refresh_from_db()
    assert (roles_of(rita), rita.is_active, Invitation.objects.count()) == ((Reviewer,), True, 0)


def test_without_a_receiver_nothing_is_told(settings, told):
    settings.ACCOUNT_EVENTS = ()
    events.tell("role given", None, "person:1", {})
    assert told == []


# Invitations ---------------------------------------------------------------------------------


def invited(hers, email="rita@example.org", roles=("reviewer",)) -> tuple[Invitation, str]:
    hers.post("/board/invitations/", {"email": email, "roles": roles})
    return Invitation.objects.get(), link_in(mail.outbox[-1])


def test_an_invitation_makes_an_account_with_its_roles_and_leads_to_the_second_factor(hers, told):
    invitation, link = invited(hers, email=" Rita@Example.org ")
    assert "Reviewer" in mail.outbox[0].body
    assert "\nChecks" not in mail.outbox[0].subject
    visitor = Client()
    assert "rita@example.org" in visitor.get(link).content.decode()
    answer = visitor.post(link, PASSWORDS)
    assert answer["Location"] == "/accounts/2fa/"
    rita = User.objects.get(email="rita@example.org")
    assert visitor.session["_auth_user_id"] == str(rita.pk)
    assert roles_of(rita) == (Reviewer,)
    assert EmailAddress.objects.get(user=rita).verified
    assert Membership.objects.get(user=rita).given_by == invitation.invited_by
    assert [t["action"] for t in told] == ["person invited", "invitation accepted"]
    assert "rita" not in repr([t["details"] for t in told]) + repr([t["subject"] for t in told])


def test_only_a_digest_of_the_secret_is_kept(hers):
    invitation, link = invited(hers)
    secret = link.split("/")[3]
    assert len(secret) == 43
    assert secret not in repr(Invitation.objects.values())
    assert invitation.digest == links.digest(secret)


def test_an_invitation_works_once(hers):
    _, link = invited(hers)
    assert Client().post(link, PASSWORDS).status_code == 302
    spent = Client().get(link)
    assert spent.status_code == 410
    assert "does not work" in spent.content.decode()


def test_of_two_who_use_a_link_at_the_same_moment_one_joins(hers):
    invitation, _ = invited(hers)
    again = Invitation.objects.get(pk=invitation.pk)
    joining.join_anew(invitation, email="", password=WORD)
    rita = User.objects.get(email="rita@example.org")
    Membership.objects.filter(user=rita).delete()
    with pytest.raises(joining.LinkIsSpent):
        joining.join(again, rita)
    assert roles_of(rita) == ()


def test_an_invitation_ends_after_seven_days(hers):
    invitation, link = invited(hers)
    assert invitation.expires - invitation.created >= datetime.timedelta(days=6, hours=23)
    Invitation.objects.update(expires=timezone.now() - datetime.timedelta(seconds=1))
    assert Client().post(link, PASSWORDS).status_code == 410
    assert "expired" in hers.get("/board/people/").content.decode()


def test_sent_again_the_old_link_ends_and_the_new_one_has_a_week(hers):
    invitation, old = invited(hers)
    Invitation.objects.update(expires=timezone.now() - datetime.timedelta(seconds=1))
    hers.post(f"/board/invitations/{invitation.pk}/send")
    new = link_in(mail.outbox[-1])
    assert Client().get(old).status_code == 410
    assert Client().get(new).status_code == 200


def test_taken_back_a_link_ends_and_cannot_be_sent_again(hers):
    invitation, link = invited(hers)
    hers.post(f"/board/invitations/{invitation.pk}/revoke")
    assert Client().post(link, PASSWORDS).status_code == 410
    body = hers.post(f"/board/invitations/{invitation.pk}/send", follow=True).content.decode()
    assert "taken back already" in body
    assert len(mail.outbox) == 1


def test_whoever_has_an_account_signs_in_and_then_accepts(hers):
    rita = member("rita")
    _, link = invited(hers)
    assert "Sign in" in Client().get(link).content.decode()
    refused = Client().post(link, PASSWORDS)
    assert refused.status_code == 400
    assert "There is an account" in refused.content.decode()
    assert browser(rita).post(link).status_code == 302
    assert roles_of(rita) == (Reviewer,)


def test_an_invitation_to_a_further_address_of_an_account_is_accepted_by_it(hers):
    rita = member("rita")
    EmailAddress.objects.create(user=rita, email="rita@work.example")
    _, link = invited(hers, email="rita@work.example")
    browser(rita).post(link)
    assert roles_of(rita) == (Reviewer,)
    assert EmailAddress.objects.get(email="rita@work.example").verified


def test_somebody_else_cannot_accept_an_invitation(hers):
    eve = member("eve")
    _, link = invited(hers)
    answer = browser(eve).post(link)
    assert answer.status_code == 400
    assert "another address" in answer.content.decode()
    assert roles_of(eve) == ()


@pytest.mark.parametrize(
    "form,words",
    [
        ({"password1": WORD, "password2": "another"}, "differ"),
        ({"password1": "short", "password2": "short"}, "too short"),
        ({"password1": "rita@example.org", "password2": "rita@example.org"}, "too similar"),
    ],
)
def test_a_password_that_is_no_good_is_refused_and_the_link_still_works(hers, form, words):
    _, link = invited(hers)
    answer = Client().post(link, form)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert Client().get(link).status_code == 200


@pytest.mark.parametrize(
    "form,words",
    [
        ({"email": "nowhere", "roles": ["editor"]}, "no e-mail address"),
        ({"email": "a@example.org\nBcc: b@example.org", "roles": ["editor"]}, "no e-mail address"),
        ({"email": "a@example.org"}, "at least one role"),
        ({"email": "a@example.org", "roles": ["pope"]}, "at least one role"),
    ],
)
def test_an_invitation_that_makes_no_sense_is_refused_with_a_reason(hers, form, words):
    assert words in hers.post("/board/invitations/", form, follow=True).content.decode()
    assert not Invitation.objects.exists()
    assert mail.outbox == []


def test_an_invitation_whose_mail_was_not_sent_is_kept_and_can_be_sent_again(hers, settings):
    settings.EMAIL_BACKEND = "tests.site.test_accounts.BrokenPost"
    body = hers.post("/board/invitations/", {"email": "a@example.org", "roles": ["editor"]}, follow=True)
    assert "could not be sent" in body.content.decode()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    hers.post(f"/board/invitations/{Invitation.objects.get().pk}/send")
    assert Client().get(link_in(mail.outbox[-1])).status_code == 200


# The first operator --------------------------------------------------------------------------


def path(address: str) -> str:
    return "/" + address.split("/", 3)[3]


def test_the_first_link_is_made_once_and_makes_an_operator(told):
    link = path(joining.first_operator_link())
    assert joining.first_operator_link() is None
    visitor = Client()
    assert visitor.post(link, {"email": "Olga@example.org", **PASSWORDS}).status_code == 302
    olga = User.objects.get(email="olga@example.org")
    assert roles_of(olga) == (Operator,)
    assert visitor.get("/board/people/")["Location"] == "/accounts/2fa/"
    assert Client().get(link).status_code == 410
    assert joining.operator_can_sign_in()
    assert [t["action"] for t in told] == ["operator link made", "operator link used"]


def test_a_new_operator_link_ends_the_earlier_one_and_lasts_a_day():
    first, second = path(joining.new_operator_link()), path(joining.new_operator_link())
    assert Client().get(first).status_code == 410
    assert Client().get(second).status_code == 200
    assert OperatorLink.objects.get().expires < timezone.now() + datetime.timedelta(days=1, seconds=1)
    OperatorLink.objects.update(expires=timezone.now())
    assert Client().post(second, {"email": "olga@example.org", **PASSWORDS}).status_code == 410


def test_the_operator_link_asks_for_a_real_address_and_not_a_known_one():
    link = path(joining.new_operator_link())
    member("rita")
    for email, words in (("nowhere", "valid email"), ("rita@example.org", "There is an account")):
        answer = Client().post(link, {"email": email, **PASSWORDS})
        assert answer.status_code == 400
        assert words in answer.content.decode()


def test_somebody_with_an_account_becomes_operator_by_signing_in(person):
    link = path(joining.new_operator_link())
    assert browser(person).post(link).status_code == 302
    assert roles_of(person) == (Operator,)


def test_a_form_of_a_link_from_elsewhere_is_refused(person):
    link = path(joining.new_operator_link())
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person)
    assert strict.post(link).status_code == 403
    assert roles_of(person) == ()
