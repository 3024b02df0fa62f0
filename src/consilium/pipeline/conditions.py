"""The conditions of a statement held against a question: what excludes it, and what it depends on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from consilium.domain.evidence import Candidate
from consilium.domain.question import Plan
from consilium.lexicon.concepts import Lexicon
from consilium.lexicon.normalise import tokens
from consilium.lexicon.recognise import read
from consilium.pipeline.terms import DENIED

_ALTERNATIVES = re.compile(r"\bor\b|,|;")
_ASIDE = re.compile(r"\([^)]*\)")
_LIMIT = re.compile(r"([a-z][a-z0-9 ]*?) (?:is )?(above|over|below|under) (\d+(?:\.\d+)?)")
_SMALL = frozenset(
    {"a", "an", "the", "of", "in", "to", "with", "may", "not", "apply", "than", "for", "and", "is", "adult",
     "people", "patient"}
)  # fmt: skip
# Diseases with more kinds than this ("infection") say too little to be doubted by one of them.
_KINDS = 12


class Conditions:
    """Tells, for one question, which conditions of a statement it meets."""

    def __init__(self, plan: Plan, lexicon: Lexicon) -> None:
        """Prepare for ``plan``."""
        self._lexicon = lexicon
        self._text = plan.understood.lower()
        self._words = {token.folded for token in tokens(self._text)}
        named = {term.concept for term in plan.terms if term.concept and not self._denied(term.words)}
        self._named = frozenset(concept for concept in named if concept)
        self._asked = lexicon.up(self._named)

    def _denied(self, words: str) -> bool:
        """Whether the question names it to leave it out: "without diabetes"."""
        return bool(DENIED.search(self._text[: max(0, self._text.find(words.lower()))]))

    def excluded(self, candidate: Candidate) -> tuple[str, ...]:
        """The exclusions of a statement that the question meets, numbers as numbers.

        What a statement itself speaks of is told from its exclusion by words alone, not by concepts:
        simple febrile seizures from complex ones.
        """
        own = candidate.annotation.text
        return tuple(c for c in candidate.sentence.not_if if any(self._meets(p, own) for p in _parts(c)))

    def doubtful(self, candidate: Candidate) -> tuple[str, ...]:
        """The exclusions that the question may meet: type 2 diabetes, where it says diabetes.

        A statement that speaks of the wider disease itself is no such case: advice on pneumonia
        that leaves out one kind of it is advice on pneumonia.
        """
        about = self._lexicon.up(candidate.annotation.text)
        wide = frozenset(c for c in self._named - about if self._tells(c))
        met = self.excluded(candidate)
        return tuple(
            condition
            for condition in candidate.sentence.not_if
            if condition not in met
            and any(wide & self._lexicon.up(self._concepts(part)) for part in _parts(condition))
        )

    def unmet(self, candidate: Candidate) -> tuple[str, ...]:
        """What a statement depends on and the question does not state."""
        return tuple(c for c in candidate.sentence.applies_if if not any(map(self._meets, _parts(c))))

    def _tells(self, concept: str) -> bool:
        kinds = self._lexicon.family(concept)
        return self._lexicon.concepts[concept].kind == "condition" and 0 < kinds <= _KINDS

    def _concepts(self, condition: str) -> frozenset[str]:
        return read(condition, self._lexicon, context=condition).concepts

    def _meets(self, condition: str, but: frozenset[str] = frozenset()) -> bool:
        """Whether the question states a condition, in its words or by concepts that are not ``but`` these."""
        limit = _LIMIT.search(condition)
        if limit:
            stated = re.search(rf"\b{re.escape(limit[1].split()[-1])}\D{{0,12}}(\d+(?:\.\d+)?)", self._text)
            if not stated:
                return False
            value, bound = float(stated[1]), float(limit[3])
            return value > bound if limit[2] in {"above", "over"} else value < bound
        wanted = {token.folded for token in tokens(condition)} - _SMALL
        if wanted and wanted <= self._words:
            return True
        reading = read(condition, self._lexicon, context=condition)
        left = {token.folded for token in reading.rest} - _SMALL - self._words
        return bool(reading.concepts - but) and not left and reading.concepts <= self._asked


def _parts(condition: str) -> Iterator[str]:
    """The alternatives of a condition, without what stands in brackets."""
    yield from (part for part in _ALTERNATIVES.split(_ASIDE.sub(" ", condition.lower())) if part.strip())
