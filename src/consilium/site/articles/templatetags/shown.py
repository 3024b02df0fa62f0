"""How the parts of a page become HTML: which template lays out a block, where a citation leads."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from django import template
from django.utils.safestring import SafeString

from consilium.adapters.renderings import parts
from consilium.site.articles import writing
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
# Fewer sources of one country make no answer for that country.
_ENOUGH = 2
_NO_PLACE = {"International", "Not stated"}


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


@register.simple_tag
def places() -> tuple[str, ...]:
    """The countries for which the library holds guidance, by name."""
    held = writing.world().library
    return _places(tuple(sorted(held.generations().items())))


@lru_cache(maxsize=1)
def _places(_generations: tuple[tuple[str, int], ...]) -> tuple[str, ...]:
    """Counted once for each state of the library."""
    works = writing.world().library.sources()
    held = Counter(work.jurisdiction for work in works if work.issues_advice and work.jurisdiction)
    named = (name for name, count in held.items() if count >= _ENOUGH)
    return tuple(sorted(name for name in named if name not in _NO_PLACE and "/" not in name))
