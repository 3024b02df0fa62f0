"""Vectors of word pieces: kept, merged, read, and refused where they are not what was written."""

from __future__ import annotations

import numpy as np
import pytest
from tests.embedding import AXES, DIMENSION, FakeEmbedder, PieceFake, everything

from consilium.adapters.index import fusion
from consilium.adapters.vectors import embed as embedding
from consilium.adapters.vectors import manifest as manifests
from consilium.adapters.vectors.embed import embed
from consilium.adapters.vectors.pieces import PieceRows
from consilium.adapters.vectors.shelf import Shelf
from consilium.errors import EmbeddingError, VectorsMismatch
from consilium.ports import PieceEmbedder, Pieces


def _shelf(folder, count=6):
    embed(folder, everything(count), PieceFake())
    return Shelf(folder, PieceFake().fingerprint)


def test_an_embedder_of_words_alone_is_none_of_word_pieces():
    assert not isinstance(FakeEmbedder(), PieceEmbedder)


def test_each_piece_of_a_question_counts_as_its_best_match_by_its_weight(tmp_path):
    # The text is "Title 0. Sentence number 0 about croup.": words of 5, 2, 8, 6, 1, 5, 6 letters.
    asked = Pieces(AXES[[0, 3]], np.array([0.75, 0.25], np.float32))
    met = _shelf(tmp_path).interaction(asked, ["s00000#1", "nobody#1"])
    assert met == {"s00000#1": pytest.approx(0.75 * 127 / 180)}


def test_a_question_without_pieces_meets_nothing(tmp_path):
    assert _shelf(tmp_path).interaction(Pieces(AXES[:0], np.empty(0, np.float32)), ["s00000#1"]) == {}


def test_eight_bits_a_number_keep_rows_of_usual_size(tmp_path):
    rows = np.random.default_rng(0).standard_normal((40, DIMENSION)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    fake = PieceFake()
    fake.encode_pieces = lambda texts: (fake.encode_documents(texts), [rows] * len(texts))
    embed(tmp_path, everything(1), fake)
    segment = manifests.read(tmp_path).segments[0]
    kept = PieceRows(tmp_path, segment).of(0)
    near = (kept * rows).sum(axis=1) / np.linalg.norm(kept, axis=1)
    assert near.min() > 0.999


def test_pieces_follow_their_texts_when_segments_are_merged(tmp_path, monkeypatch):
    monkeypatch.setattr(embedding, "STEP", 2)
    monkeypatch.setattr(embedding, "_MOST_SEGMENTS", 2)
    shelf = _shelf(tmp_path, 9)
    assert len(manifests.read(tmp_path).segments) == 1
    asked = PieceFake().encode_question("Title")
    assert set(shelf.interaction(asked, [f"s0000{n}#1" for n in range(9)])) == {
        f"s0000{n}#1" for n in range(9)
    }


@pytest.mark.parametrize("suffix", ["i8", "pieces"])
@pytest.mark.parametrize("damage", ["gone", "short"])
def test_a_file_that_is_gone_or_cut_short_is_refused_at_once(tmp_path, suffix, damage):
    _shelf(tmp_path)
    (file,) = tmp_path.glob(f"*.{suffix}")
    if damage == "gone":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[:-3])
    with pytest.raises(VectorsMismatch, match="library embed --again"):
        Shelf(tmp_path, PieceFake().fingerprint)


def test_a_byte_that_has_changed_is_found_when_its_text_is_read(tmp_path):
    _shelf(tmp_path)
    (file,) = tmp_path.glob("*.i8")
    content = bytearray(file.read_bytes())
    content[0] ^= 1
    file.write_bytes(content)
    shelf, asked = Shelf(tmp_path, PieceFake().fingerprint), PieceFake().encode_question("Title")
    assert shelf.interaction(asked, ["s00001#1"])
    with pytest.raises(VectorsMismatch, match="changed since it was written"):
        shelf.interaction(asked, ["s00000#1"])


def test_a_piece_that_is_no_number_is_not_kept(tmp_path):
    fake = PieceFake()
    fake.encode_pieces = lambda texts: (fake.encode_documents(texts), [AXES * np.nan] * len(texts))
    with pytest.raises(EmbeddingError, match="no number"):
        embed(tmp_path, everything(1), fake)
    assert not list(tmp_path.glob("*.i8"))


def test_what_is_not_among_the_best_stays_below_them():
    fused = {"a": 1.0, "b": 0.8, "c": 0.1}
    late = fusion.late("croup", fused, {"a": 0.2, "b": 0.9})
    assert late["b"] > late["a"] > late["c"]


def test_without_pieces_fusion_has_the_word():
    assert fusion.late("croup", {"a": 1.0}, {}) == {"a": 1.0}
