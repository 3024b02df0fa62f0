"""The terms of a question: what it names, how much hangs on each, and what are alternatives."""

from __future__ import annotations

import math
import re
from dataclasses import replace

from consilium.domain.question import Term
from consilium.lexicon.concepts import Lexicon
from consilium.lexicon.recognise import Reading
from consilium.pipeline import tables
from consilium.pipeline.clauses import part_at
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
# What a bracket, colon or question mark ends is not offered beside what follows.
_ENDED = re.compile(r"[):;?]")
_TOGETHER = re.compile(r"\b(?:interact\w*|together|combin\w+|mix\w*|alongside|concurrent\w*|same time)\b")
_BOTH = re.compile(r"\band\b|\+|&")
_ALIKE = ({"drug", "class", "vaccine"}, {"procedure", "device", "test", "sign"})
_LISTED = re.compile(r"^\s*(?:,|/|and|or|,\s*(?:and|or))\s*$")
# Endings of adjectives, participles and fields ("malleolar", "compressive", "oncology").
_DESCRIBING = re.compile(r"(?:[iy]ve|[ai]l|ar|ary|ory|ous|ed|ing|ly|ology|ologist|able|ible)$")
_LONG = 7
# "I've never had a heart attack", "without an abscess": named to be left out.
DENIED = re.compile(
    r"\b(?:no|not|never(?: had)?|without|n't(?: had)?|except|excluding|apart from|instead of)(?: an?| any| the)?\s$"
)
# Words that people use in any question: adverbs, participles, auxiliaries, relatives.
_TELLING = 3
_COLOURLESS = re.compile(
    r"(?:ed|ly|ing|body|thing|one|ever|where)$|^(?:why|would|were|was|whether|rather|also|yes|beside|besides|those|"
    r"these|begin|try|observe|because|nowaday|identify|differ|husband|wife|mum|mother|father|dad|son|"
    r"daughter|brother|sister|aunt|uncle|friend|boy|girl|grandmother|grandfather|mistake|latest|selection)$"
)
# What an unknown word must look like to be a drug, a disease or an eponym that a sentence must name.
_NAME = re.compile(
    r"(?:mab|nib|cillin|cycline|m[iy]cin|floxacin|oxacin|azole|vir|pril|sartan|statin|gliptin|gliflozin|tide|olol|"
    r"dipine|prazole|setron|triptan|[xn]icam|coxib|fenac|profen|xaban|grel|platin|taxel|fibrate|lukast|nidazole|"
    r"tidine|stigmine|semide|thiazide|curium|dronate|caine|azepam|zolam|oxetine|pramine|itis|osis|oma|a?emia|pathy|plasia|"
    r"trophy|dystonia|algia|ectomy|otomy|ostomy|[a-z]in|[a-z]ine|ase|ide|ate)s?$|^[A-Z][a-z]{3,}(?:'s)?$"
)
_STRONG = frozenset(
    {"condition", "drug", "class", "vaccine", "organism", "sign", "procedure", "score", "device"}
)
_GENERIC = frozenset({"adult", "people", "patient", "human"})


def terms_of(reading: Reading, text: str, lexicon: Lexicon, index: TextIndex) -> tuple[Term, ...]:
    """Every concept and every word of a question that may carry its topic, once each."""
    terms: dict[str, Term] = {}
    for mention in reading.mentions:
        concept = lexicon.concepts[mention.concept]
        if concept.id in _GENERIC:
            continue
        weight = KIND_WEIGHT[concept.kind] * rarity(index.frequency(concept.id), index.size)
        part = part_at(text, mention.start)
        denied = bool(DENIED.search(text[: mention.start].lower()))
        term = Term(concept.id, mention.words, concept.kind, weight, part=part, context=denied)
        terms.setdefault(concept.id, term)
    for token in reading.rest:
        word = token.folded
        if word in lexicon.common or len(word) < 3 or word.replace(".", "").isdigit():
            continue
        seen = index.word_frequency(word)
        plain = word in lexicon.ordinary or _describes(word) or _asks(word)
        kind = "ordinary" if plain else "held" if seen else "word"
        weight = KIND_WEIGHT[kind] * rarity(seen, index.size)
        words, part = text[token.start : token.end], part_at(text, token.start)
        words = words if token.start else words.lower()  # the first word's capital names nothing
        terms.setdefault(f"~{word}", Term(None, words, kind, weight, part=part))
    return _known_first(_something(tuple(terms.values())), index)


def _known_first(terms: tuple[Term, ...], index: TextIndex) -> tuple[Term, ...]:
    """Beside a topic that the library holds, an unknown word decides nothing unless it is a name."""
    if not any(t.concept and t.kind in _STRONG and index.frequency(t.concept) for t in terms):
        return terms
    return tuple(
        replace(t, kind="ordinary", weight=KIND_WEIGHT["ordinary"])
        if t.kind == "word" and not _NAME.search(t.words)
        else t
        for t in terms
    )


def unseen(reading: Reading, lexicon: Lexicon, index: TextIndex) -> tuple[str, ...]:
    """Plain English nouns and verbs of a question that the library and the lexicon never use."""
    plain = lexicon.common | lexicon.ordinary
    return tuple(
        token.folded
        for token in reading.rest
        if token.folded in plain
        and len(token.folded) >= _TELLING
        and not _COLOURLESS.search(token.folded)
        and token.folded not in lexicon.words
        and not index.holds(token.folded)
    )


def _asks(word: str) -> bool:
    """Whether a word says what is wanted ("screened", "imaged"), not of what."""
    return any(tables.cued(row["question"], word) for row in tables.load("intents"))


def _describes(word: str) -> bool:
    """Whether an unknown word is an adjective or a field of medicine: it describes a topic, it is none."""
    return len(word) >= _LONG and bool(_DESCRIBING.search(word))


def _something(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """Where nothing else is named, ordinary words are the topic: "scorpion on my bed"."""
    if any(term.kind in _TOPICS for term in terms):
        return terms
    return tuple(
        replace(t, kind="plain", weight=round(t.weight * 5, 4))
        if t.kind == "ordinary" and not _asks(t.words.lower())
        else t
        for t in terms
    )


def rarity(frequency: int, size: int) -> float:
    """Inverse document frequency scaled to 0.2-1; what the library never saw weighs 1."""
    if size == 0:
        return 1.0
    idf = math.log((size + 1) / (frequency + 0.5)) / math.log(2 * (size + 1))
    return round(max(0.2, min(1.0, idf)), 4)


def _in_brackets(terms: tuple[Term, ...], lowered: str) -> list[Term]:
    """What is listed in brackets are examples: one of them will do."""
    inside = " ".join(re.findall(r"\(([^)]*,[^)]*)\)", lowered))
    first = next((i for i, t in enumerate(terms) if t.words.lower() in inside), None)
    if not inside or first is None:
        return list(terms)
    return [replace(t, either=first) if t.words.lower() in inside else t for t in terms]


def alternatives(terms: tuple[Term, ...], text: str) -> tuple[Term, ...]:
    """Mark interventions joined by "or", "v", "versus" as alternatives: either will do."""
    lowered = text.lower()
    out = _in_brackets(terms, lowered)
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
            same = any(one.kind in group and other.kind in group for group in _ALIKE)
            joined = _OFFERED if same and not alike else _LISTED
            if _TOGETHER.search(lowered) and _BOTH.search(between):
                continue  # two drugs taken together are one question, not two
            if joined.search(between) and len(between) < 40 and not _ENDED.search(between):
                group = one.either if out[i].either is None else out[i].either
                group = i if group is None else group
                out[i] = replace(out[i], either=group)
                out[j] = replace(other, either=group)
    return tuple(out)
