"""What a question is about, and what only describes the setting of it."""

from __future__ import annotations

from dataclasses import replace

from consilium.domain.population import Age
from consilium.domain.question import Term
from consilium.lexicon.concepts import Lexicon
from consilium.pipeline import tables
from consilium.pipeline.clauses import SHARED
from consilium.pipeline.terms import KIND_WEIGHT, rarity
from consilium.ports import TextIndex

_FOCUS = frozenset({"condition", "sign", "organism", "drug", "vaccine", "class"})
_DISEASE = frozenset({"condition", "sign", "organism"})
_BACKGROUND = 0.2
_VAGUE = 0.36
_BROAD = 40
_SETTING = frozenset({"procedure", "score", "anatomy"})
# "MG treatment: pyridostigmine, steroids, IVIG" asks about MG; a list of so many are examples.
_LIST = 3
_INTERVENTIONS = frozenset({"drug", "class", "procedure", "test", "device", "score", "behaviour"})


def in_context(terms: tuple[Term, ...], lexicon: Lexicon) -> tuple[Term, ...]:
    """Symptoms beside a condition or sign, signs and organisms beside a condition, procedures are context."""
    if not any(t.kind in _FOCUS and not t.context and not _says_little(t) for t in terms):
        return terms
    kinds = {term.kind for term in terms if not term.context}
    signs = "condition" in kinds
    # "Heart disease" in a question about transfusion is no topic that transfusion is the setting of.
    disease = any(t.kind in _DISEASE and not t.context and not _broad(t, lexicon) for t in terms)
    named = [t for t in terms if t.kind in _INTERVENTIONS]
    listed = signs and len(named) >= _LIST and any(t.either is not None for t in named)
    return tuple(
        replace(t, context=True) if listed and t in named else _as_context(t, signs=signs, disease=disease)
        for t in terms
    )


def _as_context(term: Term, *, signs: bool, disease: bool) -> Term:
    if (term.kind == "symptom" or (signs and term.kind in {"sign", "organism"})) and not term.context:
        return replace(term, context=True, weight=round(term.weight * _BACKGROUND, 4))
    return replace(term, context=term.context or (disease and term.kind in _SETTING) or _says_little(term))


def _broad(term: Term, lexicon: Lexicon) -> bool:
    return bool(term.concept) and lexicon.family(term.concept or "") > _BROAD


def _says_little(term: Term) -> bool:
    """A class that half the library names ("antibiotic") cannot decide what is on topic."""
    return term.kind == "class" and term.weight < _VAGUE * KIND_WEIGHT["class"]


def implied(terms: tuple[Term, ...], lexicon: Lexicon, index: TextIndex) -> tuple[Term, ...]:
    """Add the condition that findings point to together; the findings become its context."""
    for pattern in tables.load("patterns"):
        found: set[str] = set()
        if pattern.get("alone") and any(_apart(t, pattern["all"], lexicon) for t in terms):
            continue
        for group in pattern["all"]:
            met = [t.concept for t in terms if t.concept and _is_one(t.concept, group, lexicon)]
            if not met:
                break
            found |= set(met)
        else:
            name = pattern["implies"]
            if name not in lexicon.concepts:
                continue
            if any(t.concept == name for t in terms):
                return tuple(replace(t, context=True) if t.concept in found - {name} else t for t in terms)
            kind = lexicon.concepts[name].kind
            weight = KIND_WEIGHT[kind] * rarity(index.frequency(name), index.size)
            new = Term(name, lexicon.name(name), kind, weight, inherited=True, part=SHARED)
            return (
                *(
                    replace(t, context=True, weight=round(t.weight * _BACKGROUND, 4))
                    if t.concept in found or t.kind in {"test", "procedure"}
                    else t
                    for t in terms
                ),
                new,
            )
    return terms


def _apart(term: Term, groups: list[list[str]], lexicon: Lexicon) -> bool:
    """Whether a term names a disease of its own, beside the findings of a pattern."""
    return term.kind == "condition" and not any(
        _is_one(term.concept or "", group, lexicon) for group in groups
    )


def _is_one(concept: str, group: list[str], lexicon: Lexicon) -> bool:
    return bool({concept, *lexicon.ancestors[concept]} & set(group))


def noticed(
    text: str, age: Age | None, terms: tuple[Term, ...], lexicon: Lexicon, index: TextIndex
) -> tuple[Term, ...]:
    """What measured values and a stated age mean: "38.3 C" is a fever, 18 days an infant."""
    lowered = text.lower()
    names = [
        (row["names"], match.group())
        for row in tables.load("values")
        if (match := tables.pattern(row["value"]).search(lowered))
    ]
    if age:
        bands = tables.load("modifiers")["ages"]
        names += [(b["names"], age.words) for b in bands if b["from"] <= age.low < b["below"]]
    have = {term.concept for term in terms}
    made: dict[str, Term] = {}
    for name, words in names:
        if name in lexicon.concepts and name not in have:
            kind = lexicon.concepts[name].kind
            weight = KIND_WEIGHT[kind] * rarity(index.frequency(name), index.size)
            made.setdefault(name, Term(name, words, kind, weight, part=SHARED))
    return tuple(made.values())
