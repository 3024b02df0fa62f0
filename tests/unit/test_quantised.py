"""The model of eight bits against the published one, and as a file that is made the same everywhere."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from tests import MODEL

from consilium.adapters.embedding import graph, installed, quantised
from consilium.adapters.embedding.install import make_int8
from consilium.errors import ConfigurationError

REFERENCE = Path(__file__).resolve().parents[1] / "fixtures" / "minilm_vectors.jsonl"
# Measured: mean 0.9982 and least 0.9926 (texts of no words), mean 0.9989 over the starter library (ADR 12).
LEAST_MEAN, LEAST = 0.997, 0.99


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A data folder with the published model and the one that is made of it."""
    if not installed.is_there(MODEL):
        pytest.skip("the embedding model is not installed (consilium models install)")
    place = tmp_path_factory.mktemp("data")
    folder = installed.folder_of(place)
    folder.parent.mkdir()
    folder.symlink_to(MODEL)
    make_int8(place)
    return place


@pytest.fixture(scope="module")
def opened(data):
    pytest.importorskip("onnxruntime", reason="onnxruntime is not installed (consilium[onnx])")
    from consilium.adapters.embedding.int8 import Int8MiniLM

    return Int8MiniLM(installed.folder_of(data), installed.int8_of(data), threads=2)


def test_the_file_is_made_to_the_last_bit_as_it_is_known(data):
    file = installed.int8_of(data)
    assert file.stat().st_size == installed.INT8.size
    assert hashlib.sha256(file.read_bytes()).hexdigest() == installed.INT8.sha256


def test_every_vector_is_nearly_that_of_the_reference(opened):
    rows = [json.loads(line) for line in REFERENCE.read_text("utf-8").splitlines()]
    made = opened.encode_documents([row["text"] for row in rows])
    near = (made * np.array([row["vector"] for row in rows])).sum(axis=1)
    assert near.mean() > LEAST_MEAN
    assert near.min() > LEAST


def test_a_text_has_the_same_numbers_whatever_is_beside_it_and_on_however_many_threads(opened, data):
    from consilium.adapters.embedding.int8 import Int8MiniLM

    texts = ["Croup needs calm.", "", "Fever passes. " * 200, "Croup"] * 3
    alone = np.vstack([opened.encode_queries([text]) for text in texts])
    single = Int8MiniLM(installed.folder_of(data), installed.int8_of(data))
    assert alone.tobytes() == opened.encode_documents(texts).tobytes()
    assert alone.tobytes() == single.encode_documents(texts).tobytes()


def test_its_vectors_are_not_taken_for_those_of_the_published_model(opened):
    from consilium.adapters.embedding.minilm import MiniLM

    assert opened.fingerprint != MiniLM.fingerprint


def test_a_damaged_file_is_refused_with_what_to_do(opened, data, tmp_path):
    from consilium.adapters.embedding.int8 import Int8MiniLM

    raw = installed.int8_of(data).read_bytes()
    (tmp_path / "m.onnx").write_bytes(raw[:-9] + b"\xff" * 9)
    with pytest.raises(ConfigurationError, match="consilium models install --int8 --again"):
        Int8MiniLM(installed.folder_of(data), tmp_path / "m.onnx")
    with pytest.raises(ConfigurationError, match="consilium models install --int8 --again"):
        installed.check_int8(tmp_path / "m.onnx")


def test_it_is_made_once_and_a_damaged_one_is_named(data, tmp_path):
    folder = installed.folder_of(tmp_path)
    folder.parent.mkdir()
    folder.symlink_to(MODEL)
    installed.int8_of(tmp_path).write_bytes(b"\0" * installed.INT8.size)
    with pytest.raises(ConfigurationError, match="--int8 --again"):
        make_int8(tmp_path)
    assert make_int8(tmp_path, again=True).read_bytes() == installed.int8_of(data).read_bytes()
    assert [file.name for file in folder.parent.iterdir() if file.name.startswith(".installing")] == []


def test_steps_come_back_within_half_a_step():
    numbers = np.random.default_rng(1).standard_normal((40, 7)).astype(np.float32)
    wholes, scale = quantised.steps(numbers, 0)
    assert np.abs(wholes * scale - numbers).max() <= scale.max() / 2 * 1.001
    assert np.abs(wholes).max(axis=0).tolist() == [127] * 7


def test_a_column_of_nothing_stays_nothing():
    wholes, scale = quantised.steps(np.zeros((3, 2), np.float32), 0)
    assert not wholes.any()
    assert np.isfinite(scale).all()


def test_a_written_graph_is_read_and_run():
    onnxruntime = pytest.importorskip("onnxruntime", reason="onnxruntime is not installed (consilium[onnx])")
    made = graph.Graph()
    table = made.constant(np.arange(8, dtype=np.float32).reshape(4, 2))
    found = made.add("ReduceMean", made.add("Gather", table, "in"), made.constant(np.array([0])), keepdims=1)
    session = onnxruntime.InferenceSession(
        made.written("in", "out", found, 2), providers=["CPUExecutionProvider"]
    )
    assert session.run(["out"], {"in": np.array([0, 3])})[0].tolist() == [[3.0, 4.0]]


def test_a_model_that_lacks_a_part_gives_no_graph():
    with pytest.raises(KeyError):
        quantised.graph({})
