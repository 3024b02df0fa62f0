"""The audit log for operators: the newest entries, whether it holds, and the whole of it to take away."""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from consilium.domain.permission import Permission
from consilium.site.accounts.board import board_member
from consilium.site.audit.chain import head
from consilium.site.audit.exporting import lines
from consilium.site.audit.models import AuditEntry
from consilium.site.audit.verifying import verify

_PAGE = 50


@board_member(Permission.SEE_AUDIT)
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """The newest entries; with ``?verify=1`` the whole chain is computed anew."""
    page = Paginator(AuditEntry.objects.order_by("-sequence"), _PAGE).get_page(request.GET.get("page"))
    found = verify() if request.GET.get("verify") else None
    context = {"page_of": page, "head": head(), "found": found}
    return render(request, "board/log.html", context)


@board_member(Permission.SEE_AUDIT)
@require_safe
def export(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The whole log as JSON Lines, as ``consilium audit export`` writes it."""
    response = HttpResponse("".join(_lines()), content_type="application/jsonl; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="consilium-audit.jsonl"'
    return response


def _lines() -> Iterator[str]:
    """The log line by line; a line that says so for an entry that cannot be read."""
    for sequence, line in lines():
        yield (line or json.dumps({"sequence": sequence, "unreadable": True})) + "\n"
