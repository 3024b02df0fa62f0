"""One suite for the index of passages, run on the engine and on its fake."""

from __future__ import annotations

import pytest
from tests.fakes import FakePassages
from tests.works import work

from consilium.adapters.index.passage_generation import build
from consilium.adapters.index.passages import Asked, PassageIndex
from consilium.domain.evidence import SourceKind

STUDIES = (SourceKind.STUDY,)
WORKS = [
    work("a", "Zinc shortened acute diarrhoea.", "Vomiting was common."),
    work("b", "Acute diarrhoea passed without zinc; zinc oxide cream helped skin."),
    work("c", "Nothing of the kind was found.", mesh=["Zinc"]),
    work("d", "Give zinc for acute diarrhoea.", kind="guideline"),
]


@pytest.fixture(params=["tantivy", "fake"])
def passages(request, tmp_path):
    if request.param == "fake":
        return FakePassages(WORKS)
    build(tmp_path, ((1, one) for one in WORKS))
    return PassageIndex(tmp_path)


def _found(passages, *groups, words=(), kinds=STUDIES, limit=10):
    asked = [Asked(tuple((name, 1.0) for name in group)) for group in groups]
    return [one.passage for one in passages.search(asked, words, kinds, limit)]


def test_passages_are_counted(passages):
    assert passages.size == 5


def test_a_phrase_is_found_word_for_word(passages):
    assert _found(passages, ("zinc oxide cream",)) == ["b:0"]


def test_a_group_counts_by_any_of_its_names(passages):
    assert set(_found(passages, ("vomiting", "zinc oxide cream"))) == {"a:1", "b:0"}


def test_a_heading_finds_what_does_not_name_it(passages):
    found = passages.search([Asked((), (("Zinc", 1.0),))], (), STUDIES, 10)
    assert [one.passage for one in found] == ["c:0"]


def test_words_find_passages(passages):
    assert _found(passages, words=(("vomiting", 1.0),)) == ["a:1"]


def test_kinds_of_source_are_kept_apart(passages):
    assert _found(passages, ("acute diarrhoea",), kinds=(SourceKind.GUIDELINE,)) == ["d:0"]


def test_how_many_passages_have_a_name_is_told(passages):
    assert passages.document_frequency("acute diarrhoea") == 3
    assert passages.document_frequency("xqz") == 0


def test_who_asks_nothing_finds_nothing(passages):
    assert _found(passages) == []
