"""How the parts of a page become HTML: which template lays out a block, where a citation leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.safestring import SafeString

from consilium.adapters.renderings import parts
from consilium.site.articles import knowledge, places
from consilium.site.articles.models import RunEvent
from consilium.site.articles.stream import fragment

register = template.Library()
_TEMPLATES: dict[type[parts.Block], str] = {
    parts.Prose: "prose",
    parts.Points: "points",
    parts.TurnedAway: "turned_away",
    parts.Statements: "statements",
    parts.Comparison: "comparison",
    parts.References: "references",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A citation mark: the number of the reference, and the first sentence of it that is cited."""

    number: int
    sentence: str


@register.filter
def layout(block: parts.Block) -> str:
    """The template that lays out a block."""
    return f"partials/blocks/{_TEMPLATES[type(block)]}.html"


@register.filter
def marks(item: parts.Statement) -> list[Mark]:
    """The citation marks of a claim, in order, each with the sentence that it leads to."""
    first: dict[int, str] = {}
    for cited in item.cited:
        first.setdefault(cited.reference, cited.sentence)
    return [Mark(number, first[number]) for number in item.marks if number in first]


@register.filter
def stage(event: RunEvent) -> SafeString:
    """A stage of a run, as the stream of events sends it."""
    return fragment(event.kind, event.words)


@register.simple_tag(takes_context=True)
def countries(context: template.Context, chosen: str | None = None) -> dict[str, Any]:
    """The list of countries, grouped, and which of them is chosen.

    Args:
        chosen: the one of this article or form; left out, the one that the reader chose last.
    """
    own = places.chosen_last(context["request"]) if chosen is None else chosen
    known = own if own in knowledge.jurisdictions() else ""
    return {"groups": places.groups(known), "chosen": known}
