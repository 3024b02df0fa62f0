"""One suite a port, run on the adapter and on its fake."""

from __future__ import annotations

import pytest
from tests.embedding import FakeEmbedder
from tests.fakes import FakeIndex, FakeLibrary, FakePassages

from consilium.adapters.index import tantivy_text
from consilium.adapters.index.hybrid import Hybrid
from consilium.adapters.index.joined import Joined
from consilium.adapters.library.store import Store
from consilium.adapters.vectors.meaning import Meaning
from consilium.domain.evidence import Annotation, Checked, Origin, Sentence, Source, SourceKind, StatementKind
from consilium.lexicon import concepts
from consilium.pipeline.annotate import annotate
from consilium.ports import ConceptGroup, Library, Query, Searched, TextIndex

ANCESTORS = {"croup": frozenset({"disease"}), "disease": frozenset(), "fever": frozenset()}
ALL = (SourceKind.GUIDELINE, SourceKind.STUDY, SourceKind.REGULATORY)


def _row(name, kind, text, concepts, context=()):
    source = Source(name, 1, kind, f"Title of {name}", "cohort study")
    sentence = Sentence(
        f"{name}#1", name, text, StatementKind.FINDING, Origin.SUMMARY, Checked.PRIMARY, f"{name}#1"
    )
    words = frozenset(text.lower().replace(".", "").split())
    return source, sentence, Annotation(frozenset(concepts), frozenset(context), ("signs",), words)


ROWS = [
    _row("a", SourceKind.GUIDELINE, "Croup needs calm.", {"croup"}),
    _row("b", SourceKind.STUDY, "Croup needs calm.", {"croup"}),
    _row("c", SourceKind.STUDY, "Croup needs calm.", {"croup"}),
    _row("d", SourceKind.STUDY, "Fever passes.", {"fever"}, {"croup"}),
    _row("e", SourceKind.STUDY, "Nothing here.", set()),
]


@pytest.fixture(params=["tantivy", "fake", "hybrid", "joined"])
def index(request, tmp_path) -> TextIndex:
    if request.param == "fake":
        return FakeIndex(ROWS, ANCESTORS)
    if request.param == "joined":
        lexicon = concepts.load()
        return Joined(FakeIndex(ROWS, ANCESTORS), FakePassages([]), FakeLibrary([]), lexicon, annotate)
    if request.param == "hybrid":
        meaning = Meaning(tmp_path / "no vectors", FakeEmbedder, FakeLibrary([]), 1000)
        return Hybrid(FakeIndex(ROWS, ANCESTORS), meaning)
    tantivy_text.build(tmp_path, ROWS, ANCESTORS)
    return tantivy_text.TantivyText(tmp_path)


def _ask(index, *concepts, words=(), kinds=ALL, limit=10):
    groups = tuple(ConceptGroup(((c, 1.0),)) for c in concepts)
    return index.search(Query(groups, tuple((w, 1.0) for w in words), kinds, limit))


def test_it_is_a_text_index(index):
    assert isinstance(index, TextIndex)
    assert index.size == len(ROWS)


def test_a_concept_finds_its_sentences_those_that_name_it_first(index):
    assert [hit.sentence for hit in _ask(index, "croup")] == ["a#1", "b#1", "c#1", "d#1"]


def test_a_wider_concept_finds_its_kinds(index):
    assert {hit.sentence for hit in _ask(index, "disease")} == {"a#1", "b#1", "c#1", "d#1"}


def test_kinds_of_source_filter_without_scoring(index):
    only = _ask(index, "croup", kinds=(SourceKind.GUIDELINE,))
    assert [hit.sentence for hit in only] == ["a#1"]


def test_ties_are_broken_by_id_and_all_returned(index):
    found = _ask(index, "croup", kinds=(SourceKind.STUDY,), limit=1)
    assert [hit.sentence for hit in found] == ["b#1", "c#1"]


def test_words_find_sentences(index):
    assert [hit.sentence for hit in _ask(index, words=("fever",))] == ["d#1"]


def test_sentences_are_found_by_id_unscored_in_order_without_those_it_does_not_hold(index):
    found = index.hits(["d#1", "z#1", "a#1"])
    assert [(hit.sentence, hit.score) for hit in found] == [("a#1", 0.0), ("d#1", 0.0)]
    assert found[1].annotation == ROWS[3][2]
    assert tuple(index.hits([])) == ()


def test_an_empty_query_finds_nothing(index):
    assert tuple(_ask(index)) == ()


def test_what_was_noted_comes_back_whole(index):
    assert _ask(index, words=("fever",))[0].annotation == ROWS[3][2]


def test_frequencies_count_sentences_with_kinds(index):
    assert index.frequency("disease") == 4
    assert index.frequency("unknown") == 0
    assert index.word_frequency("calm") == 3
    assert "calm" in index.vocabulary()


def test_without_vectors_hits_depend_on_nothing_beside_the_library(index):
    assert index.searched() == Searched()


def _record(name, text="It helps."):
    return {"id": name, "kind": "study", "topics": [], "mesh": [], "reuse": {"license": "own_work"},
            "source": {"title": name, "publication_type": "Review", "status": "current"},
            "statements": [{"id": f"{name}#1", "kind": "finding", "text": text, "strength": {},
                            "certainty": {}, "verification": {"level": "primary"}}]}  # fmt: skip


@pytest.fixture(params=["sqlite", "fake"])
def library(request, tmp_path):
    records = [_record("b"), _record("a")]
    if request.param == "fake":
        yield FakeLibrary(records)
        return
    store = Store(tmp_path / "library.sqlite3", write=True)
    store.replace("starter", records, "digest")
    yield store
    store.close()


def test_it_is_a_library(library):
    assert isinstance(library, Library)


def test_sources_come_in_the_order_of_their_ids(library):
    assert [source.id for source in library.sources()] == ["a", "b"]


def test_sources_and_sentences_are_found_by_id_or_not_at_all(library):
    assert library.source("a").title == "a"
    assert library.sentence("a#1").text == "It helps."
    assert [s.id for s in library.sentences("a")] == ["a#1"]
    assert library.source("z") is None
    assert library.sentence("z#1") is None
    assert library.sentence("a#9") is None
    assert tuple(library.sentences("z")) == ()


def test_each_collection_has_a_generation(library):
    assert library.generations() == {"starter": 1}


def test_a_cited_version_is_never_overwritten(tmp_path):
    store = Store(tmp_path / "library.sqlite3", write=True)
    store.replace("starter", [_record("a")], "one")
    store.replace("starter", [_record("a", "It harms.")], "two")
    assert store.sentence("a#1").text == "It harms."
    assert store.version("a", 1)[1]["a#1"].text == "It helps."
    assert store.source("a").version == 2
    assert store.generations() == {"starter": 2}
    store.replace("starter", [], "three")
    assert store.source("a") is None
    assert store.version("a", 2)[1]["a#1"].text == "It harms."
    store.close()


def _kinds(library, after=0):
    return [(c.id, c.source, c.kind.value) for c in library.changes(after, 10)]


def test_nothing_has_changed_of_what_was_there_first(library):
    assert library.changes(0, 10) == ()


def test_what_is_renewed_replaced_and_gone_is_told_in_order_after_a_cursor(library):
    library.add("starter", [_record("a", "It harms.")], "two")
    library.add("starter", [_record("c") | {"source": {**_record("c")["source"], "supersedes": ["b"]}}], "3")
    library.replace("starter", [_record("a", "It harms.")], "four")
    assert _kinds(library)[:2] == [(1, "a", "text_changed"), (2, "b", "new_edition")]
    assert _kinds(library, after=2) == [(3, "b", "vanished"), (4, "c", "vanished")]
    assert [c.id for c in library.changes(1, 1)] == [2]


def test_an_earlier_version_is_found_again(library):
    library.add("starter", [_record("a", "It harms.")], "two")
    source, sentences = library.version("a", 1)
    assert (source.version, sentences["a#1"].text) == (1, "It helps.")
    assert library.source("a").version == 2
    assert library.version("a", 3) is None
    assert library.version("z", 1) is None
