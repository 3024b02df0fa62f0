"""One record of MeSH descriptor XML, put together from its elements as they are read."""

from __future__ import annotations

from consilium.lexicon.headings import Heading, Sense, Term

RECORD, TOPICAL = "DescriptorRecord", "1"


class Record:
    """One descriptor while it is read.

    Attributes:
        topical: whether it is a subject, rather than a kind of publication or a place.
    """

    def __init__(self, kind: str = TOPICAL) -> None:
        """``kind``: the class of descriptor, as MeSH numbers it."""
        self.topical = kind == TOPICAL
        self._ui = self._name = self._relation = self._tag = self._wider = ""
        self._trees: list[str] = []
        self._actions: list[str] = []
        self._preferred = ""
        self._narrower: set[str] = set()
        self._senses: dict[str, tuple[list[Term], list[bool]]] = {}
        self._sense, self._leading, self._own = "", False, False

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        """Take note of an element that begins."""
        if name == "Term":
            permuted = attributes.get("IsPermutedTermYN") == "Y"
            self._tag = "" if permuted else attributes.get("LexicalTag", "NON")
            self._leading = attributes.get("ConceptPreferredTermYN") == "Y"
        elif name == "Concept":
            self._own = attributes.get("PreferredConceptYN") == "Y"
        elif name == "ConceptRelation":
            self._relation = attributes.get("RelationName", "")

    def told(self, name: str, around: list[str], text: str) -> None:
        """Take the text of an element that ends; ``around`` are those about it, the outermost first."""
        parent = around[-1]
        if name == "DescriptorUI":
            if parent == RECORD:
                self._ui = text
            elif "PharmacologicalAction" in around:
                self._actions.append(text)
        elif parent == "DescriptorName":
            self._name = text if around[-2] == RECORD else self._name
        elif name == "TreeNumber":
            self._trees.append(text)
        elif name == "ConceptUI":
            self._sense = text
            self._senses[text] = ([], [])
            self._preferred = text if self._own else self._preferred
        elif name == "Concept1UI":
            self._wider = text
        elif name == "Concept2UI":
            if self._relation == "NRW" and self._wider == self._preferred:
                self._narrower.add(text)
        elif self._sense:
            self._within(name, text)

    def _within(self, name: str, text: str) -> None:
        terms, registered = self._senses[self._sense]
        if name == "RegistryNumber":
            registered.append(text not in {"", "0"})
        elif self._tag and text:
            terms.insert(0 if self._leading else len(terms), Term(text, self._tag))

    def heading(self) -> Heading | None:
        """The record as a heading, its own meaning first; None where it has none."""
        own = self._senses.pop(self._preferred, None)
        if not (self._ui and self._name and own and own[0]):
            return None
        terms, registered = own
        first = Sense(self._preferred, tuple(terms), substance=any(registered))
        others = (
            Sense(ui, tuple(terms), ui in self._narrower, any(registered))
            for ui, (terms, registered) in self._senses.items()
            if terms
        )
        return Heading(self._ui, self._name, tuple(self._trees), tuple(self._actions), (first, *others))
