"""One suite for whatever turns texts into vectors: the model on numpy and on onnxruntime, a service, and the fake."""

from __future__ import annotations

import numpy as np
import pytest
from tests import MODEL
from tests.embedding import DIMENSION, FakeEmbedder, serving, vectors_of

from consilium.adapters.embedding import installed
from consilium.adapters.embedding.endpoint import Endpoint
from consilium.adapters.embedding.install import make_int8
from consilium.adapters.embedding.minilm import MiniLM
from consilium.adapters.embedding.service import Service
from consilium.ports import Embedder

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]
TEXTS = ["Croup needs calm.", "Fever passes.", "Croup needs dexamethasone, which helps within six hours."]


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
