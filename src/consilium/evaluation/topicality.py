"""Whether a document is on the topic of a claim, told without a lexicon: by what search knows of both.

Every trait is known when a question is answered: how near the two are by words, by meaning and by word pieces,
and how far the document falls behind the best that search brought up for the same claim.
"""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from consilium.evaluation.claims import Claim
from consilium.evaluation.jsonl import objects

EVIDENCE, HARD, RANDOM, ABSENT = "evidence", "hard negative", "random negative", "hard, evidence absent"
KINDS = (EVIDENCE, HARD, RANDOM, ABSENT)
HARDEST = DRAWN = 10  # documents a claim
POOL = 100  # of each list, among which the best is looked for
DEPTH = 1000  # of text: what it does not find there has no score
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


class Text(Protocol):
    """Finds documents by their words."""

    def terms(self, text: str) -> Sequence[str]:
        """The words by which a text is searched."""
        ...

    def search(self, query: str, limit: int) -> Sequence[tuple[str, float]]:
        """The best documents with their scores, best first."""
        ...


class Meaning(Protocol):
    """Finds documents by what they mean."""

    def vector(self, query: str) -> Any:
        """The vector of a question."""
        ...

    def nearest(self, vector: Any, limit: int) -> Sequence[tuple[str, float]]:
        """The nearest documents to a vector."""
        ...

    def near(self, vector: Any, documents: Sequence[str]) -> Mapping[str, float]:
        """How near these documents are to a vector."""
        ...

    def met(self, query: str, documents: Sequence[str]) -> Mapping[str, float]:
        """How well the word pieces of a question are met by these documents."""
        ...


@dataclass(frozen=True, slots=True)
class Document:
    """The words of a document: sentence by sentence (its title is one), and its numbers."""

    sentences: tuple[frozenset[str], ...]
    words: frozenset[str]
    numbers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Traits:
    """What search knows of one document beside one claim; what begins with ``less`` is how far the best is ahead.

    Attributes:
        near: the product of both vectors.
        met: how well the word pieces of the claim are met.
        text: BM25 over the rarity of all words of the claim.
        sentence: the share of the claim, by rarity of its words, that the best sentence holds.
        document: the same of the whole document.
        numbers: the share of the claim's numbers that the document lacks.
    """

    near: float
    met: float
    text: float
    sentence: float
    document: float
    numbers: float
    less_near: float
    less_met: float
    less_text: float
    less_document: float


NAMES = tuple(Traits.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim beside one document."""

    claim: str
    kind: str
    traits: Traits


class Corpus:
    """The documents of a collection, read for their words."""

    def __init__(self, file: Path, text: Text) -> None:
        """Read every document."""
        self.documents = dict(_read(file, text))
        self.names = sorted(self.documents)
        self._found_in = Counter(word for one in self.documents.values() for word in one.words)

    def rarity(self, words: Iterable[str]) -> dict[str, float]:
        """How much each word tells: the logarithm of the documents over those that hold it (BM25's form)."""
        count = len(self.documents)
        return {
            word: math.log(1 + (count - n + 0.5) / (n + 0.5))
            for word in words
            for n in (self._found_in[word],)
        }


def _read(file: Path, text: Text) -> Iterator[tuple[str, Document]]:
    for _, item in objects(file):
        parts = [str(item.get("title") or ""), *item["metadata"]["sentences"]]
        sentences = tuple(frozenset(text.terms(part)) for part in parts)
        numbers = frozenset(_NUMBER.findall(" ".join(parts)))
        yield str(item["_id"]), Document(sentences, frozenset().union(*sentences), numbers)


def pairs(
    asked: Iterable[Claim], corpus: Corpus, text: Text, meaning: Meaning, seed: int = 0
) -> Iterator[Pair]:
    """Each claim beside its evidence, beside what its words find, and beside documents drawn by chance.

    What its words find comes a second time as if its evidence were not in the corpus. Claims without evidence are
    left out, and so is what a claim cites without evidence in it: that is on the topic.
    """
    for claim in asked:
        evidence = sorted({part.document for part in claim.evidence})
        if not evidence:
            continue
        own = {*evidence, *claim.cited}
        found = dict(text.search(claim.text, DEPTH))
        hard = [name for name in found if name not in own][:HARDEST]
        chance = random.Random(f"{seed} {claim.id}")  # noqa: S311 - no secret
        others = [name for name in corpus.names if name not in own and name not in set(hard)]
        drawn = chance.sample(others, min(DRAWN, len(others)))
        search = Search(claim.text, found, [*evidence, *hard, *drawn], corpus, text, meaning)
        for kind, names, without in (
            (EVIDENCE, evidence, set[str]()),
            (HARD, hard, set[str]()),
            (RANDOM, drawn, set[str]()),
            (ABSENT, hard, own),
        ):
            best = search.best(without)
            for name in names:
                yield Pair(claim.id, kind, search.traits(name, best))


class Search:
    """All that search knows of one claim: what it brings up, and how near that and some other documents are."""

    def __init__(
        self,
        claim: str,
        found: Mapping[str, float],
        documents: Sequence[str],
        corpus: Corpus,
        text: Text,
        meaning: Meaning,
    ) -> None:
        """Look at what ``found`` (by text, best first) and nearness bring up, and at ``documents``."""
        vector = meaning.vector(claim)
        near = meaning.nearest(vector, POOL)
        self._pool = list(dict.fromkeys([*list(found)[:POOL], *(name for name, _ in near)]))
        names = list(dict.fromkeys([*self._pool, *documents]))
        self._documents, self._numbers = corpus.documents, frozenset(_NUMBER.findall(claim))
        self._rarity = corpus.rarity(text.terms(claim))
        self._mass = sum(self._rarity.values()) or 1.0
        near_to, met = meaning.near(vector, names), meaning.met(claim, names)
        self._scores = {
            name: (
                near_to.get(name, 0.0),
                met.get(name, 0.0),
                found.get(name, 0.0) / self._mass,
                self._share(corpus.documents[name].words),
            )
            for name in names
        }

    def best(self, without: Collection[str]) -> tuple[float, ...]:
        """The best of each score in what search brings up, but for some documents."""
        rows = [self._scores[name] for name in self._pool if name not in without]
        return tuple(max(column) for column in zip(*rows, strict=True)) or (0.0,) * 4

    def traits(self, name: str, best: Sequence[float]) -> Traits:
        """The traits of one of the documents."""
        document, own = self._documents[name], self._scores[name]
        sentence = max((self._share(words) for words in document.sentences), default=0.0)
        lacking = len(self._numbers - document.numbers) / max(1, len(self._numbers))
        less = (max(0.0, top - mine) for top, mine in zip(best, own, strict=True))
        return Traits(*own[:3], sentence, own[3], lacking, *less)

    def _share(self, words: frozenset[str]) -> float:
        return sum(value for word, value in self._rarity.items() if word in words) / self._mass
