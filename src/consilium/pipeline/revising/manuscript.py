"""An article in the hands of a board, with its wordings, and how it is put in order after an edit."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from consilium.domain.article import (
    Article,
    Disagreement,
    Item,
    Reference,
    Rendering,
    Section,
    SupportedClaim,
    Wording,
)
from consilium.domain.question import Audience
from consilium.errors import EditRefused
from consilium.lexicon.concepts import Lexicon
from consilium.pipeline.assemble import disagreements_of, references_of
from consilium.pipeline.certainty import assessment_of
from consilium.pipeline.checks.form import is_plain
from consilium.pipeline.tailor import reading_grade, tailor

MOST_CHARACTERS = 1_200


@dataclass(frozen=True, slots=True)
class Manuscript:
    """An article with its wording for every audience.

    Attributes:
        told: what the edit did besides what was asked for, a sentence each.
    """

    article: Article
    renderings: tuple[Rendering, ...]
    told: tuple[str, ...] = ()

    def claim(self, name: str) -> SupportedClaim:
        """A statement by its id.

        Raises:
            EditRefused: the article has no such statement.
        """
        found = next((claim for claim in self.article.claims if claim.id == name), None)
        if found is None:
            raise EditRefused(
                f"This article has no statement {name}; it may have been edited meanwhile. Load it again."
            )
        return found


def settled(
    before: Manuscript, article: Article, lexicon: Lexicon, *, told: tuple[str, ...] = ()
) -> Manuscript:
    """A manuscript whose places and claims were edited, with everything that follows from them.

    References are numbered and counted anew, what nobody cites any more is dropped, and what is
    not worded yet is tailored for every audience. Claims that were not touched keep their wording.
    """
    by_id = {claim.id: claim for claim in article.claims}
    claims = tuple(by_id[name] for name in shown(article))
    disagreements = _disagreements(article, claims)
    made = replace(
        article,
        claims=claims,
        disagreements=disagreements,
        references=_references(before.article, claims),
        assessment=assessment_of(claims, agree=not disagreements),
    )
    renderings = tuple(_worded(made, rendering, lexicon) for rendering in before.renderings)
    return Manuscript(made, renderings, told)


def shown(article: Article) -> tuple[str, ...]:
    """The ids of the claims in reading order, each once."""
    placed = (name for section in article.sections for item in section.items for name in item.claims)
    return tuple(dict.fromkeys([*article.act_now, *article.in_short, *placed]))


def _references(before: Article, claims: tuple[SupportedClaim, ...]) -> tuple[Reference, ...]:
    """The list anew; an entry that was there keeps its words."""
    known = {reference.source.id: reference.text for reference in before.references}
    return tuple(replace(r, text=known.get(r.source.id, r.text)) for r in references_of(claims))


def _disagreements(article: Article, claims: tuple[SupportedClaim, ...]) -> tuple[Disagreement, ...]:
    """The tables that still have two sides, and those that the edit brought about."""
    names = {claim.id for claim in claims}
    trimmed = (
        replace(table, positions=tuple(p for p in table.positions if p.claim in names))
        for table in article.disagreements
    )
    kept = tuple(table for table in trimmed if len(table.positions) > 1)
    sides = [{p.claim for p in table.positions} for table in kept]
    found = disagreements_of(claims)
    return kept + tuple(
        t for t in found if not any({p.claim for p in t.positions} <= known for known in sides)
    )


def _worded(article: Article, rendering: Rendering, lexicon: Lexicon) -> Rendering:
    known = dict(rendering.claims)
    fresh = tuple(claim for claim in article.claims if claim.id not in known)
    if fresh:
        made = tailor(replace(article, claims=fresh), Audience(rendering.audience), lexicon)
        known.update(made.claims)
    return graded(rendering, tuple((claim.id, known[claim.id]) for claim in article.claims))


def graded(rendering: Rendering, claims: tuple[tuple[str, Wording], ...]) -> Rendering:
    """A rendering with these wordings, and its reading grade."""
    if claims == rendering.claims:
        return rendering
    clinician = rendering.audience == Audience.CLINICIAN.value
    grade = None if clinician else reading_grade(" ".join(wording.text for _, wording in claims))
    return replace(rendering, claims=claims, reading_grade=grade)


def items_where(article: Article, keep: Callable[[Item], Item | None]) -> tuple[Section, ...]:
    """The sections with each item kept, changed or dropped; an empty section goes."""
    made = (
        replace(section, items=tuple(kept for item in section.items if (kept := keep(item))))
        for section in article.sections
    )
    return tuple(section for section in made if section.items)


def without(names: Iterable[str], gone: set[str]) -> tuple[str, ...]:
    """Claim ids less those that are gone."""
    return tuple(name for name in names if name not in gone)


def quoted(claim: SupportedClaim) -> str:
    """A statement as an editor recognises it."""
    text = claim.claim.text
    return f"“{text if len(text) <= 80 else text[:77].rstrip() + '…'}”"


def words_of(text: str) -> str:
    """Words that a page can show as they are, with white space folded.

    Raises:
        EditRefused: they are none, too many, or not plain text.
    """
    words = " ".join(text.split())
    if not any(c.isalpha() for c in words):
        raise EditRefused("There are no words here. Write a sentence, or take the line away.")
    if len(words) > MOST_CHARACTERS:
        raise EditRefused(f"This has {len(words):,} characters; say it in at most {MOST_CHARACTERS:,}.")
    if not is_plain(words):
        raise EditRefused("Only plain text can be shown: take out markup, links and hidden characters.")
    return words
