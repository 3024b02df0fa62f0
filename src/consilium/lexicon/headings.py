"""Headings of MeSH as the lexicon reads them: what they are called, what kind they are, what they are part of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

# By the beginning of a tree number, the kind of a heading; the first that fits any of its numbers counts. What
# is not listed has no kind here: phenomena (G), methods of research (E05), geography, publishing, health care.
_KINDS = (
    ("C23.888", "symptom"),
    ("C", "condition"),
    ("F03", "condition"),
    ("D20.215.894", "vaccine"),
    ("D27", "class"),
    ("D", "drug"),
    ("B", "organism"),
    ("E01", "test"),
    ("E02", "procedure"),
    ("E03", "procedure"),
    ("E04", "procedure"),
    ("E06", "procedure"),
    ("E07", "device"),
    ("A", "anatomy"),
    ("F01", "behaviour"),
    ("F04.754", "procedure"),
    ("M01", "population"),
)
_NOT_HUMAN = ("C22", "A13", "A18", "A19", "A20", "A21")
# Chemistry is no pharmacology: furosemide and sulfadiazine are both sulfonamides. Of the tree of substances,
# only the actions of drugs and the vaccines say what advice on the wider holds of the narrower.
_TELLING = ("D27", "D20.215.894")
_GROUPS = (
    {"condition", "symptom", "sign", "outcome"},
    {"drug", "class", "vaccine"},
    {"test", "score", "procedure", "device", "behaviour"},
)
_MOST_TURNS = 3


class Term(NamedTuple):
    """One entry term, with the tag by which MeSH says what sort of name it is (TRD: a trade name)."""

    text: str
    tag: str = "NON"


@dataclass(frozen=True, slots=True)
class Sense:
    """One meaning under a heading, its preferred term first.

    Attributes:
        narrower: whether it is narrower than the heading; the heading's own meaning comes first and is not.
        substance: whether it has a registry number, and so is one substance rather than a group of them.
    """

    ui: str
    terms: tuple[Term, ...]
    narrower: bool = False
    substance: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """One descriptor of MeSH.

    Attributes:
        trees: its places in the hierarchy.
        actions: the descriptors that say how a drug acts.
        senses: its own meaning, then those that MeSH keeps under it.
    """

    ui: str
    name: str
    trees: tuple[str, ...]
    actions: tuple[str, ...]
    senses: tuple[Sense, ...]

    @classmethod
    def from_list(cls, kept: list[Any]) -> Heading:
        """A heading as ``to_list`` wrote it."""
        ui, name, trees, actions, senses = kept
        read = (Sense(own, tuple(Term(*t) for t in terms), *rest) for own, terms, *rest in senses)
        return cls(ui, name, tuple(trees), tuple(actions), tuple(read))

    def to_list(self) -> list[Any]:
        """The heading in the plainest form, to be kept as JSON."""
        senses = [[s.ui, s.terms, s.narrower, s.substance] for s in self.senses]
        return [self.ui, self.name, self.trees, self.actions, senses]

    @property
    def kind(self) -> str | None:
        """The kind of concept that it is, or None where the lexicon has none for it."""
        trees = tuple(tree for tree in self.trees if not tree.startswith(_NOT_HUMAN))
        kind = next((kind for start, kind in _KINDS if any(t.startswith(start) for t in trees)), None)
        return "class" if kind == "drug" and not self.senses[0].substance else kind

    def wider(self) -> Iterator[str]:
        """The tree numbers above each of its own that say what it is a kind of, nearest first."""
        for tree in self.trees:
            telling = not tree.startswith("D") or tree.startswith(_TELLING)
            if telling and not tree.startswith(_NOT_HUMAN):
                yield tree


def above(tree: str) -> Iterator[str]:
    """The tree numbers above one, nearest first."""
    while "." in tree:
        tree = tree.rpartition(".")[0]
        yield tree


def alike(kind: str, other: str) -> bool:
    """Whether two kinds can be the same thing: a test of a substance is not the substance."""
    return kind == other or any({kind, other} <= group for group in _GROUPS)


def turned(text: str) -> str | None:
    """An inverted name the way it is said: "Infarction, Myocardial" is "Myocardial Infarction"."""
    parts = text.split(", ")
    return " ".join(reversed(parts)) if len(parts) <= _MOST_TURNS else None


def plainly(term: Term, kind: str) -> str:
    """A heading as it stands in a sentence: capitals stay where they belong to a proper name."""
    said = turned(term.text) or term.text
    if kind == "organism" or term.tag in {"EPO", "NAM", "TRD"}:
        return said
    return " ".join(
        word.lower() if word[:1].isupper() and word[1:].islower() else word for word in said.split()
    )
