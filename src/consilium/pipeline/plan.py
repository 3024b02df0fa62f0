"""Make a question searchable: concepts in slots, intents, population, and what was corrected."""

from __future__ import annotations

import math
import re
from dataclasses import replace

from consilium.domain.population import Age
from consilium.domain.question import Intent, Plan, Question, Term
from consilium.lexicon.concepts import Lexicon
from consilium.lexicon.normalise import fold, tokens
from consilium.lexicon.recognise import Reading, read
from consilium.lexicon.spelling import Speller
from consilium.pipeline import tables
from consilium.pipeline.clauses import SHARED, part_at
from consilium.ports import TextIndex

# How much of a question hangs on a concept of each kind, before rarity is weighed in.
KIND_WEIGHT = {
    "condition": 1.0,
    "drug": 1.0,
    "vaccine": 1.0,
    "class": 0.9,
    "organism": 0.9,
    "sign": 0.8,
    "procedure": 0.7,
    "device": 0.7,
    "score": 0.7,
    "test": 0.6,
    "symptom": 0.6,
    "behaviour": 0.5,
    "anatomy": 0.4,
    "outcome": 0.25,
    "setting": 0.15,
    "population": 0.3,
    "word": 0.6,
    "held": 0.4,
    "ordinary": 0.12,
}
_AGE = re.compile(r"\b(\d{1,3})(?:\.\d+)?[\s-]*(day|week|month|year|yr|y/?o|d|wk|mo)s?[\s-]*(?:-?\s?old)?\b")
_BARE_AGE = re.compile(
    r"\b(?:at|aged?|over the age of|man of|woman of)\s(\d{1,3})\b(?!\s*(?:weeks|mg|%|mmol))"
)
_DECADE = re.compile(r"\bhealthy (\d{2})\b")
_PREGNANT_WEEKS = re.compile(r"\b\d{1,2}\s*(?:weeks|wks|/40)\s*(?:pregnan|gestation|gravid)")
_UNITS = {"d": "days", "w": "weeks", "m": "months", "y": "years"}
_ADULT = Age(18 * 365.25, 120 * 365.25, "adult")
_CHILD = Age(28, 16 * 365.25, "child")
_TOPICS = frozenset(
    {
        "condition",
        "drug",
        "class",
        "vaccine",
        "organism",
        "sign",
        "symptom",
        "procedure",
        "test",
        "word",
        "held",
    }
)
# Conditions are alternatives only where they are listed side by side.
_OFFERED = re.compile(r"\b(or|vs?|versus|and|rather than)\b|[,(/]")
_LISTED = re.compile(r"^\s*(?:,|/|and|or|,\s*(?:and|or))\s*$")
_GENERIC = frozenset({"adult", "people", "patient", "human"})


def plan(question: Question, lexicon: Lexicon, index: TextIndex, speller: Speller) -> Plan:
    """Read a question into slots."""
    reading = read(question.text, lexicon)
    corrections = _corrections(reading, speller, lexicon, question.text)
    text = _corrected(question.text, corrections)
    if corrections:
        reading = read(text, lexicon)
    terms = _alternatives(_terms(reading, text, lexicon, index), text)
    age = age_in(text, tuple(t.concept for t in terms if t.concept))
    terms += _noticed(text, age, terms, lexicon, index)
    terms = in_context(implied(terms, lexicon, index))
    slots = {
        kind: tuple(t.concept for t in terms if t.concept and t.kind == kind)
        for kind in ("population", "anatomy", "setting")
    }
    intents = intents_of(text, terms)
    return Plan(
        question=question,
        understood=text,
        terms=terms,
        intents=intents,
        companions=companions_of(intents),
        population=slots["population"],
        age=age,
        anatomy=slots["anatomy"],
        settings=slots["setting"],
        corrections=corrections,
    )


def _corrections(
    reading: Reading, speller: Speller, lexicon: Lexicon, text: str
) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for token in reading.rest:
        if token.folded in lexicon.common:
            continue
        nearest = speller.nearest(token.folded)
        if nearest:
            found.append((text[token.start : token.end], nearest))
    return tuple(found)


def _corrected(text: str, corrections: tuple[tuple[str, str], ...]) -> str:
    for typed, meant in corrections:
        text = text.replace(typed, meant)
    return text


def _terms(reading: Reading, text: str, lexicon: Lexicon, index: TextIndex) -> tuple[Term, ...]:
    terms: dict[str, Term] = {}
    for mention in reading.mentions:
        concept = lexicon.concepts[mention.concept]
        if concept.id in _GENERIC:
            continue
        weight = KIND_WEIGHT[concept.kind] * rarity(index.frequency(concept.id), index.size)
        part = part_at(text, mention.start)
        terms.setdefault(concept.id, Term(concept.id, mention.words, concept.kind, weight, part=part))
    for token in reading.rest:
        word = token.folded
        if word in lexicon.common or len(word) < 3 or word.replace(".", "").isdigit():
            continue
        seen = index.word_frequency(word)
        kind = "ordinary" if word in lexicon.ordinary else "held" if seen else "word"
        weight = KIND_WEIGHT[kind] * rarity(seen, index.size)
        words, part = text[token.start : token.end], part_at(text, token.start)
        terms.setdefault(f"~{word}", Term(None, words, kind, weight, part=part))
    return _something(tuple(terms.values()))


def _something(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """Where nothing else is named, ordinary words are the topic: "scorpion on my bed"."""
    if any(term.kind in _TOPICS for term in terms):
        return terms
    return tuple(
        replace(t, kind="plain", weight=round(t.weight * 5, 4)) if t.kind == "ordinary" else t for t in terms
    )


def _noticed(
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


def rarity(frequency: int, size: int) -> float:
    """Inverse document frequency scaled to 0.2-1; what the library never saw weighs 1."""
    if size == 0:
        return 1.0
    idf = math.log((size + 1) / (frequency + 0.5)) / math.log(2 * (size + 1))
    return round(max(0.2, min(1.0, idf)), 4)


def _alternatives(terms: tuple[Term, ...], text: str) -> tuple[Term, ...]:
    """Mark interventions joined by "or", "v", "versus" as alternatives: either will do."""
    lowered = text.lower()
    out = list(terms)
    offered = {"drug", "class", "procedure", "test", "vaccine", "device", "sign"}
    listed = {"condition", "organism"}
    for i, one in enumerate(terms):
        for j in range(i + 1, len(terms)):
            other = terms[j]
            alike = one.kind in listed and other.kind in listed
            if not alike and (one.kind not in offered or other.kind not in offered):
                continue
            start = lowered.find(one.words.lower()) + len(one.words)
            end = lowered.find(other.words.lower(), start)
            between = lowered[start:end] if end >= start else ""
            joined = _LISTED if alike else _OFFERED
            if joined.search(between) and len(between) < 40:
                group = one.either if out[i].either is None else out[i].either
                group = i if group is None else group
                out[i] = replace(out[i], either=group)
                out[j] = replace(other, either=group)
    return tuple(out)


def intents_of(text: str, terms: tuple[Term, ...]) -> tuple[Intent, ...]:
    """The intents of a question by its cues, else by the kinds of what it names."""
    lowered = text.lower()
    found = [Intent(row["intent"]) for row in tables.load("intents") if tables.cued(row["question"], lowered)]
    if len(found) > 1 and Intent.DEFINITION in found[1:]:
        found.remove(Intent.DEFINITION)
    if not found:
        kinds = {term.kind for term in terms}
        if "sign" in kinds:
            found = [Intent.SIGNS]
        elif kinds & {"drug", "class"} and "condition" in kinds:
            found = [Intent.TREATMENT]
        else:
            found = [Intent.OVERVIEW]
    return tuple(found)


def companions_of(intents: tuple[Intent, ...]) -> tuple[Intent, ...]:
    """What a safe answer says beside these intents, from the reviewable table."""
    table = tables.load("companions")
    wanted = [Intent(name) for intent in intents for name in table.get(intent.value, ())]
    return tuple(dict.fromkeys(i for i in wanted if i not in intents))


def age_in(text: str, population: tuple[str, ...]) -> Age | None:
    """The age that a question states, as numbers; weeks of pregnancy are not an age."""
    lowered = text.lower()
    stated = _AGE.search(_PREGNANT_WEEKS.sub(" ", lowered))
    if stated and ("old" in stated.group() or stated.group(2)[0] == "y" or "y/o" in stated.group()):
        return Age.of(float(stated.group(1)), _UNITS[stated.group(2)[0]])
    bare = _BARE_AGE.search(lowered) or _DECADE.search(lowered)
    if bare and int(bare.group(1)) <= 120:
        return Age.of(float(bare.group(1)), "years")
    named = set(population)
    if named & {"child", "children"}:
        return _CHILD
    return None


_FOCUS = frozenset({"condition", "sign", "organism", "drug", "vaccine", "class"})
_BACKGROUND = 0.2
_VAGUE = 0.36


def in_context(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """Symptoms beside a condition or sign, signs beside a condition, and procedures are context."""
    if not any(t.kind in _FOCUS and not t.context and not _says_little(t) for t in terms):
        return terms
    signs = any(term.kind == "condition" and not term.context for term in terms)
    return tuple(_as_context(term, signs=signs) for term in terms)


def _as_context(term: Term, *, signs: bool) -> Term:
    if (term.kind == "symptom" or (signs and term.kind == "sign")) and not term.context:
        return replace(term, context=True, weight=round(term.weight * _BACKGROUND, 4))
    return replace(term, context=term.context or term.kind == "procedure" or _says_little(term))


def _says_little(term: Term) -> bool:
    """A class that half the library names ("antibiotic") cannot decide what is on topic."""
    return term.kind == "class" and term.weight < _VAGUE * KIND_WEIGHT["class"]


def implied(terms: tuple[Term, ...], lexicon: Lexicon, index: TextIndex) -> tuple[Term, ...]:
    """Add the condition that findings point to together; the findings become its context."""
    for pattern in tables.load("patterns"):
        found: set[str] = set()
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
            weight = KIND_WEIGHT["condition"] * rarity(index.frequency(name), index.size)
            new = Term(name, lexicon.name(name), "condition", weight, inherited=True, part=SHARED)
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


def _is_one(concept: str, group: list[str], lexicon: Lexicon) -> bool:
    return bool({concept, *lexicon.ancestors[concept]} & set(group))


def content_words(text: str, lexicon: Lexicon) -> frozenset[str]:
    """The folded words of a text that are not common ones."""
    return frozenset(t.folded for t in tokens(text) if t.folded not in lexicon.common)


def folded(term: Term) -> str:
    """The folded form of a term that is only a word."""
    return fold(term.words)
