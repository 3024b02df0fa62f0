"""Make a question searchable: concepts in slots, intents, population, and what was corrected."""

from __future__ import annotations

import re

from consilium.domain.population import Age
from consilium.domain.question import Intent, Plan, Question, Term
from consilium.lexicon.concepts import Lexicon
from consilium.lexicon.normalise import Token
from consilium.lexicon.recognise import Reading, read, read_question
from consilium.lexicon.spelling import Speller
from consilium.pipeline import tables
from consilium.pipeline.anonymous import masked
from consilium.pipeline.focus import implied, in_context, noticed
from consilium.pipeline.terms import alternatives, terms_of, unseen
from consilium.ports import TextIndex

_AGE = re.compile(r"\b(\d{1,3})(?:\.\d+)?[\s-]*(day|week|month|year|yr|y/?o|d|wk|mo)s?[\s-]*(?:-?\s?old)?\b")
_BARE_AGE = re.compile(
    r"\b(?:at|aged?|over the age of|man of|woman of)\s(\d{1,3})\b(?!\s*(?:weeks|mg|%|mmol))"
)
_DECADE = re.compile(r"\bhealthy (\d{2})\b")
_PREGNANT_WEEKS = re.compile(r"\b\d{1,2}\s*(?:weeks|wks|/40)\s*(?:pregnan|gestation|gravid)")
_UNITS = {"d": "days", "w": "weeks", "m": "months", "y": "years"}
_SURE, _NAME = 8, 5
# Whoever expects a baby asks about herself.
_EXPECTING = {"pregnancy", "preterm-birth", "postpartum", "antenatal-corticosteroids", "pre-eclampsia"}
_TRIED = 4  # corrections that are tried beside their neighbours
_INFANT = Age(0, 366, "infant")
_CHILD = Age(28, 16 * 365.25, "child")
_ADULT = Age(18 * 365.25, 120 * 365.25, "adult")
_DEFINES = re.compile(r"\bdefin|\bmean(?:s|ing)?\b|\bwhat (?:counts|changed)\b|\bedition\b|\bcurrent\b")
_ADULTS = re.compile(r"\badults?\b|\b(?:older|elderly) (?:people|person|man|woman)\b")


def plan(question: Question, lexicon: Lexicon, index: TextIndex, speller: Speller) -> Plan:
    """Read a question into slots, without the person whom it may name."""
    asked = masked(question.text, lexicon)
    reading = read_question(asked, lexicon)
    corrections = _corrections(reading, speller, lexicon, asked, index)
    text = _corrected(asked, corrections)
    if corrections:
        reading = read_question(text, lexicon)
    terms = alternatives(terms_of(reading, text, lexicon, index), text)
    age = age_in(text, tuple(t.concept for t in terms if t.concept))
    terms += noticed(text, age, terms, lexicon, index)
    terms = in_context(implied(terms, lexicon, index), lexicon)
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
        unseen=unseen(reading, lexicon, index),
    )


def _corrections(
    reading: Reading, speller: Speller, lexicon: Lexicon, text: str, index: TextIndex
) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for token in reading.rest:
        if token.folded in lexicon.common or token.folded in lexicon.ordinary or index.holds(token.folded):
            continue
        near = speller.candidates(token.folded)
        if _named(token, text):
            near = tuple(word for word in near if word in lexicon.words) if _mendable(token) else ()
        if near:
            typed = text[token.start : token.end]
            found.append((typed, _fitting(typed, near, text, lexicon)))
    return tuple(found)


def _mendable(token: Token) -> bool:
    """Whether a name is long enough to be told from another: "Ottowa", but not "Fabry"."""
    return not token.upper and len(token.folded) > _NAME


def _named(token: Token, text: str) -> bool:
    """A name is no slip: "Fabry" is not "fairy", nor "PEXIVAS" a brand that sounds like it."""
    short = token.start > 0 and text[token.start].isupper() and len(token.folded) < _SURE
    return short or (token.upper and not text.isupper())


def _fitting(typed: str, near: tuple[str, ...], text: str, lexicon: Lexicon) -> str:
    """The correction that names something together with its neighbours: "temporal artaritis"."""
    for meant in near[:_TRIED]:
        named = read(text.replace(typed, meant), lexicon).mentions
        if any(meant in mention.words and " " in mention.words for mention in named):
            return meant
    return near[0]


def _corrected(text: str, corrections: tuple[tuple[str, str], ...]) -> str:
    for typed, meant in corrections:
        text = text.replace(typed, meant)
    return text


def intents_of(text: str, terms: tuple[Term, ...]) -> tuple[Intent, ...]:
    """The intents of a question by its cues, else by the kinds of what it names."""
    lowered = text.lower()
    found = [Intent(row["intent"]) for row in tables.load("intents") if tables.cued(row["question"], lowered)]
    defines = found[:1] == [Intent.DEFINITION] and _DEFINES.search(lowered)
    if len(found) > 1 and Intent.DEFINITION in found and not defines:
        found.remove(Intent.DEFINITION)  # "what is the treatment of …"
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
    if named & {"infant", "neonate"} and not named & _EXPECTING:
        return _INFANT
    if named & {"child", "children"}:
        return _CHILD
    return _ADULT if _ADULTS.search(lowered) else None
