"""What `retrieval.py` searches: documents put together of real statements, vectors and word pieces drawn by chance."""

from __future__ import annotations

import json
import random
import statistics
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from consilium.adapters import starter
from consilium.adapters.embedding import installed
from consilium.adapters.embedding.encoder import WIDTH
from consilium.adapters.embedding.minilm import MAX_TOKENS, MiniLM
from consilium.adapters.embedding.wordpiece import WordPiece
from consilium.adapters.vectors import manifest, segment
from consilium.adapters.vectors.manifest import Manifest, Row
from consilium.evaluation import coverage
from consilium.settings import from_environment

CORPUS = "corpus.jsonl"
MODEL = installed.folder_of(from_environment().data_dir)


def made_up(count: int) -> Iterator[tuple[str, str, str]]:
    """(id, title, text) of so many documents, the same ones each time."""
    records = list(starter.records())
    titles = [record["source"]["title"] for record in records]
    statements = [statement["text"] for record in records for statement in record["statements"]]
    chance = random.Random(1)  # noqa: S311 - no secret
    for number in range(count):
        body = chance.choices(statements, k=chance.randint(6, 10))
        yield f"d{number:06}", chance.choice(titles), " ".join(body)


def questions(count: int) -> list[str]:
    """Known questions, in an order drawn by chance."""
    asked = [topic.text for topic in coverage.topics()]
    random.Random(1).shuffle(asked)  # noqa: S311 - no secret
    return asked[:count]


def write_corpus(folder: Path, count: int) -> float:
    """Write the documents as a test collection has them; bytes of one, on average."""
    with (folder / CORPUS).open("w", encoding="utf-8") as file:
        for name, title, text in made_up(count):
            file.write(json.dumps({"_id": name, "title": title, "text": text}, ensure_ascii=False) + "\n")
    return (folder / CORPUS).stat().st_size / count


def write_vectors(folder: Path, count: int) -> float:
    """Vectors and word pieces drawn by chance, as many pieces a document as the first have; the mean of these."""
    read = WordPiece.read(MODEL / installed.VOCABULARY)
    lengths = [len(read.numbers(f"{title}. {text}", MAX_TOKENS)) for _, title, text in made_up(200)]
    chance, step = np.random.default_rng(1), 2048
    pool = chance.standard_normal((64 * 1024, 64)).astype(np.float32) / 8

    def parts() -> Iterator[segment.Part]:
        for start in range(0, count, step):
            drawn = chance.standard_normal((min(step, count - start), WIDTH), np.float32)
            drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
            firsts = chance.integers(0, len(pool) - MAX_TOKENS, len(drawn))
            sizes = chance.choice(lengths, len(drawn))
            yield drawn, [pool[first : first + size] for first, size in zip(firsts, sizes, strict=True)]

    folder.mkdir()
    rows = [Row(f"d{number:06}", "0" * 16, "document") for number in range(count)]
    made = segment.write(folder, rows, parts(), MiniLM.fingerprint)
    manifest.write(folder, Manifest(MiniLM.fingerprint, 1, (made,)))
    return statistics.mean(lengths)
