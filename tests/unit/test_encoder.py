"""The forward pass on numpy against the reference, and against the formulas written out."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from tests import MODEL
from tests.embedding import safetensors, tensors

from consilium.adapters.embedding import installed
from consilium.adapters.embedding import tensors as reader
from consilium.adapters.embedding.encoder import HEADS, LAYERS, WIDTH, Encoder, gelu, pooled
from consilium.adapters.embedding.minilm import MAX_TOKENS, MiniLM, batches
from consilium.adapters.embedding.wordpiece import WordPiece
from consilium.errors import ConfigurationError

REFERENCE = Path(__file__).resolve().parents[1] / "fixtures" / "minilm_vectors.jsonl"


@pytest.fixture(scope="module")
def folder():
    if not installed.is_there(MODEL):
        pytest.skip("the embedding model is not installed (consilium models install)")
    return MODEL


@pytest.fixture(scope="module")
def reference():
    return [json.loads(line) for line in REFERENCE.read_text("utf-8").splitlines()]


def test_every_reference_text_is_cut_into_the_same_pieces(folder, reference):
    pieces = WordPiece.read(folder / installed.VOCABULARY)
    assert [pieces.numbers(row["text"], MAX_TOKENS) for row in reference] == [r["pieces"] for r in reference]


@pytest.mark.parametrize("encode", ["encode_queries", "encode_documents"])
def test_every_vector_is_that_of_the_reference(folder, reference, encode):
    rows = getattr(MiniLM(folder), encode)([row["text"] for row in reference])
    stored = np.array([row["vector"] for row in reference])
    assert ((rows * stored).sum(axis=1) > 0.9999).all()


def _written_out(named, numbers):
    """One text through BERT as the paper has it, in float64, with math.erf."""

    def norm(rows, name):
        spread = (rows - rows.mean(-1, keepdims=True)) / np.sqrt(rows.var(-1, keepdims=True) + 1e-12)
        return spread * named[f"{name}.weight"] + named[f"{name}.bias"]

    def linear(rows, name):
        return rows @ named[f"{name}.weight"].T + named[f"{name}.bias"]

    named = {name: tensor.astype(float) for name, tensor in named.items()}
    rows = named["embeddings.word_embeddings.weight"][numbers]
    rows = rows + named["embeddings.position_embeddings.weight"][: len(numbers)]
    rows = norm(rows + named["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    for number in range(LAYERS):
        name, size = f"encoder.layer.{number}", WIDTH // HEADS
        q, k, v = (linear(rows, f"{name}.attention.self.{part}") for part in ("query", "key", "value"))
        seen = np.empty_like(rows)
        for head in range(HEADS):
            cut = slice(head * size, (head + 1) * size)
            weight = np.exp(q[:, cut] @ k[:, cut].T / math.sqrt(size))
            seen[:, cut] = weight / weight.sum(-1, keepdims=True) @ v[:, cut]
        rows = norm(
            rows + linear(seen, f"{name}.attention.output.dense"), f"{name}.attention.output.LayerNorm"
        )
        wide = linear(rows, f"{name}.intermediate.dense")
        wide = wide * 0.5 * (1 + np.vectorize(math.erf)(wide / math.sqrt(2)))
        rows = norm(rows + linear(wide, f"{name}.output.dense"), f"{name}.output.LayerNorm")
    mean = rows.mean(axis=0)
    return mean / np.linalg.norm(mean)


def test_the_forward_pass_is_the_formulas_of_the_paper_with_and_without_padding():
    named = tensors()
    texts = [[2, 7, 9, 30, 3], [2, 3], [2, 5, 5, 8, 40, 41, 42, 3]]
    together = pooled(Encoder(named).states(texts))
    for row, text in zip(together, texts, strict=True):
        assert np.abs(row - _written_out(named, text)).max() < 1e-5


def test_vector_and_pieces_of_a_question_come_of_one_run(tmp_path, monkeypatch):
    (tmp_path / installed.WEIGHTS).write_bytes(safetensors(tensors()))
    (tmp_path / installed.VOCABULARY).write_text("[CLS]\n[SEP]\n[UNK]\nchest\npain\n", "utf-8")
    runs, through = [], Encoder.states
    monkeypatch.setattr(Encoder, "states", lambda self, texts: runs.append(texts) or through(self, texts))
    model = MiniLM(tmp_path)
    model.encode_queries(["chest pain"])
    assert len(model.encode_question("chest pain").rows) == 4
    assert runs == [[[0, 3, 4, 1]]]


def test_the_error_unit_is_exact():
    at = np.linspace(-12, 12, 40_001, dtype=np.float32)
    exact = np.array([x * 0.5 * (1 + math.erf(x / math.sqrt(2))) for x in at.astype(float)])
    assert np.abs(gelu(at.copy()) - exact).max() < 2e-6


def test_batches_hold_every_text_once_alike_in_length_and_bounded():
    lengths = [3, 256, 10, 10, 256, 256, 256, 256, 4]
    made = list(batches(lengths))
    assert sorted(place for batch in made for place in batch) == list(range(len(lengths)))
    assert max(len(batch) * max(lengths[p] for p in batch) for batch in made) <= 1024
    assert list(batches([])) == []


def test_tensors_are_read_back(tmp_path):
    named = {"a": np.arange(6, dtype=np.float32).reshape(2, 3), "b": np.ones(4, np.float32)}
    (tmp_path / "m").write_bytes(safetensors(named))
    found = reader.read(tmp_path / "m")
    assert set(found) == {"a", "b"}
    assert (found["a"] == named["a"]).all()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda raw: raw[:-1],
        lambda raw: raw[:20],
        lambda raw: b"",
        lambda raw: b"\xff" * 100,
        lambda raw: b"PK\x03\x04" + raw,
        lambda raw: (2).to_bytes(8, "little") + b"[]" + raw,
        lambda raw: raw.replace(b'"shape": [4]', b'"shape": [5]'),
        lambda raw: raw.replace(b'"shape": [4]', b'"shade": [4]'),
    ],
)
def test_a_file_that_is_no_whole_model_is_refused_with_what_to_do(tmp_path, spoil):
    raw = safetensors({"b": np.ones(4, np.float32)})
    (tmp_path / "m").write_bytes(spoil(raw))
    with pytest.raises(ConfigurationError, match="consilium models install --again"):
        reader.read(tmp_path / "m")


def test_a_model_of_other_parts_is_refused_with_what_to_do(tmp_path):
    (tmp_path / installed.VOCABULARY).write_text("[PAD]\n[UNK]\n[CLS]\n[SEP]\n", "utf-8")
    (tmp_path / installed.WEIGHTS).write_bytes(safetensors({"b": np.ones(4, np.float32)}))
    with pytest.raises(ConfigurationError, match="consilium models install --again"):
        MiniLM(tmp_path)
