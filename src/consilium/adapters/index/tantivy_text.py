"""The text index on tantivy: sentences found by concepts and by words.

Deterministic by construction: one writer thread, documents in id order, one segment, no
deletions; scores are rounded and ties are broken by id.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import tantivy

from consilium.domain.evidence import Annotation, Sentence, Source
from consilium.errors import IndexMismatch, RetrievalError
from consilium.ports import Hit, Query, Searched

# Part of the fingerprint: raise it when fields, tokenisers or weights below change.
ANALYSER = "concepts+en_stem/1"
_HEAP = 64_000_000
_FREQUENCIES = "frequencies.json"
_IN_TEXT, _IN_CONTEXT, _WORD_TITLE = 1.0, 0.5, 0.5  # design 3: a title at full weight costs nDCG
_TIES = 32


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for raw in ("id", "source", "kind"):
        builder.add_text_field(raw, stored=True, tokenizer_name="raw")
    for concepts in ("concepts", "context"):
        builder.add_text_field(concepts, tokenizer_name="whitespace", index_option="freq")
    for text in ("text", "title"):
        builder.add_text_field(text, tokenizer_name="en_stem")
    builder.add_text_field("note", stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def build(
    folder: Path,
    rows: Iterable[tuple[Source, Sentence, Annotation]],
    ancestors: Mapping[str, frozenset[str]],
) -> int:
    """Write a new index of ``rows`` (in id order) into the empty ``folder``; how many rows."""
    concepts: dict[str, int] = {}
    words: dict[str, int] = {}
    total = 0
    try:
        index = tantivy.Index(_schema(), path=str(folder))
        with index.writer(heap_size=_HEAP, num_threads=1) as writer:
            for source, sentence, note in rows:
                named, around = _up(note.text, ancestors), _up(note.context, ancestors)
                for concept in named | around:
                    concepts[concept] = concepts.get(concept, 0) + 1
                for word in note.words:
                    words[word] = words.get(word, 0) + 1
                writer.add_document(_document(source, sentence, note, named, around))
                total += 1
    except (OSError, ValueError) as fault:
        raise IndexMismatch(f"The text index could not be written: {fault}.") from fault
    frequencies = {"size": total, "concepts": concepts, "words": words}
    (folder / _FREQUENCIES).write_text(json.dumps(frequencies, sort_keys=True), "utf-8")
    return total


def _up(concepts: frozenset[str], ancestors: Mapping[str, frozenset[str]]) -> set[str]:
    return set(concepts).union(*(ancestors[concept] for concept in concepts))


def _document(
    source: Source, sentence: Sentence, note: Annotation, named: set[str], around: set[str]
) -> tantivy.Document:
    stored = {
        "t": sorted(note.text),
        "c": sorted(note.context),
        "i": list(note.intents),
        "w": sorted(note.words),
        "o": list(note.order),
    }
    return tantivy.Document(
        id=sentence.id,
        source=source.id,
        kind=source.kind.value,
        concepts=" ".join(sorted(named)),
        context=" ".join(sorted(around)),
        text=f"{sentence.text} {sentence.population or ''}",
        title=source.title,
        note=json.dumps(stored),
    )


class TantivyText:
    """A reader of one generation; satisfies ``ports.TextIndex``."""

    def __init__(self, folder: Path) -> None:
        """Open a generation that ``build`` wrote.

        Raises:
            IndexMismatch: there is no complete index in ``folder``.
        """
        try:
            self._index = tantivy.Index.open(str(folder))
            self._frequencies: dict[str, Any] = json.loads((folder / _FREQUENCIES).read_text("utf-8"))
        except (OSError, ValueError) as fault:
            raise IndexMismatch(f"The text index in {folder} is damaged: {fault}.") from fault
        self._schema = self._index.schema
        self._searcher = self._index.searcher()
        self._stems = (
            tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
            .filter(tantivy.Filter.lowercase())
            .filter(tantivy.Filter.stemmer("english"))
            .build()
        )

    @property
    def size(self) -> int:
        """How many sentences are indexed."""
        return int(self._frequencies["size"])

    def frequency(self, concept: str) -> int:
        """In how many sentences a concept, or a kind of it, is named or is the context."""
        return int(self._frequencies["concepts"].get(concept, 0))

    def word_frequency(self, word: str) -> int:
        """In how many sentences a folded word occurs."""
        return int(self._frequencies["words"].get(word, 0))

    def holds(self, word: str) -> bool:
        """Whether a folded word occurs."""
        return self.word_frequency(word) > 0

    def vocabulary(self) -> frozenset[str]:
        """All folded words of the library."""
        return frozenset(self._frequencies["words"])

    def searched(self) -> Searched:
        """Nothing beside the library."""
        return Searched()

    def search(self, query: Query) -> Sequence[Hit]:
        """The best hits, best first, ties by sentence id; ties at the end are all returned."""
        built = self._query(query)
        if built is None:
            return ()
        try:
            found = self._searcher.search(built, limit=query.limit + _TIES)
            hits = [self._hit(score, address) for score, address in found.hits]
        except (OSError, ValueError) as fault:
            raise RetrievalError(f"The text index could not be searched: {fault}.") from fault
        hits.sort(key=lambda hit: (-hit.score, hit.sentence))
        if len(hits) <= query.limit:
            return tuple(hits)
        last = hits[query.limit - 1].score
        return tuple(hit for hit in hits if hit.score >= last)

    def hits(self, sentences: Sequence[str]) -> Sequence[Hit]:
        """These sentences, unscored, in the order of their ids; without those that it does not hold."""
        if not sentences:
            return ()
        wanted = tantivy.Query.term_set_query(self._schema, "id", list(sentences))
        try:
            found = self._searcher.search(wanted, limit=len(sentences)).hits
            hits = [self._hit(0.0, address) for _, address in found]
        except (OSError, ValueError) as fault:
            raise RetrievalError(f"The text index could not be searched: {fault}.") from fault
        return tuple(sorted(hits, key=lambda hit: hit.sentence))

    def _hit(self, score: float, address: tantivy.DocAddress) -> Hit:
        document = self._searcher.doc(address)
        note = json.loads(str(document.get_first("note")))
        return Hit(
            sentence=str(document.get_first("id")),
            source=str(document.get_first("source")),
            score=round(float(score), 4),
            annotation=Annotation(
                frozenset(note["t"]),
                frozenset(note["c"]),
                tuple(note["i"]),
                frozenset(note["w"]),
                tuple(note["o"]),
            ),
        )

    def _query(self, query: Query) -> tantivy.Query | None:
        parts = [self._group(group.concepts) for group in query.groups]
        parts += [part for word, weight in query.words if (part := self._word(word, weight))]
        if not parts:
            return None
        kinds = [(tantivy.Occur.Should, self._term("kind", kind.value)) for kind in query.kinds]
        return tantivy.Query.boolean_query(
            [
                (
                    tantivy.Occur.Must,
                    tantivy.Query.const_score_query(tantivy.Query.boolean_query(kinds), 0.0),
                ),
                (
                    tantivy.Occur.Must,
                    tantivy.Query.boolean_query([(tantivy.Occur.Should, p) for p in parts]),
                ),
            ]
        )

    def _group(self, concepts: tuple[tuple[str, float], ...]) -> tantivy.Query:
        options = []
        for concept, weight in concepts:
            for name, share in (("concepts", _IN_TEXT), ("context", _IN_CONTEXT)):
                term = self._term(name, concept)
                options.append(tantivy.Query.boost_query(term, weight * share))
        return tantivy.Query.disjunction_max_query(options)

    def _word(self, word: str, weight: float) -> tantivy.Query | None:
        options = [
            tantivy.Query.boost_query(self._term(name, stem), weight * share)
            for stem in self._stems.analyze(word)
            for name, share in (("text", 1.0), ("title", _WORD_TITLE))
        ]
        return tantivy.Query.disjunction_max_query(options) if options else None

    def _term(self, name: str, value: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, name, value, index_option="freq")
