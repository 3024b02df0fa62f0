"""What everybody may know about the board's work: who they are, how good it is, what was corrected."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from consilium.site.accounts.models import Membership
from consilium.site.accounts.roles import Editor, Reviewer
from consilium.site.editorial.models import BoardMember, Correction
from consilium.site.editorial.quality import figures

_PAGE = 30


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """The people of the board: names, roles, conflicts of interest."""
    roles: dict[int, list[str]] = {}
    for user, role in Membership.objects.filter(role__in=(Reviewer.key(), Editor.key())).values_list(
        "user", "role"
    ):
        roles.setdefault(user, []).append(role)
    members = BoardMember.objects.filter(user__in=roles, user__is_active=True)
    rows = [(member, " and ".join(sorted(roles[member.user_id]))) for member in members]
    return render(request, "editorial/board.html", {"rows": rows})


@require_safe
def quality(request: HttpRequest) -> HttpResponse:
    """This site's own figures, counted now."""
    return render(
        request,
        "editorial/quality.html",
        {"figures": figures(), "invented": BoardMember.objects.filter(fictitious=True).exists()},
    )


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """Everything that was corrected, the newest first."""
    rows = Correction.objects.filter(article__published__isnull=False).select_related("article")
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    return render(request, "editorial/corrections.html", {"page_of": page})
