"""What a person of the board tells readers about themselves."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from consilium.domain.permission import Permission
from consilium.site.accounts.board import SignedIn, board_member
from consilium.site.articles.changes import changed
from consilium.site.audit.recording import pseudonym, record
from consilium.site.editorial.models import BoardMember


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when run
    """Name, credentials, affiliation and conflicts of interest."""

    class Meta:
        """The four fields, in this order."""

        model = BoardMember
        fields = ("name", "credentials", "affiliation", "conflicts")
        widgets: ClassVar = {"conflicts": forms.Textarea(attrs={"rows": 3})}
        labels: ClassVar = {"conflicts": "Conflicts of interest"}


@board_member(Permission.REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: SignedIn) -> HttpResponse:
    """Show the form of one's own page, and keep it."""
    person = request.user
    kept = BoardMember.objects.filter(user=person).first()
    sent = request.POST if request.method == "POST" else None
    form = ProfileForm(sent, instance=kept or BoardMember(user=person))
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            record(action="board.profile", by=person, subject=pseudonym(person))
            changed()
        messages.success(request, "Readers see it on the page of the board.")
        return redirect("board-queue")
    return render(request, "board/profile.html", {"form": form}, status=400 if form.errors else 200)
