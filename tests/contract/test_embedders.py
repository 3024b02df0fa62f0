"""One suite for whatever turns texts into vectors: the model on numpy and on onnxruntime, a service, and the fake."""

from __future__ import annotations

import numpy as np
import pytest
from tests import MODEL
from tests.embedding import DIMENSION, FakeEmbedder, PieceFake, serving, vectors_of

from consilium.adapters.embedding import installed
from consilium.adapters.embedding.endpoint import Endpoint
from consilium.adapters.embedding.install import make_int8
from consilium.adapters.embedding.minilm import MiniLM
from consilium.adapters.embedding.service import Service
from consilium.ports import Embedder, PieceEmbedder

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]
TEXTS = ["Croup needs calm.", "Fever passes.", "Croup needs dexamethasone, which helps within six hours."]
PIECE_WIDTH = 64


@pytest.fixture(scope="module")
def minilm_folder():
    if not installed.is_there(MODEL):
        pytest.skip("the embedding model is not installed (consilium models install)")
    return MODEL


@pytest.fixture(scope="module")
def int8(minilm_folder, tmp_path_factory):
    pytest.importorskip("onnxruntime", reason="onnxruntime is not installed (consilium[onnx])")
    from consilium.adapters.embedding.int8 import Int8MiniLM

    data = tmp_path_factory.mktemp("data")
    installed.folder_of(data).parent.mkdir()
    installed.folder_of(data).symlink_to(minilm_folder)
    return Int8MiniLM(minilm_folder, make_int8(data), threads=2)


@pytest.fixture(params=["minilm", "int8", "service", "fake"])
def embedder(request) -> Embedder:
    if request.param == "fake":
        yield FakeEmbedder()
    elif request.param == "int8":
        yield request.getfixturevalue("int8")
    elif request.param == "minilm":
        yield MiniLM(request.getfixturevalue("minilm_folder"), threads=2)
    else:
        with serving(lambda body, _: (200, {}, vectors_of(body))) as url:
            yield Endpoint(Service(url, "words", DIMENSION))


@pytest.fixture(params=["minilm", "int8", "fake"])
def of_pieces(request) -> PieceEmbedder:
    if request.param == "fake":
        return PieceFake()
    if request.param == "int8":
        return request.getfixturevalue("int8")
    return MiniLM(request.getfixturevalue("minilm_folder"), threads=2)


def test_it_is_an_embedder(embedder):
    assert isinstance(embedder, Embedder)


@pytest.mark.parametrize("encode", ["encode_queries", "encode_documents"])
def test_each_text_gives_a_float32_row_of_length_one_and_of_the_stated_dimension(embedder, encode):
    rows = getattr(embedder, encode)(TEXTS)
    assert (rows.shape, rows.dtype) == ((3, embedder.fingerprint.dimension), np.float32)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_rows_come_in_the_order_of_the_texts(embedder):
    both = embedder.encode_documents(TEXTS)
    for place, text in enumerate(TEXTS):
        assert embedder.encode_documents([text])[0] @ both[place] > 0.9999


def test_a_question_has_the_same_numbers_whatever_is_asked_beside_it(embedder):
    alone, beside = embedder.encode_queries(TEXTS[:1]), embedder.encode_queries(TEXTS)
    assert alone[0].tobytes() == beside[0].tobytes()


def test_texts_alike_are_nearer_than_others(embedder):
    rows = embedder.encode_documents(TEXTS)
    assert rows[0] @ rows[2] > rows[0] @ rows[1]


def test_no_texts_give_no_rows(embedder):
    assert embedder.encode_queries([]).shape == (0, embedder.fingerprint.dimension)
    assert embedder.encode_documents([]).shape == (0, embedder.fingerprint.dimension)


def test_an_empty_text_has_a_vector_too(embedder):
    assert np.isfinite(embedder.encode_documents([""])).all()


def test_it_is_an_embedder_of_word_pieces_and_says_so_in_its_fingerprint(of_pieces):
    assert isinstance(of_pieces, PieceEmbedder)
    assert of_pieces.fingerprint.pieces


def test_a_word_piece_is_a_float32_row_of_length_one_and_of_64_numbers(of_pieces):
    pieces = of_pieces.encode_pieces(TEXTS)[1]
    for rows in (*pieces, of_pieces.encode_question(TEXTS[0]).rows):
        assert (rows.shape, rows.dtype) == ((len(rows), PIECE_WIDTH), np.float32)
        assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert len(pieces[2]) > len(pieces[0]) > 0


def test_word_pieces_are_the_same_whatever_is_beside_their_text(of_pieces):
    for text, beside in zip(TEXTS, of_pieces.encode_pieces(TEXTS)[1], strict=True):
        assert np.allclose(of_pieces.encode_pieces([text])[1][0], beside, atol=1e-5)


def test_texts_have_the_same_vectors_with_their_word_pieces_as_without(of_pieces):
    assert of_pieces.encode_pieces(TEXTS)[0].tobytes() == of_pieces.encode_documents(TEXTS).tobytes()


def test_the_weights_of_a_question_sum_to_one_over_its_pieces(of_pieces):
    asked = of_pieces.encode_question(TEXTS[2])
    assert asked.weights.shape == (len(asked.rows),)
    assert (asked.weights >= 0).all()
    assert asked.weights.sum() == pytest.approx(1, abs=1e-5)


def test_the_pieces_of_a_question_are_among_those_of_the_same_text(of_pieces):
    (text,) = of_pieces.encode_pieces(TEXTS[2:])[1]
    assert (of_pieces.encode_question(TEXTS[2]).rows @ text.T).max(axis=1) == pytest.approx(1, abs=1e-4)


def test_an_empty_question_has_no_pieces_and_no_texts_give_none(of_pieces):
    asked = of_pieces.encode_question("")
    assert (asked.rows.shape, asked.weights.shape) == ((0, PIECE_WIDTH), (0,))
    assert list(of_pieces.encode_pieces([])[1]) == []
