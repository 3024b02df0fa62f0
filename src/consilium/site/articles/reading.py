"""Read: an article for an audience, a passage, a source, the library of articles."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.module_loading import import_string
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from consilium.adapters.renderings.outline import outline
from consilium.adapters.renderings.wording import READ_ORIGINAL, STATUS, entry, links, statement
from consilium.domain.evidence import Sentence
from consilium.errors import EditorialError
from consilium.site.articles import actions
from consilium.site.articles.asking import too_many
from consilium.site.articles.audience import audience_of, remember
from consilium.site.articles.knowledge import world
from consilium.site.articles.models import Article, Revision
from consilium.site.articles.places import guided
from consilium.site.articles.searching import wanted
from consilium.site.articles.viewer import Viewer, public, viewer_of


class Withdrawn(EditorialError):
    """The board has withdrawn this article; do not rely on copies of it."""

    def __init__(self, article: Article, why: str | None) -> None:
        """``why``: what readers are told."""
        super().__init__(f"The board has withdrawn this article. {why or ''}".strip())
        self.article, self.why = article, why


P = ParamSpec("P")


def unless_withdrawn(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Show the reason in place of a page whose article the board has withdrawn."""

    @wraps(view)
    def shown(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Withdrawn as gone:
            return render(request, "withdrawn.html", {"article": gone.article, "why": gone.why}, status=410)

    return shown


# The key of a statement at one place of the page: where a reader without JavaScript comes back to.
_PLACE = re.compile(r"[a-z_]{1,20}(-\d{1,3}){1,2}\Z")
_PAGE, _NEAR, _LOOKED_THROUGH = 20, 2, 300


def worded(revision: Revision, audience: str) -> dict[str, Any]:
    """The contract's object of a revision, worded for an audience; nothing is said of its review."""
    return {**revision.document, "rendering": revision.renderings.get(audience)}


def document_of(revision: Revision, audience: str) -> dict[str, Any]:
    """The same, with where its review stands, which takes digests of all that is kept."""
    document = worded(revision, audience)
    return {**document, "review": review_of(revision) if document["rendering"] else None}


def review_of(revision: Revision) -> dict[str, Any] | None:
    """The ``review`` of the contract for a revision; None where nobody has begun."""
    found: dict[str, Any] | None = import_string(settings.REVIEW_OF)(revision)
    return found


def for_readers(revision: Revision, audience: str) -> dict[str, Any]:
    """The same, for whoever is no member of the board.

    Raises:
        Withdrawn: the board has taken it from readers.
    """
    document = document_of(revision, audience)
    if document["review"] and document["review"]["status"] == "withdrawn":
        raise Withdrawn(revision.article, document["review"]["why"])
    return document


@require_safe
@unless_withdrawn
def article(request: HttpRequest, name: str) -> HttpResponse:
    """An article or an abstention, as the reader wants it worded."""
    viewer = viewer_of(request)
    found = viewer.article(name)
    revision = found.current
    audience = audience_of(request)
    document = for_readers(revision, audience.value)
    context = {
        "article": found,
        "revision": revision,
        "document": document,
        "page": outline(document),
        "chosen": audience,
        "mine": viewer.owns(found),
        "guided": guided(document, found.country),
        "thread": _thread(found, viewer),
        "follow_ups": viewer.articles().filter(parent=found).order_by("created"),
    }
    return remember(request, render(request, "article.html", context))


def _thread(found: Article, viewer: Viewer) -> list[Article]:
    """The articles that this one follows, the first first, as far up as the viewer may read them."""
    above: list[Article] = []
    while (
        found.parent and found.parent not in above and viewer.articles().filter(pk=found.parent.pk).exists()
    ):
        found = found.parent
        above.insert(0, found)
    return above


@require_safe
@vary_on_headers("HX-Request")
@unless_withdrawn
def passage(request: HttpRequest, name: str, sentence: str) -> HttpResponse:
    """The exact sentence that a citation points at, highlighted in its passage."""
    found = viewer_of(request).article(name)
    document = for_readers(found.current, audience_of(request).value)
    for claim in document["content"].get("claims", {}):
        stated = statement(document, claim, claim)
        for here in stated.cited:
            if here.sentence == sentence:
                reference = document["content"]["references"][here.reference - 1]
                before, after = beside(reference["source"], sentence)
                context = {
                    "article": found,
                    "at": request.GET["at"] if _PLACE.match(request.GET.get("at", "")) else "",
                    "claim_id": claim,
                    "stated": stated,
                    "here": here,
                    "origin": here.origin.removesuffix(READ_ORIGINAL),
                    "original": here.url,
                    "reference": reference,
                    "entry": entry(reference, (), frozenset()),
                    "before": before,
                    "after": after,
                }
                partial = "partials/passage.html" if request.headers.get("HX-Request") else "passage.html"
                return render(request, partial, context)
    raise Http404


def beside(work: str, sentence: str) -> tuple[list[Sentence], list[Sentence]]:
    """What the library holds of the same work just before and just after a sentence."""
    held = list(world().library.sentences(work))
    place = next((n for n, one in enumerate(held) if one.id == sentence), None)
    if place is None:
        return [], []
    return held[max(0, place - _NEAR) : place], held[place + 1 : place + 1 + _NEAR]


@require_http_methods(["GET", "HEAD", "POST"])
@unless_withdrawn
def report(request: HttpRequest, name: str, claim: str) -> HttpResponse:
    """Tell that something is wrong with one sentence."""
    viewer = viewer_of(request)
    found = viewer.article(name)
    document = for_readers(found.current, audience_of(request).value)
    body = document["content"].get("claims", {}).get(claim)
    if body is None:
        raise Http404
    if request.method == "POST":
        words = request.POST.get("words", "")
        if words.strip():
            try:
                actions.report(article=found, claim=claim, words=words, by=viewer)
            except actions.TooManyReports as fault:
                return too_many(request, fault)
            messages.success(request, "Thank you. The editors will look at this sentence.")
            return redirect("article", name=found.pk)
    return render(request, "report.html", {"article": found, "claim": body, "claim_id": claim})


@require_safe
def source(request: HttpRequest, name: str) -> HttpResponse:
    """A work: what it is, where it stands, what it says, which articles cite it."""
    library = world().library
    work = library.source(name)
    if work is None:
        raise Http404
    standing = {
        "status_told": work.status.value in STATUS,
        "status": STATUS.get(work.status.value, work.status.value.replace("unknown", "status unknown")),
        "links": list(links({key: getattr(work, key) for key in ("pmid", "pmcid", "doi", "url")})),
    }
    citing = _citing(name, viewer_of(request))
    context = {"work": work, "sentences": library.sentences(name), "citing": citing, **standing}
    return render(request, "source.html", context)


def _citing(work: str, viewer: Viewer) -> list[Article]:
    """The viewer's articles of late whose current revision cites a work, the newest first."""
    newest = Revision.objects.filter(article=OuterRef("article")).order_by("-number")
    current = (
        Revision.objects.filter(article__in=viewer.articles(), pk=Subquery(newest.values("pk")[:1]))
        .select_related("article")
        .order_by("-article__created")[:_LOOKED_THROUGH]
    )
    return [
        revision.article
        for revision in current
        if any(r["source"] == work for r in revision.document["content"].get("references", ()))
    ]


@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """The published articles, by words and by topic."""
    words, topic = request.GET.get("q", "").strip()[:200], request.GET.get("topic", "")[:80]
    sought = wanted(words)
    found = sought.among(public())
    rows = [a for a in found if not topic or topic in a.topics]
    topics = sorted({t for a in found for t in a.topics})
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    context = {"page_of": page, "words": words, "meant": sought.meant, "topic": topic, "topics": topics}
    return render(request, "library.html", context)
