"""The form under which somebody puts their name."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from consilium.domain.permission import Permission
from consilium.domain.review import WHOLE
from consilium.errors import EditorialError
from consilium.site.accounts.board import SignedIn, board_member
from consilium.site.editorial import desk
from consilium.site.editorial.approving import ATTESTATION, approve
from consilium.site.editorial.models import BoardMember


@board_member(Permission.APPROVE)
@require_http_methods(["GET", "HEAD", "POST"])
def approval(request: SignedIn, name: UUID) -> HttpResponse:
    """Show the whole once more, with what is left to do; take the approval."""
    article = desk.public_article(name)
    fault, form = "", request.POST
    if request.method == "POST":
        number, version = (desk.number_in(form, name) for name in ("number", "version"))
        try:
            approve(
                article=article,
                by=request.user,
                number=number,
                version=version,
                looked=form.getlist("whole"),
                attested=form.get("attested") == "yes",
                conflicts=form.get("conflicts", "")[:4000],
            )
        except EditorialError as refused:
            fault = str(refused)
        else:
            messages.success(request, "Approved. Readers see your name and the date.")
            return redirect("board-article", name=name)
    member = BoardMember.objects.filter(user=request.user).first()
    context = {
        **desk.context_of(article, request.user),
        "whole": list(WHOLE.items()),
        "looked": form.getlist("whole"),
        "attestation": ATTESTATION,
        "conflicts": form.get("conflicts", member.conflicts if member else ""),
        "member": member,
        "fault": fault,
    }
    return render(request, "board/approve.html", context, status=409 if fault else 200)
