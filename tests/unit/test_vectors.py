"""Vectors: embedded once, searched exactly, refused when they are not what was written."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from tests.embedding import DIMENSION, FakeEmbedder, bag, everything

from consilium.adapters.vectors import embed as embedding
from consilium.adapters.vectors import manifest as manifests
from consilium.adapters.vectors import shelf as shelves
from consilium.adapters.vectors.due import behind
from consilium.adapters.vectors.embed import embed
from consilium.adapters.vectors.shelf import Shelf
from consilium.domain.evidence import SourceKind
from consilium.errors import EmbeddingError, LibraryError, VectorsMismatch

QUESTION = bag("number 7 croup")


@pytest.fixture
def step(monkeypatch):
    monkeypatch.setattr(embedding, "STEP", 4)


def _open(folder, model=None):
    return Shelf(folder, (model or FakeEmbedder()).fingerprint)


def _found(shelf, vector=QUESTION, limit=3, mask=None):
    return [row.sentence for row, _ in shelf.search(vector, limit, mask)]


def test_every_sentence_gets_its_vector_and_progress_is_told(tmp_path, step):
    told = []
    embed(tmp_path, everything(10), FakeEmbedder(), report=told.append)
    assert [(p.done, p.total) for p in told] == [(4, 10), (8, 10), (10, 10)]
    assert all(p.rate > 0 and p.left >= 0 for p in told)
    assert len(_open(tmp_path)) == 10


def test_only_what_is_new_or_reads_otherwise_is_embedded(tmp_path):
    embed(tmp_path, everything(10), FakeEmbedder())
    model = FakeEmbedder()
    embed(tmp_path, [*everything(9), *everything(1, 9, "Another {}."), *everything(1, 10)], model)
    assert model.encoded == ["Title 9. Another 9.", "Title 10. Sentence number 10 about croup."]


def test_nothing_is_embedded_where_nothing_lacks(tmp_path):
    embed(tmp_path, everything(10), FakeEmbedder())
    model, before = FakeEmbedder(), (tmp_path / "manifest.json").read_bytes()
    assert embed(tmp_path, everything(10), model).total == 0
    assert model.encoded == []
    assert (tmp_path / "manifest.json").read_bytes() == before


def test_how_many_lack_a_vector_is_counted(tmp_path):
    assert behind(tmp_path, everything(10)) == 10
    embed(tmp_path, everything(8), FakeEmbedder())
    assert behind(tmp_path, [*everything(7), *everything(3, 7, "Other {}.")]) == 3


def test_the_newest_vector_of_a_sentence_counts(tmp_path):
    embed(tmp_path, everything(10), FakeEmbedder())
    embed(tmp_path, [*everything(9), *everything(1, 9, "Asthma {}.")], FakeEmbedder())
    shelf = _open(tmp_path)
    assert len(shelf) == 10
    assert _found(shelf, bag("Title 9. Asthma 9."), 1) == ["s00009#1"]
    assert [s for s in _found(shelf, limit=99) if s == "s00009#1"] == ["s00009#1"]


def test_many_segments_become_one_without_what_is_gone(tmp_path, step):
    embed(tmp_path, everything(40), FakeEmbedder())
    assert len(manifests.read(tmp_path).segments) == 1
    model = FakeEmbedder()
    embed(tmp_path, everything(20), model)
    assert model.encoded == []
    assert sum(s.rows for s in manifests.read(tmp_path).segments) == 20
    assert len(list(tmp_path.glob("v-*"))) == 2
    assert _found(_open(tmp_path)) == _brute(everything(20), 3)


def test_a_library_that_is_emptied_keeps_no_vector(tmp_path):
    embed(tmp_path, everything(10), FakeEmbedder())
    embed(tmp_path, [], FakeEmbedder())
    assert _found(_open(tmp_path)) == []


def _brute(rows, limit, vector=QUESTION):
    near = [
        (-round(float(bag(manifests.text_of(source, s)) @ vector), 6), s.id)
        for source, sentences in rows
        for s in sentences
    ]
    return [name for _, name in sorted(near)[:limit]]


def test_the_search_is_exact_over_blocks_and_segments(tmp_path, step, monkeypatch):
    monkeypatch.setattr(shelves, "_BLOCK", 3)
    embed(tmp_path, everything(30), FakeEmbedder())
    for limit in (1, 5, 30, 99):
        assert set(_brute(everything(30), limit)) <= set(_found(_open(tmp_path), limit=limit))


def test_ties_are_broken_by_id_and_all_returned(tmp_path):
    embed(tmp_path, everything(6, text="All alike."), FakeEmbedder())
    same = bag("alike")
    assert _found(_open(tmp_path), same, 6) == _brute(everything(6, text="All alike."), 6, same)
    embed(tmp_path, [], FakeEmbedder(), again=True)
    rows = list(everything(6, text="All alike."))
    from dataclasses import replace

    embed(tmp_path, [(replace(s, title="One"), tt) for s, tt in rows], FakeEmbedder())
    assert _found(_open(tmp_path), same, 2) == [f"s{n:05}#1" for n in range(6)]


def test_kinds_of_source_are_a_mask(tmp_path):
    embed(tmp_path, everything(10), FakeEmbedder())
    shelf = _open(tmp_path)
    only = _found(shelf, limit=10, mask=shelf.of_kinds([SourceKind.GUIDELINE]))
    assert only == [s for s in _found(shelf, limit=10) if int(s[1:6]) % 2 == 0]
    assert _found(shelf, mask=shelf.of_kinds([])) == []


def test_any_condition_can_be_a_mask(tmp_path):
    embed(tmp_path, everything(10), FakeEmbedder())
    shelf = _open(tmp_path)
    assert set(_found(shelf, limit=9, mask=shelf.where(lambda s: s < "s00003"))) == {
        "s00000#1", "s00001#1", "s00002#1",
    }  # fmt: skip


def test_named_sentences_are_scored_exactly_and_others_left_out(tmp_path, step):
    embed(tmp_path, everything(10), FakeEmbedder())
    shelf = _open(tmp_path)
    near = {row.sentence: score for row, score in shelf.search(QUESTION, 10)}
    scored = {
        name: score for name, (_, score) in shelf.scores(QUESTION, ["s00007#1", "z", "s00001#1"]).items()
    }
    assert scored == {name: near[name] for name in ("s00007#1", "s00001#1")}
    assert shelf.scores(QUESTION, ["z"]) == {}


def test_a_library_without_vectors_says_so(tmp_path):
    with pytest.raises(VectorsMismatch, match="consilium library embed"):
        _open(tmp_path)


@pytest.mark.parametrize("use", [_open, lambda folder, model: embed(folder, everything(), model)])
def test_vectors_of_another_model_are_refused_with_what_differs(tmp_path, use):
    embed(tmp_path, everything(), FakeEmbedder())
    with pytest.raises(VectorsMismatch, match=r"model 'words', not 'others'.*--again"):
        use(tmp_path, FakeEmbedder("others"))


def test_again_replaces_vectors_of_another_model(tmp_path):
    embed(tmp_path, everything(), FakeEmbedder())
    other = FakeEmbedder("others")
    embed(tmp_path, everything(), other, again=True)
    assert len(_open(tmp_path, other)) == 10
    assert len(list(tmp_path.glob("v-*"))) == 2


def _file(folder, suffix):
    return next(folder.glob(f"v-*{suffix}"))


def _flip(file):
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 1
    file.write_bytes(raw)


def _nan(file):
    rows = np.fromfile(file, "<f4")
    rows[3] = np.nan
    rows.tofile(file)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: _flip(_file(folder, ".f32")),
        lambda folder: _nan(_file(folder, ".f32")),
        lambda folder: _file(folder, ".f32").write_bytes(_file(folder, ".f32").read_bytes()[:-1]),
        lambda folder: _file(folder, ".f32").write_bytes(b""),
        lambda folder: _file(folder, ".f32").unlink(),
        lambda folder: _flip(_file(folder, ".tsv")),
        lambda folder: _file(folder, ".tsv").unlink(),
        lambda folder: (folder / "manifest.json").write_text("{", "utf-8"),
        lambda folder: (folder / "manifest.json").write_text('{"format": 1}', "utf-8"),
        lambda folder: (folder / "manifest.json").write_bytes(b"\xff\xfe"),
        lambda folder: (folder / "manifest.json").write_text('{"format": 99}', "utf-8"),
    ],
)
def test_damaged_vectors_are_refused_with_what_to_do_and_again_puts_them_right(tmp_path, spoil):
    embed(tmp_path, everything(), FakeEmbedder())
    spoil(tmp_path)
    with pytest.raises(VectorsMismatch, match="consilium library embed --again"):
        _open(tmp_path)
    embed(tmp_path, everything(), FakeEmbedder(), again=True)
    assert len(_open(tmp_path)) == 10


def test_what_is_no_number_is_refused_even_if_it_is_what_was_written(tmp_path):
    embed(tmp_path, everything(), FakeEmbedder())
    shelf = _open(tmp_path)
    shelf._blocks[0] = np.full_like(shelf._blocks[0], np.nan)
    with pytest.raises(VectorsMismatch, match="no number"):
        shelf.search(QUESTION, 3)


@pytest.mark.parametrize(
    "answer",
    [
        lambda texts: np.full((len(texts), DIMENSION), np.nan, np.float32),
        lambda texts: np.zeros((len(texts), DIMENSION), np.float32),
        lambda texts: np.ones((len(texts), DIMENSION), np.float32),
        lambda texts: np.array([bag("x")] * (len(texts) - 1)),
        lambda texts: bag("x"),
        lambda texts: np.ones((len(texts), 1), np.float32),
    ],
)
def test_a_model_that_gives_no_vectors_is_refused_and_what_there_was_stays(tmp_path, answer):
    embed(tmp_path, everything(5), FakeEmbedder())
    broken = FakeEmbedder()
    broken.encode_documents = answer
    with pytest.raises(EmbeddingError):
        embed(tmp_path, everything(10), broken)
    assert len(_open(tmp_path)) == 5


def test_a_full_disk_is_told_in_words_and_what_was_embedded_stays(tmp_path, step, monkeypatch):
    steps = []

    def fill(progress):
        steps.append(progress)
        if len(steps) == 2:
            monkeypatch.setattr(manifests.os, "fsync", _full)

    with pytest.raises(LibraryError, match=r"No space left.*goes on there"):
        embed(tmp_path, everything(20), FakeEmbedder(), report=fill)
    monkeypatch.undo()
    assert len(_open(tmp_path)) == 8
    model = FakeEmbedder()
    embed(tmp_path, everything(20), model)
    assert len(model.encoded) == 12


def _full(_):
    raise OSError(28, "No space left on device")


def test_two_that_embed_at_once_are_told_apart(tmp_path):
    from filelock import FileLock

    with FileLock(str(tmp_path / "embed.lock")), pytest.raises(LibraryError, match="Another process"):
        embed(tmp_path, everything(), FakeEmbedder())


def test_a_reader_that_finds_its_segments_merged_away_reads_the_manifest_again(tmp_path, monkeypatch):
    embed(tmp_path, everything(10), FakeEmbedder())
    before = manifests.read(tmp_path)
    embed(tmp_path, everything(10), FakeEmbedder(), again=True)
    read, old = manifests.read, [before]
    monkeypatch.setattr(manifests, "read", lambda folder: old.pop() if old else read(folder))
    assert len(_open(tmp_path)) == 10


KILLED = """
import sys, time
from pathlib import Path
from tests.embedding import FakeEmbedder, everything
from consilium.adapters.vectors import embed as embedding
embedding.STEP = 4
class Slow(FakeEmbedder):
    def encode_documents(self, texts):
        time.sleep(0.05)
        return super().encode_documents(texts)
embedding.embed(Path(sys.argv[1]), everything(400), Slow())
"""


def test_a_process_that_is_killed_loses_the_step_in_hand_and_no_more(tmp_path):
    code = [sys.executable, "-c", KILLED, str(tmp_path)]
    process = subprocess.Popen(code, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
    deadline = time.monotonic() + 60
    while len(list(tmp_path.glob("v-*.tsv"))) < 3 and time.monotonic() < deadline:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=30)
    kept = sum(s.rows for s in manifests.read(tmp_path).segments)
    assert 8 <= kept < 400
    (tmp_path / "v-0000000000000000.f32.new").write_bytes(b"half")
    model = FakeEmbedder()
    embed(tmp_path, everything(400), model)
    assert len(model.encoded) == 400 - kept
    assert len(_open(tmp_path)) == 400
    assert list(tmp_path.glob("*.new")) == []


def test_the_manifest_tells_what_the_vectors_may_be_compared_with(tmp_path):
    embed(tmp_path, everything(), FakeEmbedder())
    told = json.loads((tmp_path / "manifest.json").read_text("utf-8"))["fingerprint"]
    assert told == {
        "model": "words", "digest": "1", "pooling": "bag", "query_prefix": "", "document_prefix": "",
        "dimension": DIMENSION, "max_tokens": 0, "pieces": "",
    }  # fmt: skip
