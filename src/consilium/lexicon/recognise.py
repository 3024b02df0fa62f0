"""Find the concepts that a text names: longest match over folded tokens.

Ambiguous abbreviations need a word of their context nearby, or capital letters and a single
sense. What no concept accounts for comes back as words, so that nothing is silently ignored.
"""

from __future__ import annotations

from dataclasses import dataclass

from consilium.lexicon.concepts import Lexicon
from consilium.lexicon.normalise import Token, fold, tokens
from consilium.lexicon.scattered import spans

# "Infection in my spine" is more than an infection; "psoriasis on my face" is psoriasis.
_NARROW = 12


@dataclass(frozen=True, slots=True)
class Mention:
    """A concept named at one place of a text (character offsets)."""

    concept: str
    words: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What was recognised in a text, in order, and the words left over."""

    mentions: tuple[Mention, ...]
    rest: tuple[Token, ...]

    @property
    def concepts(self) -> frozenset[str]:
        """The ids of all concepts named."""
        return frozenset(mention.concept for mention in self.mentions)


def read(text: str, lexicon: Lexicon, *, context: str | None = None) -> Reading:
    """Recognise concepts in ``text``.

    Args:
        context: surroundings that help to decide abbreviations; where they are given (a source
            is read, not a question), capitals alone decide nothing.
    """
    words = tokens(text)
    around = frozenset(token.folded for token in words)
    if context:
        around |= frozenset(token.folded for token in tokens(context))
    mentions: list[Mention] = []
    rest: list[Token] = []
    at = 0
    while at < len(words):
        length, concept = (
            (1, None)
            if _denied(words, at)
            else _longest(words, at, lexicon, around, strict=context is not None)
        )
        if concept is None:
            rest.append(words[at])
            at += 1
            continue
        start, end = words[at].start, words[at + length - 1].end
        mentions.append(Mention(concept, text[start:end], start, end))
        mentions += _inside(words[at : at + length], text, lexicon, concept)
        at += length
    return Reading(tuple(mentions), tuple(rest))


def read_question(text: str, lexicon: Lexicon) -> Reading:
    """Recognise concepts as people ask about them: also where a name's words stand apart."""
    strict = read(text, lexicon)
    words = tokens(text)
    found: list[Mention] = []
    for first, after, concept in spans(words, lexicon.scattered):
        start, end = words[first].start, words[after - 1].end
        inside = [m for m in strict.mentions if m.start < end and start < m.end]
        crossed = any(m.start < start or m.end > end for m in inside)
        if (
            crossed
            or _denied(words, first)
            or any(" " in m.words or _nearer(m, concept, lexicon) for m in inside)
        ):
            continue
        found.append(Mention(concept, text[start:end], start, end))
    if not found:
        return strict
    outside = [m for m in strict.mentions if not any(f.start <= m.start < f.end for f in found)]
    rest = tuple(t for t in strict.rest if not any(f.start <= t.start < f.end for f in found))
    return Reading(tuple(sorted([*outside, *found], key=lambda m: m.start)), rest)


def _nearer(mention: Mention, concept: str, lexicon: Lexicon) -> bool:
    """Whether one word says as much already: a drug, a disease of its own, the concept itself."""
    kind = lexicon.concepts[mention.concept].kind
    narrow = kind == "condition" and len(lexicon.children.get(mention.concept, ())) <= _NARROW
    own = concept in {mention.concept, *lexicon.ancestors[mention.concept]}
    return own or narrow or kind in {"drug", "vaccine", "class"}


def _denied(words: tuple[Token, ...], at: int) -> bool:
    """Whether "non" stands before: "non-cancer pain" names no cancer pain."""
    return at > 0 and words[at - 1].folded == "non" and not words[at].opens


def _inside(words: tuple[Token, ...], text: str, lexicon: Lexicon, whole: str) -> list[Mention]:
    """Drugs inside a longer name ("bleeding on warfarin"), and the disease of a class of drugs."""
    if len(words) == 1 or lexicon.concepts[whole].kind == "drug":
        return []
    kinds = {"drug", "condition"} if lexicon.concepts[whole].kind == "class" else {"drug"}
    found = []
    for at, word in enumerate(words):
        for phrase, concept in () if _denied(words, at) else lexicon.phrases.get(word.folded, ()):
            inner = lexicon.concepts[concept]
            own = inner.kind == "drug" or fold(inner.name) == word.folded
            if len(phrase) == 1 and inner.kind in kinds and own:
                found.append(Mention(concept, text[word.start : word.end], word.start, word.end))
    return found


def _longest(
    words: tuple[Token, ...], at: int, lexicon: Lexicon, around: frozenset[str], *, strict: bool
) -> tuple[int, str | None]:
    first = words[at].folded
    for phrase, concept in lexicon.phrases.get(first, ()):  # longest first, by compilation
        end = at + len(phrase)
        if end <= len(words) and _follows(words[at + 1 : end], phrase[1:]):
            return len(phrase), concept
    senses = lexicon.short.get(first)
    if not senses or (first in lexicon.common and not words[at].upper):
        return 1, None  # "has" is no albumin solution, whatever stands nearby
    return 1, _sense(words[at], senses, around, strict=strict)


def _follows(words: tuple[Token, ...], phrase: tuple[str, ...]) -> bool:
    return all(word.folded == wanted and not word.opens for word, wanted in zip(words, phrase, strict=True))


def _sense(
    word: Token,
    senses: list[tuple[str, tuple[str, ...]]],
    around: frozenset[str],
    *,
    strict: bool,
) -> str | None:
    hits = sorted(((-sum(c in around for c in context), concept) for concept, context in senses))
    if hits[0][0] < 0:
        return hits[0][1]
    sure = word.upper and len(senses) == 1 and not (strict and senses[0][1])
    return senses[0][0] if sure else None
