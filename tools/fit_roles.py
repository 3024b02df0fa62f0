"""Fit the weights by which words tell the roles of an abstract's sentences.

    python tools/fit_roles.py CORPUS.jsonl.gz … --out src/consilium/adapters/sources/role_words.json

Each corpus holds one JSON object a line with an ``_id`` and a ``text`` that has labels ("RESULTS: …"); the
labels are the truth. Half of the abstracts are fitted on, by the digest of their id; what is printed is of the
other half, with the labels taken out.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from consilium.adapters.sources.labelled import parts_of
from consilium.adapters.sources.rhetoric import ORDER, places_of, roles_in, words_in
from consilium.adapters.sources.roles import roles_of
from consilium.adapters.sources.sentences import ends_of
from consilium.domain.role import Role

Abstract = list[tuple[str, Role]]
ROUNDS, RATE, DECAY, FEWEST = 40, 0.5, 2e-4, 12


def abstracts(paths: list[Path]) -> Iterator[tuple[bool, Abstract]]:
    """(whether it is for fitting, its sentences with their roles) of every abstract with labels."""
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                item = json.loads(line)
                found: Abstract = []
                parts = parts_of(item["text"])
                for label, text in parts:
                    roles = roles_of(label) if label else ()
                    if len(roles) != 1 or roles[0] not in ORDER:
                        break
                    start = 0
                    for end in ends_of(text):
                        found.append((text[start:end].strip(), roles[0]))
                        start = end
                else:
                    if len(parts) > 2:
                        yield hashlib.sha256(item["_id"].encode()).digest()[0] % 2 == 0, found


def fitted(train: list[Abstract]) -> dict[str, list[float]]:
    """Multinomial logistic regression over the words, by AdaGrad."""
    rows = [
        ([*words, *places_of(place, len(abstract))], ORDER.index(role))
        for abstract in train
        for place, (words, (_, role)) in enumerate(
            zip(words_in([text for text, _ in abstract]), abstract, strict=True)
        )
    ]
    counts = Counter(word for words, _ in rows for word in set(words))
    vocabulary = {
        word: number for number, word in enumerate(sorted(w for w, n in counts.items() if n >= FEWEST))
    }
    data = [(np.array([vocabulary[w] for w in words if w in vocabulary]), y) for words, y in rows]
    weights = np.zeros((len(vocabulary), len(ORDER)))
    squares = np.full_like(weights, 1e-2)
    chance = np.random.default_rng(1)
    for _ in range(ROUNDS):
        for batch in np.array_split(chance.permutation(len(data)), max(1, len(data) // 256)):
            slope = weights * DECAY * len(batch)
            for number in batch:
                places, truth = data[number]
                score = weights[places].sum(0)
                odds = np.exp(score - score.max())
                odds /= odds.sum()
                odds[truth] -= 1
                np.add.at(slope, places, odds)
            slope /= len(batch) ** 0.5
            squares += slope**2
            weights -= RATE * slope / np.sqrt(squares)
    kept = {word: [round(float(x), 2) for x in weights[n]] for word, n in vocabulary.items()}
    return {word: row for word, row in kept.items() if max(map(abs, row)) >= 0.25}


def measured(test: list[Abstract]) -> dict[str, float]:
    """How well the roles of abstracts are told from their words."""
    pairs: Counter[tuple[Role, Role]] = Counter()
    concluded = found = 0
    for abstract in test:
        told = roles_in([text for text, _ in abstract])
        truth = [role for _, role in abstract]
        pairs.update(zip(truth, told, strict=True))
        if Role.CONCLUSION in truth:
            concluded += 1
            found += any(a is b is Role.CONCLUSION for a, b in zip(truth, told, strict=True))
    citable = sum(n for (_, told), n in pairs.items() if told.may_be_cited)
    rightly = sum(n for (truth, told), n in pairs.items() if told.may_be_cited and truth.may_be_cited)
    said = sum(n for (_, told), n in pairs.items() if told is Role.CONCLUSION)
    return {
        "abstracts": len(test),
        "role right": sum(n for (a, b), n in pairs.items() if a is b) / pairs.total(),
        "conclusion found": found / concluded,
        "conclusion precision": pairs[Role.CONCLUSION, Role.CONCLUSION] / said,
        "citable precision": rightly / citable,
        "citable recall": rightly / sum(n for (truth, _), n in pairs.items() if truth.may_be_cited),
    }


def main() -> None:
    """Fit on one half, write the weights, measure on the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", nargs="+", type=Path)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    halves: tuple[list[Abstract], list[Abstract]] = ([], [])
    for first, abstract in abstracts(given.corpus):
        halves[0 if first else 1].append(abstract)
    if given.out:
        named = ", ".join(path.parent.name for path in given.corpus)
        about = f"fitted by tools/fit_roles.py on {len(halves[0])} abstracts with labels of {named}"
        rows = ",\n".join(
            f"{json.dumps(word, ensure_ascii=False)}: {json.dumps(row)}"
            for word, row in sorted(fitted(halves[0]).items())
        )
        given.out.write_text(f'{{"about": "{about}", "words": {{\n{rows}\n}}}}\n', "utf-8")
    for name, value in measured(halves[1]).items():
        print(f"{name}: {value:.3f}")  # noqa: T201 - what it is for


if __name__ == "__main__":
    main()
