"""A plan becomes queries for PubMed: guidelines first, then reviews and trials, then the rest.

Nothing that the asker typed is in them. A query is made of names and headings of the lexicon alone, for the
concepts that the plan recognised; a word that the lexicon does not know, which may be somebody's name, stays here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from consilium.domain.question import Plan, Term
from consilium.lexicon.concepts import Concept, Lexicon

# Publication types as MeSH names them ("Publication Characteristics"), and how PubMed asks for them.
_GUIDELINES = ("practice guideline", "guideline", "consensus development conference")
_TRIED = ("systematic review", "meta-analysis", "randomized controlled trial", "controlled clinical trial")
_OPINIONS = ("comment", "editorial", "letter")
_NOTICES = (
    "retracted publication", "retraction of publication", "retraction notice", "published erratum",
    "expression of concern",
)  # fmt: skip
_PEOPLE = 'NOT ("animals"[mh] NOT "humans"[mh])'
# More concepts than this, all of which a record must have, find nothing; more names of one make it no better known.
_MOST_CONCEPTS, _MOST_NAMES = 4, 6
# Populations that most records are about without saying so.
_ANYBODY = frozenset({
    "adult", "boy", "girl", "healthy-people", "men", "middle-aged-adult", "older-adult", "very-old-adult", "women",
    "young-adult",
})  # fmt: skip
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ,'/.+-]{1,80}")


@dataclass(frozen=True, slots=True)
class PubmedQuery:
    """One query: what it looks for, in words, and the term as PubMed is asked."""

    looks_for: str
    term: str


def queries(plan: Plan, lexicon: Lexicon) -> tuple[PubmedQuery, ...]:
    """The queries for a plan, to be asked in turn until enough was found; none where no concept was recognised."""
    groups = _groups(plan, lexicon)
    if not groups:
        return ()
    about = " AND ".join(groups)
    guidelines, tried, others = _of_types(_GUIDELINES), _of_types(_TRIED), _of_types(_OPINIONS + _NOTICES)
    return (
        PubmedQuery("guidelines", f"{about} AND {guidelines} NOT {others} {_PEOPLE}"),
        PubmedQuery("systematic reviews and trials", f"{about} AND {tried} NOT {others} {_PEOPLE}"),
        PubmedQuery("other research", f"{about} NOT {guidelines} NOT {tried} NOT {others} {_PEOPLE}"),
    )


def kept_back(plan: Plan) -> tuple[str, ...]:
    """The words of a question that are not sent, because the lexicon knows none of them."""
    return tuple(term.words for term in plan.terms if term.concept is None)


def _groups(plan: Plan, lexicon: Lexicon) -> list[str]:
    """What a record must be about: alternatives together; of many, what the question hangs on most.

    In the order of their names, not of their weights: these change with the library, and a query that reads
    otherwise would be asked again.
    """
    known = [term for term in plan.terms if term.concept in lexicon.concepts]
    left = [t for t in known if not t.context and t.kind != "setting" and t.concept not in _ANYBODY]
    asked = left or known
    together: dict[object, list[Term]] = {}
    for term in sorted(asked, key=lambda term: -term.weight):
        together.setdefault(term.concept if term.either is None else term.either, []).append(term)
    made = [
        dict.fromkeys(name for term in terms for name in _asked_by(lexicon.concepts[term.concept or ""]))
        for terms in together.values()
    ]
    most = [f"({' OR '.join(names)})" for names in made if names][:_MOST_CONCEPTS]
    return sorted(most)


def _asked_by(concept: Concept) -> list[str]:
    """How PubMed is asked for a concept: by its MeSH headings, and by its names in title and abstract."""
    headings = [f'"{name}"[mh]' for name in concept.mesh if _PLAIN.fullmatch(name)]
    names = [name for name in (concept.name, *concept.names) if _PLAIN.fullmatch(name)][:_MOST_NAMES]
    return headings + [f'"{name.lower()}"[tiab]' for name in dict.fromkeys(names)]


def _of_types(types: tuple[str, ...]) -> str:
    asked = " OR ".join(f'"{name}"[pt]' for name in types)
    return f"({asked})"
