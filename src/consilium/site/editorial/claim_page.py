"""One statement a screen, beside the sentences that it rests on, for a verdict."""

from __future__ import annotations

import time
import zlib
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from consilium.adapters.renderings.parts import Statement
from consilium.adapters.renderings.wording import entry, statement
from consilium.domain.permission import Permission
from consilium.domain.review import TICKS, Verdict
from consilium.errors import EditorialError
from consilium.pipeline.spoil import spoilt
from consilium.site.accounts.board import SignedIn, board_member
from consilium.site.articles.models import Article, Revision
from consilium.site.articles.reading import beside, worded
from consilium.site.audit.recording import pseudonym
from consilium.site.editorial import desk, readings
from consilium.site.editorial.models import Review, Vigilance

_OPENED, _KEPT, _SHARES = "opened", 30, 10_000


@board_member(Permission.REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: SignedIn, name: UUID, claim: str) -> HttpResponse:
    """Show a statement and its sentences; keep what the reviewer says of it."""
    article = desk.public_article(name)
    revision = article.current
    if claim not in revision.document["content"]["claims"]:
        messages.warning(request, "That statement is not in the newest revision.")
        return redirect("board-article", name=name)
    fault = ""
    sent: dict[str, Any] = {}
    if request.method == "POST":
        sent = {
            "verdict": request.POST.get("verdict", ""),
            "ticks": request.POST.getlist("tick"),
            "note": request.POST.get("note", "")[:4000],
        }
        try:
            return _given(request, article, revision, claim, **sent)
        except EditorialError as refused:
            fault = str(refused)
    context = {**_context(request, article, revision, claim), "fault": fault, **sent}
    return render(request, "board/claim.html", context, status=409 if fault else 200)


def _given(
    request: SignedIn,
    article: Article,
    revision: Revision,
    claim: str,
    *,
    verdict: str,
    ticks: list[str],
    note: str,
) -> HttpResponse:
    """Keep a verdict and go on to the next statement that is unread.

    Raises:
        EditorialError: it cannot be kept; the message says why.
    """
    if verdict not in set(Verdict):
        raise Http404
    number = desk.number_in(request.POST, "number")
    key = _key(revision, claim)
    began, kind = request.session.get(_OPENED, {}).get(key, (time.time(), None))
    if kind:
        _note_vigilance(request, key, kind, caught=verdict != Verdict.SUPPORTED)
        return redirect("board-claim", name=article.pk, claim=claim)
    readings.give(
        article=article,
        number=number,
        claim=claim,
        by=request.user,
        verdict=Verdict(verdict),
        ticks=ticks,
        note=note,
        seconds=time.time() - began,
    )
    listed = desk.lines(revision, request.user)
    order = [line.claim for line in listed]
    left = desk.unread(listed)
    if not left:
        messages.success(request, "You have read every statement of this article.")
        return redirect("board-article", name=article.pk)
    after = (c for c in left if order.index(c) > order.index(claim))
    return redirect("board-claim", name=article.pk, claim=next(after, left[0]))


def _context(request: SignedIn, article: Article, revision: Revision, claim: str) -> dict[str, Any]:
    listed = desk.lines(revision, request.user)
    place = next(n for n, line in enumerate(listed) if line.claim == claim)
    line = listed[place]
    document = worded(revision, "clinician")
    shown = _opened(request, revision, claim, line.stated)
    references = {r["number"]: r for r in document["content"]["references"]}
    body = document["content"]["claims"][claim]
    return {
        "article": article,
        "revision": revision,
        "review": Review.objects.filter(article=article).first(),
        "line": line,
        "stated": shown,
        "body": body,
        "sources": [
            {
                "here": here,
                "reference": references[here.reference],
                "entry": entry(references[here.reference], (), frozenset()),
                "beside": beside(references[here.reference]["source"], here.sentence),
            }
            for here in shown.cited
        ],
        "partners": [p for p in body["pairs_with"] if p in document["content"]["claims"]],
        "patients": statement(worded(revision, "patient"), claim, claim),
        "points": list(TICKS.items()),
        "ticks": line.own.ticks if line.own and not line.own.stale else [],
        "note": line.own.note if line.own else "",
        "place": place + 1,
        "all": len(listed),
        "read": len(listed) - len(desk.unread(listed)),
        "before": listed[place - 1].claim if place else None,
        "after": listed[place + 1].claim if place + 1 < len(listed) else None,
        "own_words": pseudonym(request.user) in readings.editors(revision).get(claim, frozenset()),
        "reports": [r for r in article.reports.all() if r.claim == claim],
    }


def _opened(request: SignedIn, revision: Revision, claim: str, stated: Statement) -> Statement:
    """Note when a statement was opened; now and then show it with a known error (`Vigilance`)."""
    key = _key(revision, claim)
    kind, text = _seeded(pseudonym(request.user), key, stated.text)
    opened = dict(list(request.session.get(_OPENED, {}).items())[-_KEPT:])
    began = opened.get(key, (time.time(), kind))[0] if request.method == "POST" else time.time()
    request.session[_OPENED] = {**opened, key: (began, kind)}
    return replace(stated, text=text)


def _seeded(actor: str, key: str, text: str) -> tuple[str | None, str]:
    """The kind of error and the text that shows it; None and the text as it is, mostly."""
    share = settings.ENVIRONMENT.seeded_errors
    seed = zlib.crc32(f"{settings.SECRET_KEY}{actor}{key}".encode())
    if (
        not share
        or seed % _SHARES >= share * _SHARES
        or Vigilance.objects.filter(key=f"{actor}:{key}").exists()
    ):
        return None, text
    made = spoilt(text, seed // _SHARES)
    return made or (None, text)


def _note_vigilance(request: SignedIn, key: str, kind: str, *, caught: bool) -> None:
    actor = pseudonym(request.user)
    Vigilance.objects.get_or_create(
        key=f"{actor}:{key}", defaults={"actor": actor, "kind": kind, "caught": caught}
    )
    seen = "You saw it." if caught else "It got past you; it gets past everybody now and then."
    messages.info(
        request,
        f"That statement was shown with a known error ({kind}), to measure how well errors are seen. {seen} "
        "Nothing was kept of it. Here is the statement as it is: please read it now.",
    )


def _key(revision: Revision, claim: str) -> str:
    return f"{revision.pk}:{claim}"
