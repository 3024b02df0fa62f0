"""Find articles by what a reader means: by other names of the same thing, and through slips of the pen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from consilium.domain.question import Question
from consilium.lexicon.normalise import tokens
from consilium.lexicon.recognise import read_question
from consilium.pipeline.plan import plan
from consilium.site.articles import knowledge
from consilium.site.articles.models import Article

_MOST_WORDS = 24


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that an article has to be about: by the word itself, or by the concept that it names."""

    words: tuple[str, ...]
    folded: frozenset[str]
    concept: str | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """What an article is asked about, ready to be compared.

    Attributes:
        concepts: what its question and topics name, and everything that these are a kind of.
    """

    text: str
    folded: frozenset[str]
    concepts: frozenset[str]

    def answers(self, need: Need) -> bool:
        """Whether the article is about it."""
        return (
            need.concept in self.concepts
            or need.folded <= self.folded
            or all(word in self.text for word in need.words)
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader looks for.

    Attributes:
        meant: the words with slips mended; None if there were none.
        readings: the needs as typed, and as meant; an article fits if it has all of one of them.
    """

    meant: str | None
    readings: tuple[tuple[Need, ...], ...]

    def among(self, articles: Iterable[Article]) -> list[Article]:
        """The articles that fit, in their order."""
        return [article for article in articles if self.fits(article)]

    def fits(self, article: Article) -> bool:
        """Whether an article is about all that is wanted."""
        held = _held("\n".join([article.question, *map(str, article.topics)]))
        return any(all(held.answers(need) for need in needs) for needs in self.readings)


@lru_cache(maxsize=1_000)
def wanted(words: str) -> Wanted:
    """What somebody looks for who types these words; nothing is needed if there are none."""
    typed = " ".join(words.replace("\0", " ").split()[:_MOST_WORDS])
    if not typed:
        return Wanted(None, ((),))
    made = knowledge.world()
    meant = plan(Question(typed), made.lexicon, made.index, made.speller).understood
    readings = [_needs(text) for text in dict.fromkeys((typed, meant))]
    return Wanted(meant if meant != typed else None, tuple(readings))


def _needs(text: str) -> tuple[Need, ...]:
    """Words of plain English count only where nothing else was typed."""
    lexicon = knowledge.world().lexicon
    reading = read_question(text, lexicon)
    named = [_need(mention.words, mention.concept) for mention in reading.mentions]
    rest = [(t.folded, _need(text[t.start : t.end])) for t in reading.rest]
    telling = [need for folded, need in rest if folded not in lexicon.common]
    return tuple([*named, *telling] or [need for _, need in rest] or [_need(w) for w in text.split()])


def _need(words: str, concept: str | None = None) -> Need:
    return Need(tuple(words.lower().split()), frozenset(t.folded for t in tokens(words)) or _NEVER, concept)


# No article has this word: what folds to nothing is found letter for letter or not at all.
_NEVER = frozenset({"\0"})


@lru_cache(maxsize=20_000)
def _held(text: str) -> Held:
    lexicon = knowledge.world().lexicon
    named = frozenset[str]().union(*(read_question(line, lexicon).concepts for line in text.splitlines()))
    return Held(text.lower(), frozenset(t.folded for t in tokens(text)), lexicon.up(named))
