"""What an asker may have meant by a word that names nothing: "stoke" looks like "stroke"."""

from __future__ import annotations

from dataclasses import replace

from consilium.domain.question import Plan, Term
from consilium.lexicon.concepts import Lexicon
from consilium.lexicon.normalise import fold
from consilium.lexicon.recognise import read
from consilium.lexicon.spelling import Speller

_MOST = 3
# A short word, or one of plain English, is mostly meant as it stands.
_FAR, _LONG = 2, 7


def hinted(plan: Plan, lexicon: Lexicon, speller: Speller) -> Plan:
    """The plan with the clinical names that its unknown words come near to, the likeliest of each."""
    found = ((term.words, _meant(term, lexicon, speller)) for term in plan.terms if term.concept is None)
    return replace(plan, hints=tuple((typed, near) for typed, near in found if near)[:_MOST])


def _meant(term: Term, lexicon: Lexicon, speller: Speller) -> str | None:
    """The name that a word is a slip away from; a name with a capital ("India") is meant as it stands."""
    word = fold(term.words)
    if not term.words.islower():
        return None
    plain = word in lexicon.common or word in lexicon.ordinary
    for near in speller.names_near(word, _FAR if len(word) >= _LONG and not plain else 1):
        named = [lexicon.name(mention.concept) for mention in read(near, lexicon).mentions]
        fitting = [name for name in named if near in {fold(part) for part in name.split()}]
        if fitting:
            return fitting[0]
    return None
