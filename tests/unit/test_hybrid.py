"""Text and meaning in one order, and text alone where meaning cannot be told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.contract.test_ports import ALL, ANCESTORS, ROWS
from tests.embedding import FakeEmbedder, everything
from tests.fakes import FakeIndex, FakeLibrary

from consilium.adapters.index.hybrid import Hybrid
from consilium.adapters.vectors import meaning as meanings
from consilium.adapters.vectors.embed import embed
from consilium.adapters.vectors.meaning import Meaning
from consilium.domain.evidence import SourceKind
from consilium.errors import ConfigurationError, EmbeddingError
from consilium.ports import ConceptGroup, Query, Searched

CROUP = Query((ConceptGroup((("croup", 1.0),)),), (), ALL, 10, "croup")


class Told:
    """A meaning that says what it is told to say."""

    def __init__(self, near, outdated=(), depth=None, met=None):
        self._near, self._outdated, self._depth, self._met = near, outdated, depth, met or {}

    def searched(self):
        return Searched(vectors=7)

    def depth(self, limit):
        return self._depth or limit

    def similar(self, query, found):
        return self._near

    def met(self, query, sentences):
        return {name: self._met[name] for name in sentences if name in self._met}

    def outdated(self, sentences):
        return set(self._outdated) & set(sentences)


def _search(meaning, query=CROUP):
    return [(h.sentence, h.score) for h in Hybrid(FakeIndex(ROWS, ANCESTORS), meaning).search(query)]


def test_both_scores_are_spread_and_added_half_and_half_on_the_scale_of_the_text():
    # By text a, b, c have 1.0 and d 0.5; spread: 1, 1, 1, 0.
    found = _search(Told({"a#1": 0.2, "b#1": 0.6, "c#1": 0.4, "d#1": 0.6}))
    assert found == [("b#1", 1.0), ("c#1", 0.75), ("a#1", 0.5), ("d#1", 0.5)]


def test_what_is_near_without_a_word_in_common_is_found_with_its_notes():
    index = Hybrid(FakeIndex(ROWS, ANCESTORS), Told({"a#1": 0.2, "e#1": 0.9}))
    hits = {hit.sentence: hit for hit in index.search(CROUP)}
    assert hits["e#1"].score == 0.5
    assert hits["e#1"].annotation == ROWS[4][2]


def test_late_interaction_has_half_of_a_short_question_and_less_of_a_long_one():
    near, met = {"a#1": 0.5, "b#1": 0.5}, {"a#1": 0.2, "b#1": 0.4}
    short = dict(_search(Told(near, met=met)))
    assert (short["a#1"], short["b#1"]) == (0.5, 1.0)
    long = dict(_search(Told(near, met=met), replace(CROUP, asked="croup " * 16)))
    assert (long["a#1"], long["b#1"]) == (0.75, 1.0)


def test_word_pieces_of_how_a_sentence_read_before_count_for_nothing():
    told = Told({"a#1": 0.5, "b#1": 0.5}, outdated=["b#1"], met={"a#1": 0.2, "b#1": 0.4})
    hits = {h.sentence: h.by_pieces for h in Hybrid(FakeIndex(ROWS, ANCESTORS), told).search(CROUP)}
    assert hits["a#1"] is not None
    assert hits["b#1"] is None


def test_a_sentence_without_a_vector_is_placed_by_its_text():
    found = dict(_search(Told({"a#1": 0.2, "b#1": 0.6})))
    assert found["c#1"] == 1.0
    assert found["d#1"] == 0.0


def test_a_search_that_asks_nothing_in_words_is_the_text_s():
    found = _search(Told({"e#1": 0.9}), replace(CROUP, asked=""))
    assert found == [("a#1", 1.0), ("b#1", 1.0), ("c#1", 1.0), ("d#1", 0.5)]


def test_ties_at_the_end_are_all_returned():
    found = _search(Told({"a#1": 0.9, "b#1": 0.5, "c#1": 0.5, "d#1": 0.1}), replace(CROUP, limit=2))
    assert [name for name, _ in found] == ["a#1", "b#1", "c#1"]


def test_a_vector_of_how_a_sentence_read_before_counts_for_nothing():
    found = dict(_search(Told({"a#1": 0.2, "b#1": 0.6, "e#1": 0.9}, outdated=["e#1", "b#1"])))
    assert "e#1" not in found
    assert found["b#1"] == 1.0


def test_what_a_search_depends_on_is_what_meaning_depends_on():
    assert Hybrid(FakeIndex(ROWS, ANCESTORS), Told({})).searched() == Searched(vectors=7)


def test_a_service_that_failed_was_sent_the_question_all_the_same(tmp_path):
    embed(tmp_path, everything(), FakeEmbedder())

    class Far(FakeEmbedder):
        sent_to = "e.example"

        def encode_queries(self, texts):
            raise EmbeddingError

    meaning = _meaning(tmp_path, Far)
    meaning.similar(ASKED, [])
    assert meaning.searched() == Searched(None, "e.example", fell_back=True)


def test_an_answer_says_where_its_question_was_sent_and_what_did_without(world):
    from dataclasses import replace as put

    from consilium.api import encoded, outcome_of
    from consilium.domain.question import Question

    class Elsewhere(Hybrid):
        def searched(self):
            return Searched(None, "e.example", fell_back=True)

    def run(text):
        elsewhere = put(world, index=Elsewhere(world.index, Told(None)))
        return encoded(outcome_of(Question(text), elsewhere), elsewhere)["run"]

    told = run("What helps in croup?")
    assert [sent["to"] for sent in told["sent_outside"]] == ["e.example"]
    assert [fall["stage"] for fall in told["fallbacks"]] == ["retrieve"]
    refused = run("How do I change a bicycle tyre?")
    assert (refused["sent_outside"], refused["fallbacks"]) == ([], [])


def test_where_meaning_cannot_be_told_the_hits_are_those_of_the_text():
    alone = FakeIndex(ROWS, ANCESTORS).search(CROUP)
    assert Hybrid(FakeIndex(ROWS, ANCESTORS), Told(None)).search(CROUP) == alone
    few = replace(CROUP, limit=1)
    assert Hybrid(FakeIndex(ROWS, ANCESTORS), Told(None, depth=1000)).search(few) == FakeIndex(
        ROWS, ANCESTORS
    ).search(few)


RECORDS = [
    {"id": f"s{n:05}", "kind": "study", "topics": [], "mesh": [], "reuse": {"license": "own_work"},
     "source": {"title": f"Title {n}", "publication_type": "Review", "status": "current"},
     "statements": [{"id": f"s{n:05}#1", "kind": "finding", "text": f"Sentence number {n} about croup.",
                     "strength": {}, "certainty": {}, "verification": {"level": "primary"}}]}
    for n in range(10)
]  # fmt: skip
ASKED = Query((), (), (SourceKind.STUDY, SourceKind.GUIDELINE), 3, "number 7 croup")


def _meaning(folder, embedder=FakeEmbedder, scanned=1000, records=RECORDS):
    return Meaning(folder, embedder, FakeLibrary(records), scanned)


def test_a_small_library_is_looked_through_whole(tmp_path):
    embed(tmp_path, everything(), FakeEmbedder())
    meaning = _meaning(tmp_path)
    assert meaning.depth(3) == 3
    near = meaning.similar(ASKED, ["s00001#1"])
    assert "s00001#1" in near
    assert max(near, key=near.get) == "s00007#1"
    assert meaning.about == "words, 10 vectors"


def test_kinds_that_are_not_asked_for_are_not_brought_up(tmp_path):
    embed(tmp_path, everything(), FakeEmbedder())
    near = _meaning(tmp_path).similar(replace(ASKED, kinds=(SourceKind.GUIDELINE,)), [])
    assert all(int(name[1:6]) % 2 == 0 for name in near)


def test_in_a_large_library_only_what_the_text_found_is_scored(tmp_path):
    embed(tmp_path, everything(), FakeEmbedder())
    meaning = _meaning(tmp_path, scanned=9)
    assert meaning.depth(3) == meanings.RESCORED
    assert set(meaning.similar(ASKED, ["s00001#1", "z#1"])) == {"s00001#1"}


def test_a_sentence_that_reads_otherwise_now_is_outdated(tmp_path):
    embed(tmp_path, everything(2), FakeEmbedder())
    kind = {**RECORDS[0], "kind": "guideline"}
    text = {**RECORDS[1], "statements": [{**RECORDS[1]["statements"][0], "text": "Other."}]}
    meaning = _meaning(tmp_path, records=[kind, text, RECORDS[2]])
    meaning.similar(ASKED, [])
    assert meaning.outdated(["s00000#1", "s00001#1", "s00002#1"]) == {"s00001#1"}
    assert _meaning(tmp_path).outdated(["s00001#1"]) == set()


def test_without_vectors_nothing_is_opened(tmp_path):
    def never():
        raise AssertionError

    meaning = _meaning(tmp_path / "none", never)
    assert meaning.similar(ASKED, []) is None
    assert meaning.trouble == meanings.NO_VECTORS
    assert meaning.about is None


def test_a_missing_model_leaves_it_at_text_and_is_told(tmp_path):
    embed(tmp_path, everything(), FakeEmbedder())

    def missing():
        raise ConfigurationError("No embedding model is installed.")

    meaning = _meaning(tmp_path, missing)
    assert meaning.similar(ASKED, []) is None
    assert meaning.trouble == "No embedding model is installed."


def test_vectors_that_are_made_while_a_process_runs_are_taken_up(tmp_path):
    meaning = _meaning(tmp_path)
    assert meaning.similar(ASKED, []) is None
    embed(tmp_path, everything(5), FakeEmbedder())
    assert len(meaning.similar(replace(ASKED, limit=99), [])) == 5
    embed(tmp_path, everything(10), FakeEmbedder())
    assert len(meaning.similar(replace(ASKED, limit=99), [])) == 10
    assert meaning.trouble is None


@pytest.fixture
def clock(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(meanings.time, "monotonic", lambda: now[0])
    return now


def test_a_model_that_fails_is_left_alone_for_a_minute_then_tried_again(tmp_path, clock):
    embed(tmp_path, everything(), FakeEmbedder())
    asked = []

    class Failing(FakeEmbedder):
        def encode_queries(self, texts):
            asked.append(texts)
            if len(asked) == 1:
                raise EmbeddingError("It did not answer.")
            return super().encode_queries(texts)

    meaning = _meaning(tmp_path, Failing)
    assert meaning.similar(ASKED, []) is None
    assert meaning.similar(ASKED, []) is None
    assert (len(asked), meaning.trouble) == (1, "It did not answer.")
    clock[0] += 61
    assert meaning.similar(ASKED, [])
    assert (len(asked), meaning.trouble) == (2, None)


def test_a_question_that_is_asked_of_several_kinds_is_embedded_once(tmp_path):
    embed(tmp_path, everything(), FakeEmbedder())
    asked = []

    class Counting(FakeEmbedder):
        def encode_queries(self, texts):
            asked.append(texts)
            return super().encode_queries(texts)

    meaning = _meaning(tmp_path, Counting)
    meaning.similar(ASKED, [])
    meaning.similar(replace(ASKED, kinds=(SourceKind.GUIDELINE,)), [])
    assert len(asked) == 1


def test_what_is_asked_by_a_brand_is_searched_by_its_proper_name_too(world):
    from consilium.domain.question import Question
    from consilium.pipeline.plan import plan
    from consilium.pipeline.retrieve import in_proper_names

    made = plan(Question("Who benefits from Paxlovid?"), world.lexicon, world.index, world.speller)
    assert in_proper_names(made, world.lexicon).startswith("Who benefits from Paxlovid? (nirmatrelvir")
    plain = plan(Question("What helps in croup?"), world.lexicon, world.index, world.speller)
    assert in_proper_names(plain, world.lexicon) == "What helps in croup?"
