"""What the pipeline needs from the world, as protocols; adapters provide it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from consilium.domain.change import StatusChange
from consilium.domain.evidence import Annotation, Sentence, Source, SourceKind
from consilium.domain.measure import Place


@dataclass(frozen=True, slots=True)
class ConceptGroup:
    """Concepts that count once together, each with a weight: a concept and its synonyms' kin."""

    concepts: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Query:
    """One search: concept groups and loose words, over sources of these kinds.

    Attributes:
        asked: the question in words, with proper names, for an index that searches by meaning.
    """

    groups: tuple[ConceptGroup, ...]
    words: tuple[tuple[str, float], ...]
    kinds: tuple[SourceKind, ...]
    limit: int
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """One indexed sentence that matched, with its score and what was noted of it.

    Attributes:
        by_text: where text alone put it, from an index that searches by more than text.
        by_meaning: where meaning alone put it.
        by_pieces: where late interaction put it among the best of both.
    """

    sentence: str
    source: str
    score: float
    annotation: Annotation
    by_text: Place | None = None
    by_meaning: Place | None = None
    by_pieces: Place | None = None


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search depended on beside the library.

    Attributes:
        vectors: the generation of the vectors, where they were in use.
        sent_to: the host that the question was sent to, outside this machine.
        fell_back: whether there are vectors and they could not be used.
    """

    vectors: int | None = None
    sent_to: str | None = None
    fell_back: bool = False


@runtime_checkable
class TextIndex(Protocol):
    """Finds sentences by concepts and words; an immutable generation."""

    @property
    def size(self) -> int:
        """How many sentences are indexed."""
        ...

    def search(self, query: Query) -> Sequence[Hit]:
        """The best hits, over-fetched through ties, best first, ties by sentence id.

        Raises:
            RetrievalError: the index could not be read.
        """
        ...

    def hits(self, sentences: Sequence[str]) -> Sequence[Hit]:
        """These sentences, unscored, in the order of their ids; without those that it does not hold.

        Raises:
            RetrievalError: the index could not be read.
        """
        ...

    def frequency(self, concept: str) -> int:
        """In how many sentences a concept, or a kind of it, is named or is the context."""
        ...

    def word_frequency(self, word: str) -> int:
        """In how many sentences a folded word occurs."""
        ...

    def holds(self, word: str) -> bool:
        """Whether a folded word occurs anywhere, be it in works that only their passages are indexed of."""
        ...

    def vocabulary(self) -> frozenset[str]:
        """All folded words of the statements, for the spelling check."""
        ...

    def searched(self) -> Searched:
        """What its searches of this moment depend on beside the library."""
        ...


Rows = Any  # a numpy array of float32, one row a text; this floor knows no numpy


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What makes vectors comparable: those of two fingerprints never are."""

    model: str
    digest: str
    pooling: str
    query_prefix: str
    document_prefix: str
    dimension: int
    max_tokens: int
    pieces: str = ""  # the digest of what makes vectors of word pieces; empty where there are none


@dataclass(frozen=True, slots=True)
class Pieces:
    """The word pieces of a question: a row each, and how much each of them tells; those sum to one."""

    rows: Rows
    weights: Rows


@runtime_checkable
class Embedder(Protocol):
    """Turns texts into vectors of length one, so that a dot product tells how near two are."""

    @property
    def fingerprint(self) -> Fingerprint:
        """What the vectors of this embedder may be compared with."""
        ...

    @property
    def sent_to(self) -> str | None:
        """The host that texts are sent to; None where they stay on this machine."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> Rows:
        """One row a question; the same question gives the same row whatever is asked beside it.

        Raises:
            EmbeddingError: the model did not answer, or not with vectors.
        """
        ...

    def encode_documents(self, texts: Sequence[str]) -> Rows:
        """One row a text of the library, in their order.

        Raises:
            EmbeddingError: the model did not answer, or not with vectors.
        """
        ...


@runtime_checkable
class PieceEmbedder(Embedder, Protocol):
    """An embedder that gives each word piece a vector of its own as well, for late interaction."""

    def encode_question(self, text: str) -> Pieces:
        """The word pieces of a question."""
        ...

    def encode_pieces(self, texts: Sequence[str]) -> tuple[Rows, Sequence[Rows]]:
        """What ``encode_documents`` gives, and the rows of the word pieces of each text, of length one."""
        ...


@runtime_checkable
class Library(Protocol):
    """The truth about sources: reads by id, current versions."""

    def source(self, source_id: str) -> Source | None:
        """The current version of a source, or None."""
        ...

    def sentence(self, sentence_id: str) -> Sentence | None:
        """A sentence of the current version of its source, or None."""
        ...

    def sentences(self, source_id: str) -> Sequence[Sentence]:
        """All sentences of a source in order."""
        ...

    def sources(self) -> Iterable[Source]:
        """The current sources of evidence records in the order of their ids; works are too many to go through."""
        ...

    def version(self, source_id: str, version: int) -> tuple[Source, dict[str, Sentence]] | None:
        """One version of a source, current or not, with its sentences by id."""
        ...

    def generations(self) -> dict[str, int]:
        """The generation of each collection, by name."""
        ...

    def changes(self, after: int, limit: int) -> tuple[StatusChange, ...]:
        """What has changed about sources since entry ``after``, the oldest first.

        The id of the last entry is the next ``after``; 0 begins at the beginning.
        """
        ...


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """One stage's question to a language model: what to do, over which passages, in which shape to reply.

    Attributes:
        stage: what it is for ("select", "write", "verify", "repair", "tailor", "plan").
        prompt: the name and version of the prompt file ("write/1").
        instructions: the prompt itself, the only words that are to be obeyed.
        material: the question and the passages as JSON; data, never instructions.
        schema: the JSON Schema (draft 2020-12) that the reply must meet.
        most_tokens: how long the reply may be.
    """

    stage: str
    prompt: str
    instructions: str
    material: str
    schema: Mapping[str, Any]
    most_tokens: int


@dataclass(frozen=True, slots=True)
class ModelReply:
    """A complete reply that meets the schema of its request.

    Attributes:
        value: the parsed JSON.
        model: who replied, as the provider names it.
        tokens_in: of the request, as the provider counted them; None where it did not say.
        tokens_out: of the reply.
        seconds: from sending to the last byte.
        cost: in US dollars, where prices are known.
    """

    value: Any
    model: str
    tokens_in: int | None
    tokens_out: int | None
    seconds: float
    cost: float | None = None


@runtime_checkable
class Model(Protocol):
    """A language model that fills a schema; it has no tools, and what it says is checked."""

    @property
    def sent_to(self) -> str | None:
        """The host that requests are sent to; None where they stay on this machine."""
        ...

    def reply(
        self, request: ModelRequest, *, seconds: float, cancelled: Callable[[], bool] = lambda: False
    ) -> ModelReply:
        """The whole reply within ``seconds``, or an error; never a part of one.

        Raises:
            ModelError: it did not reply in time, refused, broke off, or replied with what the schema does not allow.
            Cancelled: ``cancelled`` said so; noticed within a tenth of a second.
        """
        ...
