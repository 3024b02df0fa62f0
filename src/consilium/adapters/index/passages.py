"""The index of passages on tantivy: works in their own words, found by phrases, words and MeSH headings.

One document is one passage. Nothing in it depends on the lexicon: whoever searches brings the names of what is
asked about, so a wider lexicon asks for no new index. A generation never changes; ``passage_generation`` makes
the next one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import tantivy

from consilium.adapters.sources.works import Work, passages_of
from consilium.domain.evidence import SourceKind
from consilium.errors import IndexMismatch, RetrievalError

# Part of the name of a generation: raise it when fields, tokenisers or what is put into them change.
ANALYSER = "passages/1"
# A heading says what a whole work is about, a name in the passage what this part of it says.
_HEADING = 0.7
_TIES, _MOST = 32, 4096
_DIGITS = 4  # of a score


class Found(NamedTuple):
    """A passage that a search found, by its id ("pmid-1:0"), with its source.

    ``version`` is the version of the source that was indexed: read its sentences by ``Store.version``, for while
    something is added the current version may be a later one.
    """

    passage: str
    source: str
    version: int
    score: float


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that is asked about; whatever of it fits best counts, once.

    Attributes:
        names: what it is called, in words as people write them, each with a weight. A name of several words is
            sought as a phrase; words are stemmed, case does not matter.
        headings: the names of its MeSH headings, and of narrower ones if they are to count, each with a weight.
    """

    names: tuple[tuple[str, float], ...]
    headings: tuple[tuple[str, float], ...] = ()


def schema() -> tantivy.Schema:
    """The fields of a passage."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("source", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("version", stored=True)
    builder.add_text_field("kind", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("design", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("mesh", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("text", tokenizer_name="en_stem", index_option="position")
    builder.add_unsigned_field("year", indexed=True, fast=True)
    return builder.build()


def documents(work: Work, version: int) -> Iterator[tantivy.Document]:
    """A document for each passage of a work."""
    about = work["source"]
    for name, text in passages_of(dict(work)).items():
        document = tantivy.Document(
            id=name,
            source=work["id"],
            kind=work["kind"],
            design=about["publication_type"],
            # Two values: no phrase goes from a title over into its text.
            text=[about["title"], text],
            mesh=sorted({folded(heading) for heading in work["mesh"]}),
        )
        document.add_unsigned("version", version)
        if about.get("year"):
            document.add_unsigned("year", about["year"])
        yield document


def folded(heading: str) -> str:
    """A MeSH heading as it is indexed: without qualifier, asterisk and case."""
    return " ".join(heading.split("/", maxsplit=1)[0].replace("*", " ").casefold().split())


class PassageIndex:
    """A reader of one generation of passages."""

    def __init__(self, folder: Path) -> None:
        """Open the generation in ``folder``.

        Raises:
            IndexMismatch: there is none, or it is damaged.
        """
        try:
            index = tantivy.Index.open(str(folder))
        except (OSError, ValueError) as fault:
            raise IndexMismatch(f"The index of passages in {folder} is damaged: {fault}.") from fault
        self._schema, self._searcher = index.schema, index.searcher()
        self._words = (
            tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
            .filter(tantivy.Filter.remove_long(40))
            .filter(tantivy.Filter.lowercase())
            .filter(tantivy.Filter.stemmer("english"))
            .build()
        )

    @property
    def size(self) -> int:
        """How many passages can be found."""
        return int(self._searcher.num_docs)

    def document_frequency(self, word: str) -> int:
        """In how many passages a word, or a name as a phrase, occurs."""
        query = self._phrase(word, 1.0)
        return int(self._searcher.search(query, limit=1).count or 0) if query else 0  # type: ignore[attr-defined] # the stub lacks it

    def search(
        self,
        groups: Sequence[Asked],
        words: Sequence[tuple[str, float]],
        kinds: Sequence[SourceKind],
        limit: int,
        *,
        designs: Sequence[str] = (),
        since: int | None = None,
    ) -> tuple[Found, ...]:
        """The best passages, best first, ties by id; what ties with the last of them is there too.

        Each group adds the score of that name or heading of it which fits best, and each word its own; none is
        obligatory. The same generation gives the same answer to the same query.

        Args:
            words: loose words, each with a weight.
            kinds: only sources of these kinds; none of them finds nothing.
            limit: how many, ties not counted.
            designs: only works of one of these designs, as ``Source.design`` names them; none: of any.
            since: only works of this year or later; those without a year are left out.

        Raises:
            RetrievalError: the index could not be searched.
        """
        wanted = [part for group in groups if (part := self._best_of(group))]
        wanted += [part for word, weight in words if (part := self._phrase(word, weight))]
        if not wanted or not kinds or limit < 1:
            return ()
        must = [_any(wanted), self._one_of("kind", [kind.value for kind in kinds])]
        must += [self._one_of("design", designs)] if designs else []
        must += [self._since(since)] if since is not None else []
        query = tantivy.Query.boolean_query([(tantivy.Occur.Must, part) for part in must])
        try:
            hits = self._through_ties(query, limit)
            found = sorted(
                (self._found(score, address) for score, address in hits), key=lambda f: (-f.score, f.passage)
            )
        except (OSError, ValueError) as fault:
            raise RetrievalError(f"The index of passages could not be searched: {fault}.") from fault
        return tuple(f for f in found if len(found) <= limit or f.score >= found[limit - 1].score)

    def _through_ties(self, query: tantivy.Query, limit: int) -> list[tuple[float, tantivy.DocAddress]]:
        """The best hits and what ties with the last of them, unless that is thousands."""
        wanted = limit + _TIES
        while True:
            hits = self._searcher.search(query, limit=wanted, count=False).hits
            found = [(round(float(score), _DIGITS), address) for score, address in hits]
            if (
                len(found) < wanted
                or found[-1][0] < found[limit - 1][0]
                or wanted > max(_MOST, limit + _TIES)
            ):
                return found
            wanted *= 4

    def _found(self, score: float, address: tantivy.DocAddress) -> Found:
        document = self._searcher.doc(address)
        version = int(str(document.get_first("version")))
        return Found(str(document.get_first("id")), str(document.get_first("source")), version, score)

    def _best_of(self, group: Asked) -> tantivy.Query | None:
        options = [part for name, weight in group.names if (part := self._phrase(name, weight))]
        options += [
            tantivy.Query.boost_query(self._term("mesh", folded(heading)), weight * _HEADING)
            for heading, weight in group.headings
        ]
        return tantivy.Query.disjunction_max_query(options) if options else None

    def _phrase(self, name: str, weight: float) -> tantivy.Query | None:
        stems = self._words.analyze(name)
        if not stems:
            return None
        query = (
            tantivy.Query.phrase_query(self._schema, "text", list(stems))
            if len(stems) > 1
            else tantivy.Query.term_query(self._schema, "text", stems[0], index_option="freq")
        )
        return tantivy.Query.boost_query(query, weight)

    def _term(self, field: str, value: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, value, index_option="basic")

    def _one_of(self, field: str, values: Iterable[str]) -> tantivy.Query:
        return _unscored(_any(self._term(field, value) for value in values))

    def _since(self, year: int) -> tantivy.Query:
        unsigned = tantivy.FieldType.Unsigned
        return _unscored(tantivy.Query.range_query(self._schema, "year", unsigned, lower_bound=year))


def _any(parts: Iterable[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, part) for part in parts])


def _unscored(query: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.const_score_query(query, 0.0)
