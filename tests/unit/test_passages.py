"""Passages are found by phrases, words and MeSH headings; a generation stays what it was."""

from __future__ import annotations

import hashlib

import pytest
from tests.works import work

from consilium.adapters.index.passage_generation import Generation, build
from consilium.adapters.index.passages import Asked, PassageIndex
from consilium.domain.evidence import SourceKind
from consilium.errors import IndexMismatch

ALL = tuple(SourceKind)
WORKS = [
    work("pmid-1", "Hip fracture surgery lowered mortality.", title="Early repair", year=2019),
    work("pmid-2", "The hip joint. Fracture of the wrist.", title="Bones", year=2021),
    work("pmid-3", "Nothing of the kind.", title="Other", mesh=["Hip Fractures/surgery"]),
    work("nice-1", "Offer repair of a hip fracture.", kind="guideline", design="Guideline"),
]


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "one"
    made.mkdir()
    build(made, [(1, item) for item in WORKS])
    return made


def _sources(found):
    return [passage.source for passage in found]


def _search(folder, *groups, words=(), kinds=ALL, limit=10, **more):
    return PassageIndex(folder).search(groups, words, kinds, limit, **more)


def _named(name):
    return Asked(names=((name, 1.0),))


def test_a_name_of_several_words_is_a_phrase_whatever_its_endings_and_case(folder):
    assert set(_sources(_search(folder, _named("Hip Fractures")))) == {"pmid-1", "nice-1"}


def test_no_phrase_goes_from_a_title_over_into_the_text(folder):
    assert _search(folder, _named("repair hip")) == ()


def test_a_heading_finds_what_was_filed_under_it_with_any_qualifier(folder):
    asked = Asked((("hip fracture", 1.0),), (("Hip Fractures", 1.0),))
    found = _search(folder, asked)
    assert set(_sources(found)) == {"pmid-1", "nice-1", "pmid-3"}


def test_the_best_name_of_a_thing_counts_and_no_other_is_added(folder):
    once = _search(folder, _named("hip fracture"))
    twice = _search(folder, Asked((("hip fracture", 1.0), ("hip fractures", 1.0))))
    assert once == twice


def test_what_two_groups_find_comes_before_what_one_finds(folder):
    assert _sources(_search(folder, _named("hip fracture"), _named("mortality")))[0] == "pmid-1"


def test_words_add_to_what_groups_find_and_find_by_themselves(folder):
    assert _sources(_search(folder, words=(("wrist", 1.0),))) == ["pmid-2"]


def test_kinds_designs_and_years_filter_without_scoring(folder):
    asked = _named("hip fracture")
    both = {f.source: f.score for f in _search(folder, asked)}
    (only,) = _search(folder, asked, kinds=(SourceKind.GUIDELINE,))
    assert (only.source, only.score) == ("nice-1", both["nice-1"])
    assert _sources(_search(folder, asked, designs=("Guideline",))) == ["nice-1"]
    assert _sources(_search(folder, _named("hip"), since=2020)) == ["pmid-2"]


def test_an_empty_query_finds_nothing(folder):
    assert _search(folder) == ()
    assert _search(folder, _named("?!")) == ()
    assert _search(folder, _named("hip"), kinds=()) == ()


def test_ties_come_in_the_order_of_their_ids_and_are_all_there(tmp_path):
    build(tmp_path, [(1, work(f"pmid-{n}", "Rest helps.")) for n in (7, 3, 9, 1)])
    assert _sources(_search(tmp_path, _named("rest"), limit=2)) == ["pmid-1", "pmid-3", "pmid-7", "pmid-9"]


def test_size_and_frequency_count_passages(folder):
    index = PassageIndex(folder)
    assert index.size == 4
    assert index.document_frequency("fractures") == 3
    assert index.document_frequency("hip fracture") == 2
    assert index.document_frequency("unheard") == 0


def _bytes(folder):
    return {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.iterdir()
        if file.suffix != ".lock"
    }


def test_the_next_generation_changes_no_byte_of_the_last_and_no_answer_of_it(folder, tmp_path):
    held, answer = _bytes(folder), _search(folder, _named("hip fracture"))
    after = tmp_path / "two"
    after.mkdir()
    many = [(1, work(f"pmid-{n}", f"Hip fracture number {n}.")) for n in range(100, 400)]
    changed = (2, work("pmid-1", "Wrist fracture surgery."))
    next_ = Generation(after, folder)
    next_.take(many[:150])
    next_.take([changed, *many[150:]], gone=["pmid-1", "nice-1"])
    next_.finish()
    assert _bytes(folder) == held
    assert _search(folder, _named("hip fracture")) == answer
    assert set(_sources(_search(after, _named("wrist fracture")))) == {"pmid-1"}
    assert [f.version for f in _search(after, _named("wrist fracture"))] == [2]
    assert len(_search(after, _named("hip fracture"), limit=1000)) == 300
    assert "nice-1" not in _sources(_search(after, _named("repair"), limit=1000))


def test_a_generation_outlives_the_folder_that_it_was_linked_from(folder, tmp_path):
    import shutil

    after = tmp_path / "two"
    after.mkdir()
    Generation(after, folder).finish()
    shutil.rmtree(folder)
    assert set(_sources(_search(after, _named("hip fracture")))) == {"pmid-1", "nice-1"}


def test_an_index_that_is_not_there_is_named(tmp_path):
    with pytest.raises(IndexMismatch, match="passages"):
        PassageIndex(tmp_path / "none")
