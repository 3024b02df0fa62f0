"""Statements and works in one index: the sentences of the best passages are read when they are found.

Statements are found as without works, whatever these hold. Of works the passages are indexed; the lexicon
reads the sentences of those that were found, and they are scored by what it saw in them: as the index of
statements scores, less the length of a sentence.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Protocol

from consilium.adapters.index.passages import Asked, Found
from consilium.domain.evidence import Annotation, Sentence, Source, SourceKind, StatementKind
from consilium.lexicon.concepts import Lexicon
from consilium.lexicon.normalise import fold
from consilium.pipeline.annotate import headed
from consilium.ports import ConceptGroup, Hit, Library, Query, Searched, TextIndex

Annotate = Callable[[Sentence, Source, Lexicon], Annotation]

# Passages that are opened for one kind of source, and sentences of these that the lexicon reads. Reading
# takes about a millisecond a sentence, so that these bound what works cost a question.
PASSAGES, SENTENCES = 60, 60
# What a sentence that serves the question comes before others by, about as much as naming the topic is worth.
_SERVES = 0.6
# What is asked for and no recommendation says.
_DESCRIBED = frozenset({"signs", "definition", "aetiology", "prognosis"})
_CONTEXT = 0.5  # as in the index of statements: what is only around a sentence counts half
# Of the place of a passage among those found; it parts sentences that the lexicon sees alike.
_BY_PLACE = 0.1
# Names of a concept, and kinds of it, that a passage is looked for by.
_NAMES, _KINDS = 12, 24
_HELD = 2  # passages with a word, from which on it is no slip of one author
_CACHED = 20_000


class Passages(Protocol):
    """Finds passages of works by phrases and words (see ``adapters.index.passages``)."""

    @property
    def size(self) -> int:
        """How many passages can be found."""
        ...

    def document_frequency(self, word: str) -> int:
        """In how many passages a word, or a name as a phrase, occurs."""
        ...

    def search(
        self,
        groups: Sequence[Asked],
        words: Sequence[tuple[str, float]],
        kinds: Sequence[SourceKind],
        limit: int,
    ) -> Sequence[Found]:
        """The best passages of sources of these kinds, best first, ties by id."""
        ...


class Joined:
    """A text index of statements that finds sentences of works as well; satisfies ``ports.TextIndex``."""

    def __init__(
        self,
        statements: TextIndex,
        passages: Passages,
        library: Library,
        lexicon: Lexicon,
        annotate: Annotate,
    ) -> None:
        """Join ``statements`` and ``passages``; ``library`` holds both."""
        self.statements, self.passages = statements, passages
        self._library, self._lexicon, self._annotate = library, lexicon, annotate
        self._noted = lru_cache(maxsize=_CACHED)(self._note)
        self._names = lru_cache(maxsize=_CACHED)(self._names_of)
        self._often = lru_cache(maxsize=_CACHED)(self._frequency)
        self._known = lru_cache(maxsize=_CACHED)(self._holds)

    @property
    def size(self) -> int:
        """How many statements are indexed; what is rare is told by these."""
        return self.statements.size

    def search(self, query: Query) -> Sequence[Hit]:
        """What statements were found, and beside them the best sentences of works, best first, ties by id."""
        found = tuple(self.statements.search(query))
        works = self._works(query) if self.passages.size else []
        if not works:
            return found
        return tuple(sorted((*found, *works), key=lambda hit: (-hit.score, hit.sentence)))

    def _works(self, query: Query) -> list[Hit]:
        groups = [self._asked(group) for group in query.groups]
        opened = self.passages.search(groups, query.words, query.kinds, PASSAGES)
        likely = sorted(self._sentences(opened, groups, query), key=lambda row: (-row[0], row[2].id))
        hits: list[Hit] = []
        for _, place, sentence, source in likely[:SENTENCES]:
            note = self._noted(source.id, source.version, sentence.id)
            score = self._score(query, note) * (1 - _BY_PLACE * (1 - place))
            if score > 0:
                hits.append(Hit(sentence.id, source.id, round(score, 4), note))
        return hits

    def _sentences(
        self, opened: Sequence[Found], groups: Sequence[Asked], query: Query
    ) -> Iterator[tuple[float, float, Sentence, Source]]:
        """The sentences of passages that may be cited: how likely each is of use, and its passage's place."""
        top = max((one.score for one in opened), default=0.0) or 1.0
        for one in opened:
            source = self._library.source(one.source)
            if source is None or source.version != one.version:
                continue  # the store has gone on since this generation was made
            for sentence in self._library.sentences(one.source):
                if sentence.passage == one.passage and sentence.role and sentence.role.may_be_cited:
                    place = one.score / top
                    yield _likely(sentence, source, groups, query) + place, place, sentence, source

    def _note(self, source_id: str, version: int, sentence_id: str) -> Annotation:
        source, sentence = self._library.source(source_id), self._library.sentence(sentence_id)
        if source is None or sentence is None or source.version != version:
            return Annotation()
        return self._annotate(sentence, source, self._lexicon)

    def _score(self, query: Query, note: Annotation) -> float:
        here, around = self._lexicon.up(note.text), self._lexicon.up(note.context)
        score = 0.0
        for group in query.groups:
            score += max(
                weight * self._telling(concept) * (1.0 if concept in here else _CONTEXT)
                if concept in here or concept in around
                else 0.0
                for concept, weight in group.concepts
            )
        for word, weight in query.words:
            if word in note.words:
                score += weight * self._idf(self.statements.word_frequency(word))
        return score

    def _telling(self, concept: str) -> float:
        return self._idf(self.frequency(concept))

    def _idf(self, frequency: int) -> float:
        """As BM25 has it; source: Robertson and Zaragoza, The Probabilistic Relevance Framework (2009)."""
        return math.log(1 + (self.size - frequency + 0.5) / (frequency + 0.5))

    def _asked(self, group: ConceptGroup) -> Asked:
        """A group of concepts by their names and MeSH headings."""
        concepts = self._lexicon.concepts
        return Asked(
            tuple((name, weight) for concept, weight in group.concepts for name in self._names(concept)),
            tuple((mesh, weight) for concept, weight in group.concepts for mesh in concepts[concept].mesh),
        )

    def _names_of(self, concept: str) -> tuple[str, ...]:
        """The names of a concept by which its passages are found, and those of its commonest kinds."""
        lexicon = self._lexicon
        own = lexicon.concepts[concept]
        short = tuple(abbreviation.text for abbreviation in own.abbr if not abbreviation.context)
        below = sorted(
            lexicon.children.get(concept, ()), key=lambda one: (-self.statements.frequency(one), one)
        )
        kinds = tuple(lexicon.name(one) for one in below[:_KINDS])
        return tuple(dict.fromkeys(((own.name, *own.names, *short)[:_NAMES]) + kinds))

    def hits(self, sentences: Sequence[str]) -> Sequence[Hit]:
        """These sentences, unscored, in the order of their ids."""
        stated = self.statements.hits(sentences)
        known = {hit.sentence for hit in stated}
        found = [hit for name in sentences if name not in known and (hit := self._hit(name))]
        return tuple(sorted((*stated, *found), key=lambda hit: hit.sentence)) if found else stated

    def _hit(self, name: str) -> Hit | None:
        sentence, source = self._library.sentence(name), self._library.source(name.split("#", maxsplit=1)[0])
        if sentence is None or source is None or sentence.role is None:
            return None
        return Hit(name, source.id, 0.0, self._noted(source.id, source.version, name))

    def frequency(self, concept: str) -> int:
        """In how many statements a concept is; one that only works name counts as their share of passages."""
        return self._often(concept)

    def _frequency(self, concept: str) -> int:
        stated = self.statements.frequency(concept)
        if stated or not self.passages.size:
            return stated
        # What no statement names is as rare as it is among passages.
        share = (
            max(self.passages.document_frequency(name) for name in self._names(concept)) / self.passages.size
        )
        return math.ceil(share * self.size)

    def word_frequency(self, word: str) -> int:
        """In how many statements a folded word occurs; a word that only works use is none that all must hold."""
        return self.statements.word_frequency(word)

    def holds(self, word: str) -> bool:
        """Whether a folded word occurs in a statement, or in works often enough to be no slip."""
        return self._known(word)

    def _holds(self, word: str) -> bool:
        return self.statements.holds(word) or self.passages.document_frequency(word) >= _HELD

    def vocabulary(self) -> frozenset[str]:
        """All folded words of the statements: the slips in a million abstracts mend no question."""
        return self.statements.vocabulary()

    def searched(self) -> Searched:
        """What statements were searched by beside the library."""
        return self.statements.searched()


def _likely(sentence: Sentence, source: Source, groups: Sequence[Asked], query: Query) -> float:
    """How much of a question a sentence names by its letters, and its title for half."""
    text, title = sentence.text.lower(), f"{source.title} {sentence.heading or ''}".lower()
    score = 0.0
    for group in groups:
        here = max((weight for name, weight in group.names if name.lower() in text), default=0.0)
        around = max((weight for name, weight in group.names if name.lower() in title), default=0.0)
        score += max(here, _CONTEXT * around)
    for word, weight in query.words:
        score += weight * (1.0 if fold(word) in text else _CONTEXT if word in title else 0.0)
    return score + (_SERVES if source.issues_advice and _serves(sentence, query) else 0.0)


def _serves(sentence: Sentence, query: Query) -> bool:
    """Whether a sentence of a guideline stands under a heading that serves the question, or advises where it wants advice."""
    served = set(headed(sentence.heading))
    wanted = set(query.intents)
    return bool(served & wanted) or (
        sentence.kind is StatementKind.RECOMMENDATION and not (served or wanted & _DESCRIBED)
    )
