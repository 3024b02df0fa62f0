"""Find the concepts that a text names: longest match over folded tokens.

Ambiguous abbreviations need a word of their context nearby, or capital letters and a single
sense. What no concept accounts for comes back as words, so that nothing is silently ignored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from consilium.lexicon.concepts import Lexicon
from consilium.lexicon.normalise import Token, fold, tokens
from consilium.lexicon.scattered import FUNCTION_WORDS, spans

# What a lay name may begin with that a longer name behind it does without: "my chest", "bad heart".
_LIGHT = FUNCTION_WORDS | {"bad", "sore", "painful"}
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
    strict = context is not None
    return _further(_read(text, words, lexicon, around, strict=strict), text, words, lexicon, around, strict)


def _read(
    text: str, words: tuple[Token, ...], lexicon: Lexicon, around: frozenset[str], *, strict: bool
) -> Reading:
    mentions: list[Mention] = []
    rest: list[Token] = []
    at = 0
    while at < len(words):
        length, concept = (
            (1, None) if _denied(words, at) else _longest(words, at, lexicon, around, strict=strict)
        )
        if concept is None or _stands_before_more(words, at, length, lexicon):
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
    words = tokens(text)
    around = frozenset(token.folded for token in words)
    strict = _read(text, words, lexicon, around, strict=False)
    reading = _with_scattered(strict, text, words, lexicon)
    return _further(reading, text, words, lexicon, around, strict=False)


def _with_scattered(strict: Reading, text: str, words: tuple[Token, ...], lexicon: Lexicon) -> Reading:
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


def _further(
    reading: Reading,
    text: str,
    words: tuple[Token, ...],
    lexicon: Lexicon,
    around: frozenset[str],
    strict: bool,
) -> Reading:
    """A reading with the names beside those that ship: they stand beside what was read, and change none of it."""
    mentions, taken, at = list(reading.mentions), set[int](), 0
    while at < len(words):
        length, concept = (1, None) if _denied(words, at) else _beside(words, at, lexicon, around, strict)
        run = words[at : at + length]
        place = None if concept is None else _place(mentions, run[0].start, run[-1].end, concept)
        if concept is None or place is None:
            at += 1
            continue
        mentions.insert(place, Mention(concept, text[run[0].start : run[-1].end], run[0].start, run[-1].end))
        taken.update(word.start for word in run)
        at += length
    rest = tuple(token for token in reading.rest if token.start not in taken) if taken else reading.rest
    return Reading(tuple(mentions), rest)


def _beside(
    words: tuple[Token, ...], at: int, lexicon: Lexicon, around: frozenset[str], strict: bool
) -> tuple[int, str | None]:
    first = words[at].folded
    found = _phrase(words, at, lexicon.further(first))
    senses = () if found else lexicon.further_short(first)
    return found or (1, _sense(words[at], senses, around, strict=strict) if senses else None)


def _place(mentions: list[Mention], start: int, end: int, concept: str) -> int | None:
    """Where a name joins what was read: after what is inside it; nowhere if it says the same or cuts through."""
    inside = [place for place, m in enumerate(mentions) if m.start < end and start < m.end]
    if any(m.start < start or m.end > end or m.concept == concept for m in (mentions[i] for i in inside)):
        return None
    before = [place for place, m in enumerate(mentions) if m.start < start]
    return 1 + max([*inside, *before], default=-1)


def _nearer(mention: Mention, concept: str, lexicon: Lexicon) -> bool:
    """Whether one word says as much already: a drug, a disease of its own, the concept itself."""
    kind = lexicon.concepts[mention.concept].kind
    narrow = kind == "condition" and lexicon.family(mention.concept) <= _NARROW
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
    if found := _phrase(words, at, lexicon.phrases.get(first, ())):
        return found
    senses = lexicon.short.get(first)
    if not senses or (first in lexicon.common and not words[at].upper):
        return 1, None  # "has" is no albumin solution, whatever stands nearby
    return 1, _sense(words[at], senses, around, strict=strict)


def _stands_before_more(words: tuple[Token, ...], at: int, length: int, lexicon: Lexicon) -> bool:
    """Whether a longer name begins behind a light word: "my blood pressure" is no "my blood"."""
    if words[at].folded not in _LIGHT or length < 2:
        return False
    behind = _phrase(words, at + 1, lexicon.phrases.get(words[at + 1].folded, ()))
    return behind is not None and 1 + behind[0] > length


def _phrase(
    words: tuple[Token, ...], at: int, phrases: Sequence[tuple[tuple[str, ...], str]]
) -> tuple[int, str] | None:
    for phrase, concept in phrases:  # longest first, by compilation
        end = at + len(phrase)
        if end <= len(words) and _follows(words[at + 1 : end], phrase[1:]):
            return len(phrase), concept
    return None


def _follows(words: tuple[Token, ...], phrase: tuple[str, ...]) -> bool:
    return all(word.folded == wanted and not word.opens for word, wanted in zip(words, phrase, strict=True))


def _sense(
    word: Token,
    senses: Sequence[tuple[str, tuple[str, ...]]],
    around: frozenset[str],
    *,
    strict: bool,
) -> str | None:
    hits = sorted(((-sum(c in around for c in context), concept) for concept, context in senses))
    if hits[0][0] < 0:
        return hits[0][1]
    sure = word.upper and len(senses) == 1 and not (strict and senses[0][1])
    return senses[0][0] if sure else None
