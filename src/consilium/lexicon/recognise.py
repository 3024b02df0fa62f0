"""Find the concepts that a text names: longest match over folded tokens.

Ambiguous abbreviations need a word of their context nearby, or capital letters and a single
sense. What no concept accounts for comes back as words, so that nothing is silently ignored.
"""

from __future__ import annotations

from dataclasses import dataclass

from consilium.lexicon.concepts import Lexicon
from consilium.lexicon.normalise import Token, tokens


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
        length, concept = _longest(words, at, lexicon, around, strict=context is not None)
        if concept is None:
            rest.append(words[at])
            at += 1
            continue
        start, end = words[at].start, words[at + length - 1].end
        mentions.append(Mention(concept, text[start:end], start, end))
        mentions += _inside(words[at : at + length], text, lexicon)
        at += length
    return Reading(tuple(mentions), tuple(rest))


def _inside(words: tuple[Token, ...], text: str, lexicon: Lexicon) -> list[Mention]:
    """Drugs named inside a longer name ("bleeding on warfarin") are named too."""
    if len(words) == 1:
        return []
    found = []
    for word in words:
        for phrase, concept in lexicon.phrases.get(word.folded, ()):
            if len(phrase) == 1 and lexicon.concepts[concept].kind == "drug":
                found.append(Mention(concept, text[word.start : word.end], word.start, word.end))
    return found


def _longest(
    words: tuple[Token, ...], at: int, lexicon: Lexicon, around: frozenset[str], *, strict: bool
) -> tuple[int, str | None]:
    first = words[at].folded
    for phrase, concept in lexicon.phrases.get(first, ()):  # longest first, by compilation
        end = at + len(phrase)
        if end <= len(words) and all(words[at + i].folded == phrase[i] for i in range(1, len(phrase))):
            return len(phrase), concept
    senses = lexicon.short.get(first)
    return (1, _sense(words[at], senses, around, strict=strict)) if senses else (1, None)


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
