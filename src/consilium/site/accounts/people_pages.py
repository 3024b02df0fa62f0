"""The pages on which operators look after the people of the site."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from consilium.domain.permission import Permission
from consilium.errors import EditorialError
from consilium.site.accounts import people
from consilium.site.accounts.board import SignedIn, board_member
from consilium.site.accounts.models import Invitation, User
from consilium.site.accounts.roles import BOARD

_PAGE = 50
managing = board_member(Permission.MANAGE_PEOPLE)


def _shown(looked_for: str, *, board_only: bool) -> QuerySet[User]:
    factor = Authenticator.objects.filter(user=OuterRef("pk")).exclude(type="recovery_codes")
    everybody = User.objects.filter(forgotten=None).annotate(
        held=Count("memberships"), second_factor=Exists(factor)
    )
    if looked_for:
        everybody = everybody.filter(
            Q(email__icontains=looked_for)
            | Q(first_name__icontains=looked_for)
            | Q(last_name__icontains=looked_for)
        )
    if board_only:
        everybody = everybody.filter(held__gt=0)
    return everybody.prefetch_related("memberships").order_by("email")


@managing
@require_safe
def people_list(request: SignedIn) -> HttpResponse:
    """The people of the board, or whoever is looked for; the invitations."""
    looked_for = request.GET.get("q", "").strip()[:200]
    shown = _shown(looked_for, board_only=not looked_for)
    context = {
        "page_of": Paginator(shown, _PAGE).get_page(request.GET.get("page")),
        "q": looked_for,
        "roles": BOARD,
        "invitations": Invitation.objects.select_related("invited_by")[:_PAGE],
    }
    return render(request, "board/people.html", context)


@managing
@require_safe
def one_person(request: SignedIn, person: int) -> HttpResponse:
    """One person: their roles, their second factor, the way to switch them off."""
    shown = get_object_or_404(_shown("", board_only=False), pk=person)
    held = {membership.role: membership for membership in shown.memberships.all()}
    context = {
        "person": shown,
        "roles": [(role, held.get(role.key())) for role in BOARD],
        "oneself": shown.pk == request.user.pk,
    }
    return render(request, "board/person.html", context)


def _changed(request: SignedIn, person: int, change: Callable[[User], None], done: str) -> HttpResponse:
    """Change something about a person; say that it is done, or why not."""
    found = get_object_or_404(User, pk=person, forgotten=None)
    try:
        change(found)
    except EditorialError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect("person", person=person)


@managing
@require_POST
def change_role(request: SignedIn, person: int) -> HttpResponse:
    """Give or take a role, as the button says."""
    role, act = request.POST.get("role", ""), request.POST.get("act", "")
    by = request.user
    if act == "give":
        return _changed(request, person, lambda p: people.give(role=role, to=p, by=by), "The role is given.")
    if act == "take":
        return _changed(request, person, lambda p: people.take(role=role, of=p, by=by), "The role is taken.")
    raise Http404


@managing
@require_POST
def change_state(request: SignedIn, person: int) -> HttpResponse:
    """Switch an account off or on, as the button says."""
    by = request.user
    if request.POST.get("act") == "off":
        done = "The account is switched off."
        return _changed(request, person, lambda p: people.deactivate(person=p, by=by), done)
    if request.POST.get("act") == "on":
        done = "The account is switched on."
        return _changed(request, person, lambda p: people.reactivate(person=p, by=by), done)
    raise Http404


@managing
@require_POST
def reset_factor(request: SignedIn, person: int) -> HttpResponse:
    """Forget a second factor that was lost."""
    done = "The second factor is forgotten. The next visit to the board asks for a new one."
    return _changed(request, person, lambda p: people.reset_second_factor(person=p, by=request.user), done)
