"""The pages of invitations: send them, and join the board by one."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.core.ratelimit import consume
from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from consilium.errors import EditorialError
from consilium.site.accounts import inviting, joining, links
from consilium.site.accounts.board import SignedIn
from consilium.site.accounts.models import Invitation, OperatorLink, User
from consilium.site.accounts.people_pages import managing
from consilium.site.accounts.post import NotPosted
from consilium.site.accounts.roles import role_named

DIFFERENT = "The two passwords differ. Type the same one twice."
SLOW_DOWN = "Too many accounts were made from here. Wait an hour and try again."
NOT_SENT = "The invitation is kept, but its mail could not be sent. Send it again in a while."


@managing
@require_POST
def invite(request: SignedIn) -> HttpResponse:
    """Invite somebody."""
    email, roles = request.POST.get("email", ""), request.POST.getlist("roles")
    act = lambda: inviting.invite(email=email, roles=roles, by=request.user)  # noqa: E731
    return _done(request, act, "The invitation is sent.")


@managing
@require_POST
def send_again(request: SignedIn, invitation: int) -> HttpResponse:
    """Send a new link; the old one stops working."""
    found = get_object_or_404(Invitation, pk=invitation)
    act = lambda: inviting.send_again(invitation=found, by=request.user)  # noqa: E731
    return _done(request, act, "A new link is sent; the earlier one no longer works.")


@managing
@require_POST
def revoke(request: SignedIn, invitation: int) -> HttpResponse:
    """Take an invitation back."""
    found = get_object_or_404(Invitation, pk=invitation)
    act = lambda: inviting.revoke(invitation=found, by=request.user)  # noqa: E731
    return _done(request, act, "The invitation is taken back; its link no longer works.")


def _done(request: HttpRequest, act: Callable[[], object], done: str) -> HttpResponse:
    try:
        act()
    except EditorialError as refused:
        messages.error(request, str(refused))
    except NotPosted:
        messages.error(request, NOT_SENT)
    else:
        messages.success(request, done)
    return redirect("people")


@sensitive_post_parameters("password1", "password2")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """Join the board by an invitation."""
    return _join(request, links.find(Invitation, secret))


@sensitive_post_parameters("password1", "password2")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def become_operator(request: HttpRequest, secret: str) -> HttpResponse:
    """Become an operator by the link of the command line."""
    return _join(request, links.find(OperatorLink, secret))


def _join(request: HttpRequest, link: joining.AnyLink | None) -> HttpResponse:
    """Say what the link gives, ask for a password where there is no account, and join."""
    if link is None:
        return render(request, "board/link_spent.html", status=410)
    invited = link.email if isinstance(link, Invitation) else ""
    fault = ""
    if request.method == "POST":
        try:
            return _joined(request, link)
        except EditorialError as refused:
            fault = str(refused)
        except ValidationError as refused:
            fault = " ".join(refused.messages)
    context = {
        "invited": invited,
        "email": request.POST.get("email", ""),
        "roles": [role_named(key) for key in joining.grants(link)],
        "known": bool(invited) and joining.has_account(invited),
        "fault": fault,
    }
    return render(request, "board/join.html", context, status=400 if fault else 200)


def _joined(request: HttpRequest, link: joining.AnyLink) -> HttpResponse:
    if request.user.is_authenticated:
        joining.join(link, request.user)
        messages.success(request, "You are on the board.")
        return redirect("mfa_index")
    email, password = request.POST.get("email", ""), request.POST.get("password1", "")
    if not isinstance(link, Invitation):
        validate_email(email)
    address = link.email if isinstance(link, Invitation) else email
    if password != request.POST.get("password2", ""):
        raise ValidationError(DIFFERENT)
    validate_password(password, User(email=address))
    if not consume(request, action="signup"):
        raise ValidationError(SLOW_DOWN)
    person = joining.join_anew(link, email=email, password=password)
    return _signed_in(request, person, password)


def _signed_in(request: HttpRequest, person: User, password: str) -> HttpResponse:
    """Sign in as allauth does, and go on to the second factor."""
    found = get_adapter().authenticate(request, email=person.email, password=password)
    messages.success(request, "Your account is made, and you are on the board.")
    login = Login(user=found, redirect_url=reverse("mfa_index"))
    response: HttpResponse = perform_password_login(request, {"email": person.email}, login)
    return response
