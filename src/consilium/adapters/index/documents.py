"""A text index of whole documents on tantivy: BM25 over stemmed words, title and text in one field.

Figures (nDCG@10, SciFact test and all of BioASQ) behind the query: without stop words .689 and .778, with
them .687 and .767; a word that is repeated counts once (twice: .686 and .777).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import tantivy

from consilium.errors import IndexMismatch, RetrievalError

# Names the folder in which an index is kept: raise it when fields, tokenisers or the query change.
ANALYSER = "en_stem+query_stop/1"
_HEAP = 64_000_000
_TIES = 32
_DIGITS = 4  # of a score

Found = tuple[tuple[str, float], ...]


def build(folder: Path, documents: Iterable[tuple[str, str]]) -> None:
    """Write an index of (id, text) into ``folder``, whole or not at all; one that is there stays.

    Raises:
        RetrievalError: it could not be written.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".building-", dir=folder.parent) as aside:
            made = Path(aside) / "index"
            made.mkdir()
            _write(made, documents)
            if not folder.exists():
                made.rename(folder)
    except (OSError, ValueError) as fault:
        raise RetrievalError(f"The text index could not be written to {folder}: {fault}.") from fault


def _write(folder: Path, documents: Iterable[tuple[str, str]]) -> None:
    schema = _schema()
    index = tantivy.Index(schema, path=str(folder))
    # One thread: what it writes is the same each time, and reading the documents takes as long.
    with index.writer(heap_size=_HEAP, num_threads=1) as writer:
        for name, text in documents:
            writer.add_document(tantivy.Document(id=name, text=text))


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("text", tokenizer_name="en_stem", index_option="freq")
    return builder.build()


class DocumentText:
    """A reader of what ``build`` wrote; a ``System`` of ``evaluation.retrieval``."""

    name = "text"

    def __init__(self, folder: Path) -> None:
        """Open the index in ``folder``.

        Raises:
            IndexMismatch: there is none, or it is damaged.
        """
        try:
            index = tantivy.Index.open(str(folder))
        except (OSError, ValueError) as fault:
            raise IndexMismatch(
                f"The text index in {folder} is damaged ({fault}); delete that folder."
            ) from fault
        self._schema, self._searcher = index.schema, index.searcher()
        self._content = _analyser(without_stop_words=True)
        self._all_words = _analyser(without_stop_words=False)

    @property
    def about(self) -> Mapping[str, object]:
        """What its scores depend on."""
        return {"analyser": ANALYSER, "tantivy": getattr(tantivy, "__version__", "unknown")}

    def terms(self, text: str) -> tuple[str, ...]:
        """The stemmed words of a text by which it is searched, each once; stop words only where there is no other."""
        return tuple(dict.fromkeys(self._content.analyze(text) or self._all_words.analyze(text)))

    def search(self, query: str, limit: int) -> Found:
        """The best documents with their scores, best first, ties by id.

        Raises:
            RetrievalError: the index could not be searched.
        """
        terms = self.terms(query)
        if not terms:
            return ()
        built = tantivy.Query.boolean_query(
            [
                (
                    tantivy.Occur.Should,
                    tantivy.Query.term_query(self._schema, "text", term, index_option="freq"),
                )
                for term in terms
            ]
        )
        try:
            found = [(self._id(address), score) for score, address in self._through_ties(built, limit)]
        except (OSError, ValueError) as fault:
            raise RetrievalError(f"The text index could not be searched: {fault}.") from fault
        return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0]))[:limit])

    def _through_ties(self, query: tantivy.Query, limit: int) -> list[tuple[float, tantivy.DocAddress]]:
        """The best hits and all that tie with the last of them: which of those come first is for the id to say."""
        wanted = limit + _TIES
        while True:
            hits = self._searcher.search(query, limit=wanted, count=False).hits
            found = [(round(float(score), _DIGITS), address) for score, address in hits]
            if len(found) < wanted or found[-1][0] < found[limit - 1][0]:
                return found
            wanted *= 4

    def _id(self, address: tantivy.DocAddress) -> str:
        return str(self._searcher.doc(address).get_first("id"))


def _analyser(*, without_stop_words: bool) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase())
    if without_stop_words:
        builder = builder.filter(tantivy.Filter.stopword("english"))
    return builder.filter(tantivy.Filter.stemmer("english")).build()
