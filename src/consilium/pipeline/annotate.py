"""Say what a sentence is about and which questions it serves, once, when it is indexed."""

from __future__ import annotations

import re
from functools import lru_cache

from consilium.domain.evidence import Annotation, Sentence, Source, StatementKind
from consilium.domain.role import Role
from consilium.lexicon.concepts import Lexicon
from consilium.lexicon.normalise import tokens
from consilium.lexicon.recognise import Reading, read
from consilium.pipeline import tables

_OWN_KIND = {
    StatementKind.RECOMMENDATION: ("treatment",),
    StatementKind.WARNING: ("harm", "referral"),
    StatementKind.DEFINITION: ("definition",),
    StatementKind.FINDING: (),
}


_NO_THERAPY = {"screening", "imaging", "diagnosis"}
_TOPIC_KINDS = {"condition", "sign", "organism", "procedure", "drug", "class", "vaccine"}


def annotate(sentence: Sentence, source: Source, lexicon: Lexicon) -> Annotation:
    """Recognise the concepts of a sentence and of its surroundings, apart."""
    about = " . ".join(
        affirmed(part)
        for part in (
            sentence.text,
            sentence.population,
            sentence.setting,
            *(words for _, words in sentence.pico),
            *sentence.applies_if,
        )
        if part
    )
    around = affirmed(
        " . ".join(part for part in (source.title, sentence.heading, source.population) if part)
    )
    reading = had(read(about, lexicon, context=around), about)
    own = reading.concepts | _titled(sentence, source, lexicon)
    context = set(read(around, lexicon, context=about).concepts)
    context |= {lexicon.by_topic[t] for t in source.topics if t in lexicon.by_topic}
    context |= {lexicon.by_mesh[m] for m in source.mesh if m in lexicon.by_mesh}
    words = {token.folded for token in tokens(f"{about} . {around}")}
    return Annotation(
        text=own,
        context=frozenset(context - own),
        intents=intents_of(sentence),
        words=frozenset(w for w in words - lexicon.common if len(w) > 1),
        order=_topics(reading, lexicon),
    )


def _titled(sentence: Sentence, source: Source, lexicon: Lexicon) -> frozenset[str]:
    """What an item of a guideline's list is on without naming it: what the guideline is on."""
    if (
        sentence.role
        and source.issues_advice
        and (sentence.role is Role.RECOMMENDATION or headed(sentence.heading))
    ):
        return read(affirmed(source.title), lexicon).concepts
    return frozenset()


# What a sentence under a heading on something else may serve as well.
_BESIDE = frozenset({"dosing", "harm", "referral", "monitoring", "imaging"})
# "Obesity without type 2 diabetes" is not about diabetes.
_WITHOUT = re.compile(r"\bwithout (?:known |previous |established |a |an |any )*$", re.IGNORECASE)


def had(reading: Reading, text: str) -> Reading:
    """A reading less what the people it speaks of do not have."""
    kept = tuple(m for m in reading.mentions if not _WITHOUT.search(text[: m.start]))
    return Reading(kept, reading.rest)


def _topics(reading: Reading, lexicon: Lexicon) -> tuple[str, ...]:
    """The conditions and interventions of a sentence, in its own order, once each."""
    named = (mention.concept for mention in reading.mentions)
    return tuple(dict.fromkeys(c for c in named if lexicon.concepts[c].kind in _TOPIC_KINDS))


def affirmed(text: str) -> str:
    """A text without what it says that it does not address ("pregnancy is not addressed")."""
    for expression in tables.load("species")["disclaims"]:
        text = re.sub(expression, " ", text, flags=re.IGNORECASE)
    return text


def intents_of(sentence: Sentence) -> tuple[str, ...]:
    """The intents that a sentence serves: by the heading it stands under in a work, its words and its kind."""
    text = sentence.text.lower()
    found = list(headed(sentence.heading)) if sentence.role else []
    beside = _BESIDE if found else None  # what a heading says comes first; words add what is told by the way
    found += [
        row["intent"]
        for row in tables.load("intents")
        if row["intent"] not in found
        and (beside is None or row["intent"] in beside)
        and tables.cued(row["sentence"], text)
    ]
    if beside is not None:
        return tuple(found)
    if not (sentence.kind is StatementKind.RECOMMENDATION and _NO_THERAPY & set(found)):
        found += [intent for intent in _OWN_KIND[sentence.kind] if intent not in found]
    return tuple(found)


@lru_cache(maxsize=4096)
def headed(heading: str | None) -> tuple[str, ...]:
    """What the sentences under a heading serve; the innermost heading that says so decides."""
    for part in reversed((heading or "").lower().split(" > ")):
        found = [row["intent"] for row in tables.load("intents") if tables.cued(row.get("heading", ()), part)]
        if found:
            return tuple(found)
    return ()
