"""Fit the projection of late interaction to public training splits, and write what ships.

    python tools/fit_interaction.py DATA CACHE [--held-out FOLDER]

DATA holds test collections by name: ``scifact`` (its training queries are used), ``bioasq`` and ``ei_pmc`` (of
which those questions are used whose first relevant document falls into the even half by SHA-256; the
others are written to FOLDER for `consilium evaluate retrieval --queries`). CACHE keeps the last layer of the
model for every word piece, some gigabytes; embedding takes most of an hour, fitting some minutes. What
is fitted is linear: a piece becomes its projection, scaled to length one, and a text is scored by how well
the pieces of the question are met (Khattab and Zaharia, ColBERT, SIGIR 2020). It begins with the principal
axes of the pieces and follows the listwise softmax loss (Cao et al., 2007) by Adam (Kingma and Ba, 2015).
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from consilium.adapters.embedding import installed
from consilium.adapters.embedding.encoder import WIDTH, pooled
from consilium.adapters.embedding.minilm import MAX_TOKENS, MiniLM, batches
from consilium.adapters.index import fusion
from consilium.adapters.index.documents import DocumentText, build
from consilium.cli.common_options import say
from consilium.evaluation.beir import Collection, Topic, topics
from consilium.evaluation.jsonl import objects
from consilium.settings import from_environment

Array = NDArray[np.float32]
SETS = {"scifact": "queries_train.jsonl.gz", "bioasq": None, "ei_pmc": None}
MOST = 900  # questions of one set
NUMBERS, EPOCHS, BATCH, RATE = 64, 9, 16, 3e-4
POSITIVES, NEGATIVES, DEPTH = 10, 24, 100
PIECES = 30_522  # in the model's vocabulary
SPECIAL = (101, 102)


@dataclass(frozen=True)
class States:
    """The last layer for every piece of some texts, and which pieces they are."""

    rows: NDArray[np.float16]
    pieces: NDArray[np.int64]
    starts: NDArray[np.int64]
    means: Array

    def of(self, text: int) -> Array:
        """The rows of one text, of length one."""
        return self.rows[self.starts[text] : self.starts[text + 1]].astype(np.float32)


def states(cache: Path, name: str, texts: Sequence[str], model: MiniLM) -> States:
    """Embed texts, or read what an earlier run has kept."""
    kept = cache / f"{name}_t.npy"
    if not kept.exists():
        numbers = [model._pieces.numbers(text, MAX_TOKENS) for text in texts]  # noqa: SLF001 - looks inside
        starts = np.cumsum([0, *map(len, numbers)])
        aside = cache / f"{name}.part.npy"
        rows = np.lib.format.open_memmap(aside, "w+", np.float16, (int(starts[-1]), WIDTH))
        means = np.empty((len(texts), WIDTH), np.float32)
        for done, batch in enumerate(batches(list(map(len, numbers)))):
            found = model._encoder.states([numbers[place] for place in batch])  # noqa: SLF001
            means[batch] = pooled(found)
            for place, state in zip(batch, found, strict=True):
                unit = state / np.linalg.norm(state, axis=1, keepdims=True)
                rows[starts[place] : starts[place + 1]] = unit
            if done % 200 == 0:
                say(f"{name}: batch {done}")
        rows.flush()
        np.save(cache / f"{name}_off.npy", starts)
        np.save(cache / f"{name}_ids.npy", np.concatenate(numbers))
        np.save(cache / f"{name}_m.npy", means)
        aside.rename(kept)
    rest = (np.load(cache / f"{name}_{part}.npy") for part in ("ids", "off", "m"))
    return States(np.load(kept, mmap_mode="r"), *rest)


@dataclass(frozen=True)
class Example:
    """One question with candidates: rows and weights of its pieces; the fused score and the gain of each.

    Where their pieces lie is all that is held of the candidates: together they need not fit into memory.
    """

    asked: Array
    weights: Array
    held: States
    places: list[int]
    fused: Array
    gains: Array


def trained(topic: Topic) -> bool:
    """Whether a question of a set without splits is used for fitting."""
    first = min(topic.relevant)
    return int(hashlib.sha256(first.encode()).hexdigest(), 16) % 2 == 0


def split(data: Path, name: str) -> tuple[list[Topic], list[Topic]]:
    """The questions of a set that are fitted to, drawn by chance if there are many, and the others."""
    queries = SETS[name]
    found = topics(Collection.of(data / name, Path(queries) if queries else None)).asked
    used = [topic for topic in found if queries or trained(topic)]
    left = [topic for topic in found if not queries and not trained(topic)]
    return random.Random(1).sample(used, min(MOST, len(used))), left  # noqa: S311 - no secret


def examples(cache: Path, data: Path, name: str, model: MiniLM, weights: Array) -> list[Example]:
    """The questions of one set with the best of text and vectors, among them what is relevant."""
    ids, texts = documents(data / name)
    held, place = states(cache, f"{name}_c", texts, model), {doc: at for at, doc in enumerate(ids)}
    asked, _ = split(data, name)
    questions = states(cache, f"{name}_q", [topic.text for topic in asked], model)
    made = []
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder) / "index", zip(ids, texts, strict=True))
        index = DocumentText(Path(folder) / "index")
        for at, topic in enumerate(asked):
            near = held.means @ questions.means[at]
            text = dict(index.search(topic.text, DEPTH))
            names = {*text, *(ids[n] for n in np.argpartition(-near, DEPTH)[:DEPTH])}
            fused = fusion.min_max(text, {doc: float(near[place[doc]]) for doc in sorted(names)})
            best = [doc for doc, _ in fusion.best(fused, len(fused))]
            good = [doc for doc in best if doc in topic.relevant][:POSITIVES]
            if good:
                docs = good + [doc for doc in best if doc not in topic.relevant][:NEGATIVES]
                gains = np.array([topic.relevant.get(doc, 0.0) for doc in docs], np.float32)
                scores = np.array([fused[doc] for doc in docs], np.float32)
                places = [place[doc] for doc in docs]
                made.append(example(questions, at, weights, held, places, scores, gains))
    return made


def example(
    questions: States, at: int, weights: Array, held: States, places: list[int], scores: Array, gains: Array
) -> Example:
    """One question with its candidates."""
    pieces = questions.pieces[questions.starts[at] : questions.starts[at + 1]]
    kept = ~np.isin(pieces, SPECIAL)
    heavy = weights[pieces[kept]]
    return Example(questions.of(at)[kept], heavy / heavy.sum(), held, places, scores, gains / gains.sum())


def documents(folder: Path) -> tuple[list[str], list[str]]:
    """The ids and texts of a set, as the sentences of a library are embedded: title, full stop, text."""
    rows = [item for _, item in objects(Collection.of(folder).corpus)]
    texts = [f"{r['title'].rstrip('.')}. {r['text']}" if r.get("title") else r["text"] for r in rows]
    return [str(row["_id"]) for row in rows], texts


def gradient(matrix: Array, scale: Array, one: Example) -> tuple[float, Array, Array]:
    """The loss of one question, and its slopes by the projection and by the weights of both scores."""
    texts = [one.held.of(place) for place in one.places]
    rows = np.concatenate(texts)
    starts = np.cumsum([0, *map(len, texts)])
    asked, long_asked = unit(one.asked @ matrix)
    held, long_held = unit(rows @ matrix)
    near = asked @ held.T
    met = [near[:, a:b].argmax(axis=1) + a for a, b in itertools.pairwise(starts)]
    pieces = np.arange(len(asked))
    scores = np.array([one.weights @ near[pieces, best] for best in met], np.float32)
    logits = scale[0] * one.fused + scale[1] * scores
    odds = np.exp(logits - logits.max())
    odds /= odds.sum()
    pull = odds - one.gains
    best = np.concatenate(met)
    of = np.tile(pieces, len(met))
    share = np.concatenate([scale[1] * p * one.weights for p in pull]).astype(np.float32)[:, None]
    by_asked, by_held = np.zeros_like(asked), share * asked[of]
    np.add.at(by_asked, of, share * held[best])
    slope = one.asked.T @ through(by_asked, asked, long_asked)
    slope += rows[best].T @ through(by_held, held[best], long_held[best])
    loss = -float((one.gains * np.log(odds + 1e-12)).sum())
    return loss, slope, np.array([pull @ one.fused, pull @ scores], np.float32)


def unit(rows: Array) -> tuple[Array, Array]:
    """Rows of length one, and how long they were."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / lengths, lengths


def through(slope: Array, rows: Array, lengths: Array) -> Array:
    """A slope by rows of length one as one by what they were scaled from."""
    return (slope - rows * (slope * rows).sum(axis=1, keepdims=True)) / lengths


class Adam:
    """Adaptive steps for one array."""

    def __init__(self, rate: float) -> None:
        """Begin."""
        self.rate, self.mean, self.square, self.steps = rate, 0.0, 0.0, 0

    def step(self, slope: Array) -> Array:
        """How far to go against a slope."""
        self.steps += 1
        self.mean = 0.9 * self.mean + 0.1 * slope
        self.square = 0.99 * self.square + 0.01 * slope * slope
        mean, square = self.mean / (1 - 0.9**self.steps), self.square / (1 - 0.99**self.steps)
        return self.rate * mean / (np.sqrt(square) + 1e-8)


def fit(found: list[Example], matrix: Array) -> Array:
    """The projection after some rounds through all questions."""
    order = random.Random(0)  # noqa: S311 - no secret
    scale = np.array([6.0, 12.0], np.float32)
    by_matrix, by_scale = Adam(RATE), Adam(0.03)
    for epoch in range(EPOCHS):
        order.shuffle(found)
        total = 0.0
        for first in range(0, len(found), BATCH):
            parts = [gradient(matrix, scale, one) for one in found[first : first + BATCH]]
            total += sum(part[0] for part in parts)
            matrix = matrix - by_matrix.step(sum(part[1] for part in parts) / len(parts))
            scale = scale - by_scale.step(sum(part[2] for part in parts) / len(parts))
        say(f"epoch {epoch + 1}: loss {total / len(found):.4f}, weights {scale.round(2)}")
    return matrix


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("cache", type=Path)
    parser.add_argument("--held-out", type=Path)
    parser.add_argument("--to", type=Path, default=Path("src/consilium/adapters/embedding/interaction.npz"))
    told = parser.parse_args()
    model = MiniLM(installed.folder_of(from_environment().data_dir))
    if told.held_out:
        held_out(told.data, told.held_out)
    corpora = [states(told.cache, f"{name}_c", documents(told.data / name)[1], model) for name in SETS]
    weights = rarity(corpora)
    found = [one for name in SETS for one in examples(told.cache, told.data, name, model, weights)]
    say(f"{len(found)} questions")
    matrix = fit(found, axes(corpora))
    np.savez(told.to, projection=matrix.astype(np.float16), weights=weights.astype(np.float16))


def held_out(data: Path, folder: Path) -> None:
    """Write the questions that are not fitted to."""
    for name, queries in SETS.items():
        if queries is None:
            (folder / name).mkdir(parents=True, exist_ok=True)
            rows = [json.dumps({"_id": topic.id, "text": topic.text}) for topic in split(data, name)[1]]
            (folder / name / "queries.jsonl").write_text("\n".join(rows) + "\n", "utf-8")


def rarity(corpora: Sequence[States]) -> Array:
    """How much a piece tells: its inverse document frequency over all texts (Robertson and Spärck Jones)."""
    often, total = np.zeros(PIECES), 0
    for held in corpora:
        total += len(held.starts) - 1
        for start, end in itertools.pairwise(held.starts):
            often[np.unique(held.pieces[start:end])] += 1
    return np.log(1 + (total - often + 0.5) / (often + 0.5)).astype(np.float32)


def axes(corpora: Sequence[States]) -> Array:
    """The first principal axes of the pieces, from a sample."""
    chance = np.random.default_rng(0)
    drawn = [np.sort(chance.integers(0, len(held.rows), 60_000)) for held in corpora]
    rows = np.concatenate([h.rows[d].astype(np.float32) for h, d in zip(corpora, drawn, strict=True)])
    return np.linalg.eigh(rows.T @ rows)[1][:, ::-1][:, :NUMBERS].astype(np.float32)


if __name__ == "__main__":
    main()
