"""Statements and works in one index."""

from __future__ import annotations

import pytest
from tests.abstracts import WORKS, ZINC, over
from tests.fakes import FakePassages

from consilium.adapters.index.joined import Joined
from consilium.adapters.index.passages import Found
from consilium.domain.evidence import SourceKind
from consilium.domain.question import Question
from consilium.pipeline.annotate import annotate
from consilium.pipeline.plan import plan
from consilium.pipeline.retrieve import queries_of

ASKED = "Does zinc reduce diarrhoea in children?"


@pytest.fixture(scope="module")
def queries(world):
    return queries_of(plan(Question(ASKED), world.lexicon, world.index, world.speller), world.lexicon)


@pytest.fixture(scope="module")
def joined(world):
    return over(world).index


def test_statements_are_found_as_without_works(world, joined, queries):
    for query in queries:
        stated = [hit for hit in joined.search(query) if not hit.source.startswith("pmid-")]
        assert stated == list(world.index.search(query))


def test_only_sentences_that_may_be_cited_are_found(joined, queries):
    found = {hit.sentence for query in queries for hit in joined.search(query)}
    assert {"pmid-1#2", "pmid-1#4"} <= found
    assert "pmid-1#1" not in found


def test_a_sentence_that_names_more_of_the_question_comes_first(joined, queries):
    found = [hit.sentence for hit in joined.search(queries[1]) if hit.source == "pmid-1"]
    assert found.index("pmid-1#4") < found.index("pmid-1#5")


def test_a_passage_of_another_version_than_the_store_holds_is_passed_over(world, queries):
    class Behind(FakePassages):
        def search(self, *asked):
            return [Found(f.passage, f.source, f.version + 1, f.score) for f in super().search(*asked)]

    behind = over(world, WORKS, Behind(WORKS)).index
    assert behind.search(queries[1]) == world.index.search(queries[1])


def test_a_sentence_is_read_by_the_lexicon_once(world, queries):
    read = []

    def counting(sentence, source, lexicon):
        read.append(sentence.id)
        return annotate(sentence, source, lexicon)

    there = over(world)
    index = Joined(world.index, FakePassages(WORKS), there.library, world.lexicon, counting)
    for _ in range(2):
        index.search(queries[1])
    assert read
    assert len(read) == len(set(read))


def test_a_word_of_two_works_is_known(world):
    one, two = ([{**ZINC, "id": f"pmid-{n}"} for n in range(count)] for count in (1, 2))
    word = "vomiting"
    made = [over(world, works).index for works in (one, two)]
    for index in made:
        index.statements = _Without(index.statements)
    assert [index.holds(word) for index in made] == [False, True]


def test_a_word_that_only_works_use_is_rare_among_statements(world):
    index = over(world, [{**ZINC, "id": f"pmid-{n}"} for n in range(3)]).index
    index.statements = _Without(index.statements)
    assert index.word_frequency("vomiting") == 0


def test_a_concept_that_only_works_name_counts_as_their_share(world):
    index = over(world, [ZINC, *WORKS[1:]]).index
    index.statements = _Without(index.statements)
    assert index.frequency("zinc") == index.size  # every passage names it
    assert index.frequency("croup") == 0


class _Without:
    """An index of statements that names nothing."""

    def __init__(self, index):
        self.size = index.size

    def holds(self, word):
        return False

    def word_frequency(self, word):
        return 0

    def frequency(self, concept):
        return 0


def test_hits_of_works_are_read_by_their_ids(joined):
    (hit,) = joined.hits(["pmid-1#4"])
    assert (hit.sentence, hit.source, hit.score) == ("pmid-1#4", "pmid-1", 0.0)
    assert "zinc" in hit.annotation.text


def test_a_library_without_works_is_searched_as_its_statements_are(world, queries):
    empty = over(world, []).index
    for query in queries:
        assert empty.search(query) == world.index.search(query)
    assert queries[1].kinds == (SourceKind.STUDY,)
