"""Worlds with a passage more than the library has, found as well as the best one that it does have."""

from __future__ import annotations

from dataclasses import replace

from consilium.domain.evidence import Checked, Origin, Sentence, Source, SourceKind, StatementKind
from consilium.ports import Hit

NAME = "added"


def passage(texts, title=None, name=NAME, kind=SourceKind.STUDY):
    """A work of these sentences, and the sentences."""
    work = Source(
        name, 1, kind, title or "Colchicine for gout flares", "cohort study", authors="Somebody A", year=2024
    )
    sentences = tuple(
        Sentence(
            f"{name}#{n}", name, text, StatementKind.FINDING, Origin.SUMMARY, Checked.PRIMARY, f"{name}/1"
        )
        for n, text in enumerate(texts, 1)
    )
    return work, sentences


class Added:
    """A library, or an index, with one work more; everything else is the real one's."""

    def __init__(self, real, work, sentences, like):
        self._real, self._work = real, work
        self._own, self._like = {s.id: s for s in sentences}, like

    def __getattr__(self, name):
        return getattr(self._real, name)

    def source(self, name):
        return self._work if name == self._work.id else self._real.source(name)

    def sentence(self, name):
        return self._own.get(name) or self._real.sentence(name)

    def sentences(self, name):
        return tuple(self._own.values()) if name == self._work.id else self._real.sentences(name)

    def search(self, query):
        found = list(self._real.search(query))
        if self._work.kind in query.kinds:
            (model,) = self._real.hits([self._like])
            top = max((hit.score for hit in found), default=1.0)
            note = replace(model.annotation)
            found = [*(Hit(name, self._work.id, top, note) for name in self._own), *found]
        return tuple(found)


def with_passage(world, work, sentences, like):
    """The world with a work more, whose sentences are as good as ``like``."""
    return replace(
        world,
        library=Added(world.library, work, sentences, like),
        index=Added(world.index, work, sentences, like),
    )
