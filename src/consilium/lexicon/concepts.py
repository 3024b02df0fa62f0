"""Concepts as the lexicon's data gives them, with their family relations."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """A short form; with ``context``, one of those words must stand nearby to decide it."""

    text: str
    context: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Concept:
    """One meaning with all its names.

    Attributes:
        compatible: other concepts, evidence about which may answer a question about this one.
        gloss: what the word means in plain words, for patients and students; unreviewed.
        gloss_from: the sentence that the gloss restates, or None for our own plain wording.
    """

    id: str
    name: str
    kind: str
    names: tuple[str, ...] = ()
    abbr: tuple[Abbreviation, ...] = ()
    lay: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    is_a: tuple[str, ...] = ()
    compatible: tuple[str, ...] = ()
    mesh: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    gloss: str | None = None
    gloss_from: str | None = None

    @classmethod
    def from_dict(cls, item: dict[str, Any]) -> Concept:
        """Read one item of the compiled lexicon."""
        plain = {name: value for name, value in item.items() if name != "abbr"}
        for name, value in plain.items():
            if isinstance(value, list):
                plain[name] = tuple(value)
        short = tuple(Abbreviation(a["text"], tuple(a.get("context", ()))) for a in item.get("abbr", ()))
        return cls(**plain, abbr=short)


@dataclass(frozen=True)
class Lexicon:
    """All concepts by id, and the words of plain English.

    Attributes:
        common: words that carry no topic of their own ("help", "morning").
        ordinary: rarer plain words; they may carry one ("scorpion"), but seldom do.
        phrases: by first word, the word sequences that name a concept, longest first.
        short: ambiguous abbreviations with the contexts that decide them.
        scattered: by the sorted stems of its words, what a name means whose words stand apart.
    """

    concepts: Mapping[str, Concept]
    common: frozenset[str]
    fingerprint: str
    ordinary: frozenset[str] = frozenset()
    phrases: dict[str, list[tuple[tuple[str, ...], str]]] = field(default_factory=dict)
    short: dict[str, list[tuple[str, tuple[str, ...]]]] = field(default_factory=dict)
    scattered: dict[str, str] = field(default_factory=dict)

    @cached_property
    def ancestors(self) -> Mapping[str, frozenset[str]]:
        """Every concept's parents, their parents and so on."""
        known: dict[str, frozenset[str]] = {}

        def climb(concept: str, seen: frozenset[str]) -> frozenset[str]:
            if concept in known:
                return known[concept]
            above: set[str] = set()
            for parent in self.concepts[concept].is_a:
                if parent in seen or parent not in self.concepts:
                    continue
                above |= {parent} | climb(parent, seen | {parent})
            known[concept] = frozenset(above)
            return known[concept]

        for concept in self.concepts:
            climb(concept, frozenset({concept}))
        return known

    @cached_property
    def children(self) -> Mapping[str, frozenset[str]]:
        """Every concept's descendants of any depth."""
        below: dict[str, set[str]] = {}
        for concept, above in self.ancestors.items():
            for parent in above:
                below.setdefault(parent, set()).add(concept)
        return {parent: frozenset(found) for parent, found in below.items()}

    @cached_property
    def by_topic(self) -> dict[str, str]:
        """Concept id by a record's topic slug."""
        return {slug: c.id for c in self.concepts.values() for slug in c.topics}

    @cached_property
    def by_mesh(self) -> Mapping[str, str]:
        """Concept id by MeSH heading, as the records write it."""
        return {heading: c.id for c in self.concepts.values() for heading in c.mesh}

    @cached_property
    def by_name(self) -> Mapping[str, str]:
        """Concept id by preferred name."""
        return {concept.name: concept.id for concept in self.concepts.values()}

    @cached_property
    def words(self) -> frozenset[str]:
        """Every folded word that some name of a concept holds."""
        return frozenset(
            word for entries in self.phrases.values() for phrase, _ in entries for word in phrase
        )

    def further(self, first: str) -> Sequence[tuple[tuple[str, ...], str]]:  # noqa: ARG002
        """Names beside those that ship, by first word, longest first; none here."""
        return ()

    def further_short(self, word: str) -> Sequence[tuple[str, tuple[str, ...]]]:  # noqa: ARG002
        """Ambiguous short names beside those that ship; none here."""
        return ()

    def family(self, concept: str) -> int:
        """How many kinds of a concept there are: few where it still says much."""
        return len(self.children.get(concept, ()))

    def name(self, concept: str) -> str:
        """The preferred name of a concept."""
        return self.concepts[concept].name

    def up(self, concepts: frozenset[str]) -> frozenset[str]:
        """Concepts with everything that they are a kind of."""
        return concepts.union(*(self.ancestors[concept] for concept in concepts))


@cache
def load() -> Lexicon:
    """The lexicon that ships with Consilium, compiled from ``data/lexicon`` at build."""
    raw = resources.files("consilium.lexicon").joinpath("lexicon.json").read_text("utf-8")
    return from_json(json.loads(raw))


def from_json(data: dict[str, Any]) -> Lexicon:
    """A lexicon from its compiled form (see ``tools/compile_data.py``)."""
    concepts = {item["id"]: Concept.from_dict(item) for item in data["concepts"]}
    return Lexicon(
        concepts=concepts,
        common=frozenset(data["common"]),
        ordinary=frozenset(data.get("ordinary", ())),
        fingerprint=data["fingerprint"],
        phrases={
            first: [(tuple(words), concept) for words, concept in entries]
            for first, entries in data["phrases"].items()
        },
        short={
            text: [(concept, tuple(context)) for concept, context in senses]
            for text, senses in data["short"].items()
        },
        scattered=data.get("scattered", {}),
    )
