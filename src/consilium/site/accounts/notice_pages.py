"""The page of one's notices."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from consilium.site.accounts import notices
from consilium.site.accounts.board import SignedIn
from consilium.site.accounts.models import Notice, Post, User

_PAGE = 30


@never_cache
@login_required
@require_safe
def mine(request: SignedIn) -> HttpResponse:
    """One's notices, the newest first, and whether they come by mail as well."""
    page = Paginator(Notice.objects.filter(user=request.user), _PAGE).get_page(request.GET.get("page"))
    return render(request, "me/notices.html", {"page_of": page, "choices": Post.choices})


@login_required
@require_POST
def open_one(request: SignedIn, notice: int) -> HttpResponse:
    """Mark a notice as read and go where it leads."""
    found = get_object_or_404(Notice, pk=notice, user=request.user)
    notices.mark_read(request.user, found.pk)
    return redirect(found.link)


@login_required
@require_POST
def read_all(request: SignedIn) -> HttpResponse:
    """Mark all as read."""
    notices.mark_read(request.user)
    return redirect("notices")


@login_required
@require_POST
def choose_post(request: SignedIn) -> HttpResponse:
    """Say when notices come by mail."""
    wish = request.POST.get("post", "")
    if wish in Post.values:
        User.objects.filter(pk=request.user.pk).update(post=wish)
        messages.success(request, "Your choice is kept.")
    else:
        messages.error(request, "Choose one of the two.")
    return redirect("notices")
