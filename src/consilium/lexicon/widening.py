"""Widen the lexicon by MeSH so that what ships always wins: its names keep their meaning, MeSH adds to them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from consilium.lexicon.concepts import Abbreviation, Concept, Lexicon
from consilium.lexicon.headings import Heading, Sense, Term, above, alike, plainly, turned
from consilium.lexicon.normalise import key

Words = tuple[str, ...]
Headings = Callable[[], Iterable[Heading]]
PREFIX = "mesh-"
_MOST_WORDS, _MOST_LETTERS, _CONTEXT_FROM = 6, 80, 4
# Two meanings are one where they share the name that one of them goes by, or two names.
_ENOUGH, _SHORTEST = 2, 4
# Names of chemistry, ranges and lists are nobody's words: "(6S-(6alpha(2S*,3S*),8beta(R*)".
_NOT_SAID = re.compile(r"[()\[\]{};:*<>=/]")
_SHORT = re.compile(r"[A-Z][A-Za-z0-9]{0,3}[A-Z0-9]|[A-Z]{2,6}")
# Why a heading or a name was left out, in words.
NO_KIND, FILED, OTHER, SEVERAL, NAMELESS = (
    "of no kind that the lexicon has",
    "known here as part of something else",
    "with a name that means something else here",
    "with names of several concepts",
    "without a name that can be looked for",
)


@dataclass(slots=True)
class Widening:
    """What MeSH adds to the lexicon, in the form in which it is looked up.

    Attributes:
        names: names looked for, each with its concept: one of MeSH, or one that ships.
        added: how many names were added to concepts that ship.
        above: everything that each concept of MeSH is a kind of.
        headings: the concept of each heading that has one.
        left: how many headings and narrower meanings were left out, by the reason.
    """

    concepts: dict[str, Concept] = field(default_factory=dict)
    names: dict[Words, str] = field(default_factory=dict)
    short: dict[str, tuple[str, Words]] = field(default_factory=dict)
    added: int = 0
    above: dict[str, frozenset[str]] = field(default_factory=dict)
    headings: dict[str, str] = field(default_factory=dict)
    left: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _Name:
    """A name as it is looked for; ``short`` if only its capitals or its surroundings decide it."""

    words: Words
    short: bool


def widen(headings: Headings, shipped: Lexicon) -> Widening:
    """Compile MeSH against the lexicon that ships; ``headings`` is gone through twice."""
    return _Compiler(headings, shipped).compiled()


class _Compiler:
    def __init__(self, headings: Headings, shipped: Lexicon) -> None:
        self._headings, self._shipped = headings, shipped
        self._plain = shipped.common | shipped.ordinary
        self._owner = {words: c for entries in shipped.phrases.values() for words, c in entries}
        # A short form is shared by chance: "TIA" is also a total intestinal aganglionosis.
        short = {key(abbr.text) for concept in shipped.concepts.values() for abbr in concept.abbr}
        self._named = {
            w: c for w, c in self._owner.items() if w not in short and sum(map(len, w)) > _SHORTEST
        }
        self._trees: dict[str, str] = {}
        # By name, the one meaning of MeSH that has it; None where several have.
        self._own: dict[Words, str | None] = {}
        self._entry: dict[Words, str | None] = {}
        self._at: dict[str, str] = {}
        self._parents: dict[str, tuple[str, ...]] = {}
        self._made = Widening()

    def compiled(self) -> Widening:
        for heading in self._headings():
            self._claim(heading)
        for heading in self._headings():
            self._add(heading)
        for heading in self._headings():
            self._place(heading)
        for concept, parents in self._parents.items():
            self._made.concepts[concept] = _under(self._made.concepts[concept], parents)
        for concept in self._made.concepts:
            self._made.above[concept] = frozenset(self._climb(concept, {concept}))
        return self._made

    def _claim(self, heading: Heading) -> None:
        self._trees |= dict.fromkeys(heading.trees, heading.ui)
        if heading.kind is None:
            return
        for sense in _senses(heading):
            for place, term in enumerate(sense.terms):
                claims = self._entry if sense.narrower or place else self._own
                if name := self._looked_for(term):
                    owner = claims.setdefault(name.words, sense.ui)
                    claims[name.words] = owner if owner == sense.ui else None

    def _add(self, heading: Heading) -> None:
        kind = heading.kind
        if kind is None:
            self._made.left[NO_KIND] += 1
            return
        for sense in _senses(heading):
            concept, why = self._concept_of(heading, sense, kind)
            names = self._free(sense)
            if why is None and concept is None and names:
                concept = self._new(heading, sense, kind)
            if concept is None:
                self._made.left[why or NAMELESS] += 1
                continue
            self._record(names, concept, sense)
            self._at[sense.ui] = concept
            if not sense.narrower:
                self._at[heading.ui] = self._made.headings[heading.name] = concept

    def _concept_of(self, heading: Heading, sense: Sense, kind: str) -> tuple[str | None, str | None]:
        """The shipped concept that a meaning is, or why it is none and gets none of its own either."""
        own = _folded(sense.terms[0])
        shared = {w: self._named[w] for term in sense.terms if (w := _folded(term)) in self._named}
        filed = None if sense.narrower else self._shipped.by_mesh.get(heading.name)
        if filed:  # "Clostridium Infections" is filed under C. difficile, and is more than that
            return (filed, None) if filed in shared.values() else (None, FILED)
        meant = shared.get(own) or next(iter(shared.values()), None)
        if meant is None:
            return None, None
        if own not in shared and set(shared.values()) != {meant}:
            return None, SEVERAL
        concept = self._shipped.concepts[meant]
        if not alike(concept.kind, kind):
            return None, OTHER
        # Friedreich's ataxia has "spinocerebellar ataxia" among its names: that heading is more than it.
        same = key(concept.name) in shared and (own in shared or len(shared) >= _ENOUGH)
        return (meant, None) if same else (None, FILED)

    def _free(self, sense: Sense) -> list[_Name]:
        """The names of a meaning that are free: no shipped one, no other meaning's, no ordinary word."""
        free = []
        for term in sense.terms:
            name = self._looked_for(term)
            if name is None or name.words in self._owner or name.words[0] in self._taken(name):
                continue
            owner = self._own.get(name.words) if name.words in self._own else self._entry.get(name.words)
            if owner == sense.ui:
                free.append(name)
        return free

    def _taken(self, name: _Name) -> Iterable[str]:
        return self._shipped.short if len(name.words) == 1 else ()

    def _looked_for(self, term: Term) -> _Name | None:
        words = _folded(term)
        if not words or len(words) > _MOST_WORDS:
            return None
        if len(words) == 1:
            word = words[0]
            short = term.tag in {"ABB", "ACR"} or bool(_SHORT.fullmatch(term.text))
            unfit = len(word) < 3 or word.isdigit() or word in self._plain
            return None if unfit else _Name(words, short)
        telling = (w for w in words if len(w) > 2 and w.isalpha() and w not in self._shipped.common)
        return _Name(words, False) if any(telling) else None

    def _new(self, heading: Heading, sense: Sense, kind: str) -> str:
        concept = PREFIX + sense.ui if sense.narrower else PREFIX + heading.ui
        kind = "drug" if kind == "class" and sense.substance else kind
        names = tuple(dict.fromkeys(t.text for t in sense.terms[1:] if t.tag not in {"TRD", "ABB", "ACR"}))
        self._made.concepts[concept] = Concept(
            concept,
            plainly(sense.terms[0], kind),
            kind,
            names=names,
            abbr=tuple(Abbreviation(t.text) for t in sense.terms[1:] if t.tag in {"ABB", "ACR"}),
            brands=tuple(t.text for t in sense.terms[1:] if t.tag == "TRD"),
            mesh=() if sense.narrower else (heading.name,),
        )
        return concept

    def _record(self, names: list[_Name], concept: str, sense: Sense) -> None:
        told = {w for t in sense.terms if " " in t.text for w in key(t.text) if len(w) >= _CONTEXT_FROM}
        context = tuple(sorted(told - self._shipped.common))
        for name in names:
            if name.short:
                self._made.short[name.words[0]] = (concept, context)
            else:
                self._made.names[name.words] = concept
            self._made.added += concept not in self._made.concepts

    def _place(self, heading: Heading) -> None:
        """Say what the meanings of a heading are kinds of."""
        own = self._at.get(heading.ui)
        wider = dict.fromkeys(self._above(heading))
        wider.pop(own or "", None)
        for sense in heading.senses:
            concept = self._at.get(sense.ui)
            if concept in self._made.concepts and concept:
                parents = (own,) if sense.narrower and own and own != concept else tuple(wider)
                self._parents[concept] = parents

    def _above(self, heading: Heading) -> Iterator[str]:
        for tree in heading.wider():
            higher = (self._at.get(self._trees.get(number, "")) for number in above(tree))
            if nearest := next(filter(None, higher), None):
                yield nearest
        yield from filter(None, (self._at.get(action) for action in heading.actions))

    def _climb(self, concept: str, seen: set[str]) -> Iterator[str]:
        for parent in self._made.concepts[concept].is_a:
            if parent in seen:
                continue
            seen.add(parent)
            yield parent
            if parent in self._made.concepts:
                yield from self._climb(parent, seen)
            else:
                yield from self._shipped.ancestors[parent]


def _senses(heading: Heading) -> Iterator[Sense]:
    """The meanings of a heading; trade names are names of the substance, in whichever meaning they stand."""
    own, *others = heading.senses
    trade = tuple(t for sense in others for t in sense.terms if t.tag == "TRD")
    yield Sense(own.ui, (*own.terms, *trade), substance=own.substance)
    for sense in others:
        terms = tuple(t for t in sense.terms if t.tag != "TRD")
        if sense.narrower and terms:
            yield Sense(sense.ui, terms, narrower=True, substance=sense.substance)


def _folded(term: Term) -> Words:
    """The words by which a term is looked for, the right way round; none where nobody says it."""
    said = turned(term.text)
    if said is None or len(said) > _MOST_LETTERS or _NOT_SAID.search(said):
        return ()
    return key(said)


def _under(concept: Concept, parents: tuple[str, ...]) -> Concept:
    held = {name: getattr(concept, name) for name in ("names", "abbr", "brands", "mesh")}
    return Concept(concept.id, concept.name, concept.kind, is_a=parents, **held)


def below(made: Widening) -> dict[str, list[str]]:
    """The concepts of MeSH under each concept, of any depth."""
    found: dict[str, list[str]] = defaultdict(list)
    for concept, higher in made.above.items():
        for parent in higher:
            found[parent].append(concept)
    return {parent: sorted(ids) for parent, ids in found.items()}
