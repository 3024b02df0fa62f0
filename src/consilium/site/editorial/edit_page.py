"""The forms by which an editor changes an article."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from consilium.adapters.contract.revision import Edit
from consilium.adapters.renderings.wording import statement
from consilium.domain.permission import Permission
from consilium.domain.question import Audience
from consilium.errors import EditorialError
from consilium.pipeline.revising import places, statements, wordings
from consilium.pipeline.revising.manuscript import Manuscript
from consilium.pipeline.revising.places import Part
from consilium.site.accounts.board import SignedIn, board_member
from consilium.site.articles import knowledge
from consilium.site.articles.models import Article
from consilium.site.articles.reading import worded
from consilium.site.editorial import desk
from consilium.site.editorial.models import Approval
from consilium.site.editorial.revising import revise
from consilium.site.editorial.tombstones import erase as erase_revision

_LONGEST = 4000
_PARTS: tuple[Part, ...] = ("act_now", "in_short")


@board_member(Permission.EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedIn, name: UUID) -> HttpResponse:
    """Edit the article as a whole: add a statement of the library, say what is left out."""
    article = desk.public_article(name)
    return _edited(request, article, "board/edit.html", {}, _whole)


@board_member(Permission.EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_claim(request: SignedIn, name: UUID, claim: str) -> HttpResponse:
    """Edit one statement: its words, its wording for each audience, its place."""
    article = desk.public_article(name)
    revision = article.current
    document = worded(revision, "clinician")
    if claim not in document["content"]["claims"]:
        messages.warning(request, "That statement is not in the newest revision.")
        return redirect("board-article", name=name)
    content = document["content"]
    more = {
        "claim": claim,
        "body": content["claims"][claim],
        "stated": statement(document, claim, claim),
        "wordings": [
            (a, revision.renderings[a.value]["claims"][claim]["text"])
            for a in Audience
            if a.value in revision.renderings
        ],
        "parts": [
            ("act_now", "Act now", claim in content["act_now"]),
            ("in_short", "In short", claim in content["in_short"]),
        ],
        "sections": [(s["id"], s["title"]) for s in content["sections"]],
    }
    return _edited(request, article, "board/edit_claim.html", more, partial(_of_claim, claim))


def _edited(
    request: SignedIn,
    article: Article,
    template: str,
    more: dict[str, Any],
    choose: Callable[[QueryDict], Edit],
) -> HttpResponse:
    fault, form = "", request.POST
    if request.method == "POST":
        number = desk.number_in(form, "number")
        try:
            _, told = revise(
                article=article,
                by=request.user,
                number=number,
                edit=choose(form),
                note=form.get("note", "")[:_LONGEST],
                correction=form.get("correction", "")[:_LONGEST],
            )
        except EditorialError as refused:
            fault = str(refused)
        else:
            messages.success(request, " ".join(("A new revision was made.", *told)))
            return redirect("board-article", name=article.pk)
    revision = article.current
    context = {
        "article": article,
        "revision": revision,
        "content": revision.document["content"],
        "sent": form,
        "words": _words(form),
        "moving": form.get("do", "").split("-")[0] in {"move", "lead", "show", "hide"},
        "fault": fault,
        "was_approved": Approval.objects.filter(decision__article=article).exists(),
        **more,
    }
    return render(request, template, context, status=409 if fault else 200)


def _whole(form: QueryDict) -> Edit:
    """The edit of the whole that a form asks for.

    Raises:
        Http404: it asks for none that there is.
    """
    world = knowledge.world()
    match form.get("do"):
        case "add":
            sentence = form.get("sentence", "").strip()[:200]
            return lambda m: statements.add(m, sentence, world.library, world.lexicon)
        case "gaps":
            gaps = [line.strip() for line in form.get("gaps", "")[:_LONGEST].splitlines() if line.strip()]
            return lambda m: statements.leave_out(m, gaps, world.lexicon)
    raise Http404


def _of_claim(claim: str, form: QueryDict) -> Edit:
    """The edit of one statement that a form asks for.

    Raises:
        Http404: it asks for none that there is.
    """
    lexicon = knowledge.world().lexicon
    do = form.get("do", "")
    words = _words(form)
    place = int(place) - 1 if re.fullmatch(r"[1-9][0-9]{0,2}", place := form.get("place", "1")) else 0
    edits: dict[str, Edit] = {
        "remove": lambda m: statements.remove(m, claim, lexicon),
        "reword": lambda m: statements.reword(m, claim, words, lexicon),
        "lead": lambda m: places.lead(m, claim, lexicon),
        "move": lambda m: places.move(m, claim, form.get("section", "")[:40], place, lexicon),
    }
    for audience in Audience:
        edits[f"word-{audience.value}"] = partial(_worded, claim, audience, words)
    for part in _PARTS:
        edits[f"show-{part}"] = partial(_shown, claim, part, place)
        edits[f"hide-{part}"] = partial(_hidden, claim, part)
    chosen = edits.get(do)
    if chosen is None:
        raise Http404
    return chosen


def _words(form: QueryDict) -> str:
    """The words that go with the button that was pressed."""
    return form.get(f"words-{form.get('do', '')}", "")[:_LONGEST]


def _shown(claim: str, part: Part, place: int, manuscript: Manuscript) -> Manuscript:
    return places.show(manuscript, claim, part, place, knowledge.world().lexicon)


def _hidden(claim: str, part: Part, manuscript: Manuscript) -> Manuscript:
    return places.hide(manuscript, claim, part, knowledge.world().lexicon)


def _worded(claim: str, audience: Audience, words: str, manuscript: Manuscript) -> Manuscript:
    return wordings.word(manuscript, claim, audience, words, knowledge.world().lexicon)


@board_member(Permission.WITHDRAW)
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: SignedIn, name: UUID, number: int) -> HttpResponse:
    """Delete an earlier revision that holds what should not be kept."""
    article = desk.public_article(name)
    revision = get_object_or_404(article.revisions, number=number)
    fault = ""
    if request.method == "POST":
        try:
            erase_revision(revision=revision, by=request.user, why=request.POST.get("why", "")[:_LONGEST])
        except EditorialError as refused:
            fault = str(refused)
        else:
            messages.success(request, f"Revision {number} is deleted; that it was there stays in the record.")
            return redirect("board-article", name=name)
    context = {"article": article, "revision": revision, "fault": fault}
    return render(request, "board/erase.html", context, status=409 if fault else 200)
