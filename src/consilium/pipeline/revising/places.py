"""Edits of where a statement stands: its section and order, the lead, in short, and act now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from consilium.domain.article import Article, Item, Role, Section, SupportedClaim
from consilium.domain.evidence import Origin
from consilium.errors import EditRefused
from consilium.lexicon.concepts import Lexicon
from consilium.pipeline.revising.manuscript import Manuscript, items_where, settled, shown, without
from consilium.pipeline.revising.statements import TITLES, recommends, role_in

Part = Literal["act_now", "in_short"]
_CALLED: dict[Part, str] = {"act_now": "under act now", "in_short": "in short"}
_MOST_IN_SHORT = 3


def move(manuscript: Manuscript, name: str, section: str, position: int, lexicon: Lexicon) -> Manuscript:
    """Put a statement at a place of a section, counted from 0; what stands with it in one item comes along.

    Raises:
        EditRefused: the section is not for it, or the lead would no longer be first.
    """
    claim, article = manuscript.claim(name), manuscript.article
    _belongs(claim, section)
    item = _item_of(article, name)
    if item and item.role is Role.LEAD:
        raise EditRefused("This statement leads and stays first. Let another one lead, then move this one.")
    rest = items_where(article, lambda other: None if other is item else other)
    there = next((part.items for part in rest if part.id == section), ())
    if position <= 0 and there and there[0].role is Role.LEAD:
        raise EditRefused("The lead stands first. Let this statement lead instead, or put it second.")
    moved = Item(role_in(section, claim.claim.sentence), item.claims if item else (name,))
    place = max(0, position)
    items = (*there[:place], moved, *there[place:])
    return settled(manuscript, replace(article, sections=_with(rest, section, items)), lexicon)


def _belongs(claim: SupportedClaim, section: str) -> None:
    if section not in TITLES:
        raise EditRefused(f"There is no section {section}; choose guidelines or research.")
    if section == "guidelines" and not claim.claim.source.issues_advice:
        raise EditRefused("A study says this, so it cannot stand among the guidelines. Leave it in research.")
    if section == "research" and recommends(claim):
        raise EditRefused("This is advice, so it cannot stand in research. Leave it among the guidelines.")


def _item_of(article: Article, name: str) -> Item | None:
    items = (item for section in article.sections for item in section.items)
    return next((item for item in items if name in item.claims), None)


def _with(sections: Sequence[Section], name: str, items: tuple[Item, ...]) -> tuple[Section, ...]:
    """The sections with one of them holding these items; it is made if it is not there."""
    made = {section.id: section for section in sections}
    made[name] = replace(made.get(name, Section(name, TITLES[name], ())), items=items)
    return tuple(made[name] for name in TITLES if name in made)


def lead(manuscript: Manuscript, name: str, lexicon: Lexicon) -> Manuscript:
    """Let a recommendation open the guidelines; what led before becomes the first key point.

    Raises:
        EditRefused: it is no recommendation of a guideline or regulator, or may not lead.
    """
    claim, article = manuscript.claim(name), manuscript.article
    if not (recommends(claim) and claim.claim.source.issues_advice):
        raise EditRefused("Only a recommendation of a guideline or regulator can lead. Choose one.")
    _may_open(claim, "lead")
    item = _item_of(article, name) or Item(Role.LEAD, (name,))

    def followed(other: Item) -> Item | None:
        if other is item:
            return None
        return replace(other, role=Role.KEY_POINT) if other.role is Role.LEAD else other

    rest = items_where(article, followed)
    there = next((part.items for part in rest if part.id == "guidelines"), ())
    items = (replace(item, role=Role.LEAD), *there)
    return settled(manuscript, replace(article, sections=_with(rest, "guidelines", items)), lexicon)


def show(manuscript: Manuscript, name: str, part: Part, position: int, lexicon: Lexicon) -> Manuscript:
    """Put a statement at a place, counted from 0, of what the article opens with.

    Raises:
        EditRefused: in short is full, or the statement may not open an answer.
    """
    claim, article = manuscript.claim(name), manuscript.article
    _may_open(claim, f"stand {_CALLED[part]}")
    if part == "in_short" and claim.claim.sentence.origin is Origin.INFERENCE:
        raise EditRefused("This is Consilium's own inference. Only what a source says can stand in short.")
    there = without(_part(article, part), {name})
    if part == "in_short" and len(there) >= _MOST_IN_SHORT:
        raise EditRefused("Three statements stand in short already. Take one of them out first.")
    place = max(0, position)
    return settled(manuscript, _opened(article, part, (*there[:place], name, *there[place:])), lexicon)


def hide(manuscript: Manuscript, name: str, part: Part, lexicon: Lexicon) -> Manuscript:
    """Take a statement out of what the article opens with; it stays where else it stands.

    Raises:
        EditRefused: it does not stand there, it stands nowhere else, or nothing would be left in short.
    """
    manuscript.claim(name)
    article = manuscript.article
    there = _part(article, part)
    if name not in there:
        raise EditRefused(f"This statement does not stand {_CALLED[part]}.")
    left = without(there, {name})
    if part == "in_short" and not left:
        raise EditRefused("Nothing would be left in short. Put another statement there first.")
    made = _opened(article, part, left)
    if name not in shown(made):
        raise EditRefused("This statement stands nowhere else. Move it into a section, or remove it.")
    return settled(manuscript, made, lexicon)


def _part(article: Article, part: Part) -> tuple[str, ...]:
    return article.act_now if part == "act_now" else article.in_short


def _opened(article: Article, part: Part, names: tuple[str, ...]) -> Article:
    if part == "act_now":
        return replace(article, act_now=names)
    return replace(article, in_short=names)


def _may_open(claim: SupportedClaim, what: str) -> None:
    """Invariant 4: no lead rests on a source that is out of force."""
    for source, _ in claim.claim.cited:
        if not source.status.may_lead:
            raise EditRefused(
                f"This cannot {what}: it rests on {source.id}, which is "
                f"{source.status.value.replace('_', ' ')}. Choose a statement of a current source."
            )
