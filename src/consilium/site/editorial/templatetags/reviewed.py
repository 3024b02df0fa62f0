"""What a page shows of an article's review, and of a statement on the desk."""

from __future__ import annotations

import json
from typing import Any

from django import template
from django.http import HttpRequest
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from consilium.domain.review import TOLD, Status
from consilium.pipeline.emphasis import Kind, emphasised
from consilium.site.articles.models import Article, Revision
from consilium.site.editorial.linked_data import linked_data as told
from consilium.site.editorial.models import Reading
from consilium.site.editorial.standing import latest, listed

register = template.Library()
# What could end the element or be read as markup, as Django's own ``json_script`` writes it.
_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}
_VERDICTS = {"supported": "Supported", "needs_change": "Needs change", "remove": "Remove"}


@register.inclusion_tag("editorial/review.html")
def review_of(article: Article, review: dict[str, Any] | None) -> dict[str, Any]:
    """Who approved an article, their conflicts of interest, and what was corrected.

    Args:
        review: of the contract, as the page shows it.
    """
    approval = latest(article) if review and review["status"] == Status.APPROVED else None
    return {"review": review, "approval": approval, "corrections": article.corrections.all()}


@register.simple_tag(takes_context=True)
def linked_data(
    context: dict[str, Any],
    article: Article,
    revision: Revision,
    review: dict[str, Any] | None,
    audience: str,
) -> SafeString:
    """The data block for search engines; nothing of it is run, so the content policy allows it."""
    request: HttpRequest = context["request"]
    address = request.build_absolute_uri(request.path)
    body = json.dumps(told(article, revision, review, audience=audience, address=address))
    return mark_safe(f'<script type="application/ld+json">{body.translate(_ESCAPES)}</script>')  # noqa: S308 - escaped


@register.filter
def emphasise(text: str) -> SafeString:
    """A statement with its numbers, negations, modal verbs and population marked."""
    pieces = ((kind, escape(piece)) for kind, piece in emphasised(text))
    return mark_safe("".join(piece if kind is None else _mark(kind, piece) for kind, piece in pieces))  # noqa: S308 - escaped


def _mark(kind: Kind, piece: str) -> str:
    return f'<em class="mark {kind.value}">{piece}</em>'


@register.filter
def told_status(status: str) -> str:
    """A status in words."""
    return TOLD[Status(status)]


@register.filter
def told_standing(article: Article) -> str:
    """Where an article stands, in words; one that nobody has begun is submitted."""
    return TOLD[listed(article)]


@register.filter
def told_verdict(reading: Reading) -> str:
    """A verdict in words."""
    return _VERDICTS[reading.verdict]


@register.filter
def who(row: Any) -> str:
    """The name by which the board knows whoever did something: their own, or a pseudonym."""
    person = row.by
    if person is None:
        return {"library": "The library", "asker": "Whoever asked"}.get(
            row.actor, f"Former member {row.actor[6:14]}"
        )
    member = getattr(person, "board_member", None)
    return str(member.name if member else person.email)
