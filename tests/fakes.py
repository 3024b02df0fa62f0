"""Fakes that pass the same contract suites as the real adapters."""

from __future__ import annotations

from consilium.adapters.sources.records import sentences_of, source_of
from consilium.ports import Hit


class FakeIndex:
    """A text index in memory: counts matches, so that orders are easy to foresee."""

    def __init__(self, rows, ancestors):
        self._rows, self._ancestors = list(rows), ancestors

    @property
    def size(self):
        return len(self._rows)

    def _up(self, concepts):
        return set(concepts).union(*(self._ancestors[c] for c in concepts))

    def search(self, query):
        hits = []
        for source, sentence, note in self._rows:
            if source.kind not in query.kinds:
                continue
            score = sum(
                max(w * (1.0 if c in self._up(note.text) else 0.5 if c in self._up(note.context) else 0.0)
                    for c, w in group.concepts)
                for group in query.groups
            )  # fmt: skip
            score += sum(weight for word, weight in query.words if word in note.words)
            if score > 0:
                hits.append(Hit(sentence.id, source.id, round(score, 4), note))
        hits.sort(key=lambda hit: (-hit.score, hit.sentence))
        if len(hits) > query.limit:
            hits = [hit for hit in hits if hit.score >= hits[query.limit - 1].score]
        return tuple(hits)

    def frequency(self, concept):
        return sum(concept in self._up(n.text) | self._up(n.context) for _, _, n in self._rows)

    def word_frequency(self, word):
        return sum(word in note.words for _, _, note in self._rows)

    def vocabulary(self):
        return frozenset().union(*(note.words for _, _, note in self._rows))


class FakeLibrary:
    """A library in memory."""

    def __init__(self, records):
        self._records = {record["id"]: record for record in records}

    def source(self, source_id):
        record = self._records.get(source_id)
        return source_of(record) if record else None

    def sentences(self, source_id):
        record = self._records.get(source_id)
        return sentences_of(record) if record else ()

    def sentence(self, sentence_id):
        return next((s for s in self.sentences(sentence_id.split("#")[0]) if s.id == sentence_id), None)

    def sources(self):
        return [source_of(self._records[name]) for name in sorted(self._records)]

    def generations(self):
        return {"starter": 1}
