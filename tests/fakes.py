"""Fakes that pass the same contract suites as the real adapters."""

from __future__ import annotations

import time

from consilium.adapters.library.ledger import between
from consilium.adapters.models.heard import Chunk, Heard, read
from consilium.adapters.models.service import Mode
from consilium.adapters.sources.records import sentences_of, source_of
from consilium.domain.change import ChangeKind, StatusChange
from consilium.errors import Cancelled, ModelTimeout
from consilium.ports import Hit, Searched


class FunctionModel:
    """A language model made of a function of a request; its reply is checked as any other is.

    The function gives the text of the reply; ``takes`` is how many seconds it is about it.
    """

    sent_to = None

    def __init__(self, says, *, finish="stop", takes=0.0):
        self._says, self._finish, self._takes = says, finish, takes
        self.requests = []

    def hear(self, request, *, seconds, cancelled=lambda: False):
        begun = time.monotonic()
        while True:
            if cancelled():
                raise Cancelled
            if (passed := time.monotonic() - begun) >= min(seconds, self._takes):
                break
            time.sleep(0.01)
        if seconds <= self._takes:
            raise ModelTimeout
        self.requests.append(request)
        text = self._says(request)
        return Heard((Chunk(passed, text),), self._finish, Mode.PROMPTED, "a function", passed)

    def reply(self, request, *, seconds, cancelled=lambda: False):
        return read(request, self.hear(request, seconds=seconds, cancelled=cancelled))


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

    def hits(self, sentences):
        rows = sorted(self._rows, key=lambda row: row[1].id)
        return tuple(Hit(s.id, source.id, 0.0, note) for source, s, note in rows if s.id in sentences)

    def frequency(self, concept):
        return sum(concept in self._up(n.text) | self._up(n.context) for _, _, n in self._rows)

    def word_frequency(self, word):
        return sum(word in note.words for _, _, note in self._rows)

    def vocabulary(self):
        return frozenset().union(*(note.words for _, _, note in self._rows))

    def searched(self):
        return Searched()


class FakeLibrary:
    """A library in memory; ``add`` and ``replace`` as the store has them, of one collection."""

    def __init__(self, records):
        self._records, self._versions, self._changes = {}, {}, []
        self.replace("starter", records, "digest")

    def replace(self, _collection, records, _digest):
        records = list(records)
        gone = sorted(set(self._records) - {record["id"] for record in records})
        self._renew(records)
        for name in gone:
            record = self._records.pop(name)
            self._note(name, len(self._versions[name]), "vanished", source_of(record).status.value, None)

    def add(self, _collection, records, _digest):
        self._renew(records)

    def _renew(self, records):
        held = set(self._versions)
        for record in records:
            name, versions = record["id"], self._versions.setdefault(record["id"], [])
            if self._records.get(name) == record:
                continue
            versions.append(record)
            if len(versions) > 1:
                if name not in self._records:
                    self._note(name, len(versions), "restored", None, source_of(record).status.value)
                for note in between(versions[-2], record):
                    self._note(name, len(versions), note.kind, note.was, note.now, note.sentence)
            self._records[name] = record
        for record in records:
            for older in record["source"].get("supersedes") or ():
                if older in held and older != record["id"]:
                    self._note(older, len(self._versions[older]), "new_edition", older, record["id"])

    def _note(self, source, version, kind, was, now, sentence=None):
        number, at = len(self._changes) + 1, "2026-11-30T12:00:00Z"
        change = StatusChange(
            number, at, source, version, ChangeKind(kind), was, now, "It says so.", sentence
        )
        self._changes.append(change)

    def changes(self, after, limit):
        return tuple(self._changes[after : after + limit])

    def version(self, source_id, version):
        versions = self._versions.get(source_id, [])
        if not 0 < version <= len(versions):
            return None
        record = versions[version - 1]
        return source_of(record, version=version), {s.id: s for s in sentences_of(record)}

    def source(self, source_id):
        record = self._records.get(source_id)
        return source_of(record, version=len(self._versions[source_id])) if record else None

    def sentences(self, source_id):
        record = self._records.get(source_id)
        return sentences_of(record) if record else ()

    def sentence(self, sentence_id):
        return next((s for s in self.sentences(sentence_id.split("#")[0]) if s.id == sentence_id), None)

    def sources(self):
        return [source_of(self._records[name]) for name in sorted(self._records)]

    def generations(self):
        return {"starter": 1}
