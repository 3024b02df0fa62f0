"""Whole documents found by text, by meaning and by both, always in the same order."""

from __future__ import annotations

import pytest
from tests.collection import DOCUMENTS
from tests.embedding import FakeEmbedder

from consilium.adapters.index import documents as text_index
from consilium.adapters.index.documents import DocumentText
from consilium.adapters.index.fused import Fused
from consilium.adapters.vectors import documents as vectors
from consilium.adapters.vectors.documents import DocumentVectors
from consilium.errors import EmbeddingError, IndexMismatch, RetrievalError

TEXTS = [(name, f"{title} {text}".strip()) for name, (title, text) in DOCUMENTS.items()]


def _text(folder, texts=TEXTS):
    text_index.build(folder / "text", texts)
    return DocumentText(folder / "text")


def _dense(folder, model=None):
    model = model or FakeEmbedder()
    vectors.embed(folder / "vectors", lambda: TEXTS, model)
    return DocumentVectors(folder / "vectors", model)


def _names(found):
    return [name for name, _ in found]


def test_a_document_is_found_by_the_stems_of_its_title_and_text(tmp_path):
    index = _text(tmp_path)
    assert _names(index.search("children with croups", 1)) == ["d1"]
    assert _names(index.search("relieving", 10)) == ["d9", "d2", "d1"]  # the shortest first


def test_words_that_every_text_has_do_not_count(tmp_path):
    assert _names(_text(tmp_path).search("What is the gout?", 10)) == ["d9"]


def test_a_question_of_such_words_alone_is_searched_for_them(tmp_path):
    assert "d12" in _names(_text(tmp_path).search("of the", 10))


def test_what_is_typed_is_never_read_as_a_query_language(tmp_path):
    index = _text(tmp_path)
    typed = 'text:gout AND (NOT "scurvy*" OR id:d1~2^9 [a TO b] \\'
    assert _names(index.search(typed, 2)) == _names(index.search("gout scurvy text", 2))


@pytest.mark.parametrize("asked", ["", "  ", "?!", "qwxz"])
def test_a_question_without_a_known_word_finds_nothing(tmp_path, asked):
    assert _text(tmp_path).search(asked, 10) == ()


def test_ties_come_by_id_however_many_there_are_and_in_whatever_order_they_were_written(tmp_path):
    alike = [(f"s{7 * number % 300:03}", "Croup.") for number in range(300)]
    assert _names(_text(tmp_path, alike).search("croup", 5)) == ["s000", "s001", "s002", "s003", "s004"]


def test_an_index_that_is_there_is_not_written_again(tmp_path):
    _text(tmp_path)
    text_index.build(tmp_path / "text", [("x", "other")])
    assert _names(DocumentText(tmp_path / "text").search("gout", 1)) == ["d9"]


def test_an_index_that_could_not_be_finished_leaves_nothing_behind(tmp_path):
    def broken():
        yield from TEXTS
        raise ValueError("line 13 is broken")

    with pytest.raises(RetrievalError, match="line 13 is broken"):
        text_index.build(tmp_path / "text", broken())
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_index_says_which_folder_to_delete(tmp_path):
    _text(tmp_path)
    (tmp_path / "text" / "meta.json").write_text("{")
    with pytest.raises(IndexMismatch, match="delete that folder"):
        DocumentText(tmp_path / "text")


def test_the_nearest_document_comes_first(tmp_path):
    found = _dense(tmp_path).search("scurvy. ascorbic acid cures scurvy within weeks", 3)
    assert found[0] == ("d10", pytest.approx(1, abs=1e-5))
    assert len(found) == 3


def test_documents_are_embedded_once(tmp_path):
    model = FakeEmbedder()
    _dense(tmp_path, model)
    _dense(tmp_path, model)
    assert len(model.encoded) == len(TEXTS)


class Failing(FakeEmbedder):
    """A model that gives up at its third step."""

    steps = 0

    def encode_documents(self, texts):
        self.steps += 1
        if self.steps == 3:
            raise EmbeddingError
        return super().encode_documents(texts)


def test_embedding_goes_on_where_it_was_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(vectors, "STEP", 4)
    with pytest.raises(EmbeddingError):
        _dense(tmp_path, Failing())
    model, told = FakeEmbedder(), []
    vectors.embed(tmp_path / "vectors", lambda: TEXTS, model, report=told.append)
    assert model.encoded == [text for _, text in TEXTS[8:]]
    assert [(p.done, p.total) for p in told] == [(4, 4)]


def test_vectors_that_are_damaged_are_made_anew(tmp_path):
    _dense(tmp_path)
    (tmp_path / "vectors" / "manifest.json").write_text("{")
    model = FakeEmbedder()
    assert _names(_dense(tmp_path, model).search(TEXTS[4][1], 1)) == ["d5"]
    assert len(model.encoded) == len(TEXTS)


def test_both_together_hold_what_either_finds_with_its_exact_nearness(tmp_path):
    text, dense = _text(tmp_path), _dense(tmp_path)
    by_text, near = _names(text.search("gout spine", 100)), _names(dense.search("gout spine", 2))
    found = Fused(text, dense, depth=2).search("gout spine", 2)
    assert set(_names(found)) <= {*by_text, *near}
    assert found == Fused(text, dense, depth=2).search("gout spine", 2)


def test_the_order_of_both_is_that_of_the_sum_of_their_spread_scores(tmp_path):
    text, dense = _text(tmp_path), _dense(tmp_path)
    asked = "what relieves croup in children"
    by_text = dict(text.search(asked, 100))
    near = dense.near(dense.vector(asked), [name for name, _ in TEXTS])
    low, high = min(near.values()), max(near.values())
    least, most = min(by_text.values()), max(by_text.values())
    sums = {
        name: 0.5 * (near[name] - low) / (high - low)
        + 0.5 * ((by_text[name] - least) / (most - least) if name in by_text else 0)
        for name in near
    }
    found = Fused(text, dense).search(asked, 5)
    assert _names(found) == sorted(sums, key=lambda name: -sums[name])[:5]
    assert dict(found) == pytest.approx({name: sums[name] for name in _names(found)}, abs=1e-5)


def test_what_a_system_depends_on_is_told(tmp_path):
    about = Fused(_text(tmp_path), _dense(tmp_path)).about
    assert about["analyser"] == text_index.ANALYSER
    assert about["embedder"]["model"] == "words"
    assert about["dense_weight"] == 0.5
