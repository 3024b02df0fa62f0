"""What a sentence is about, beside what it names: mostly, what it opens with."""

from __future__ import annotations

from dataclasses import dataclass

from consilium.domain.evidence import Annotation
from consilium.lexicon.concepts import Lexicon

DISEASES = frozenset({"condition", "sign", "organism"})
# What a sentence that names no topic at all is taken to be: neither for nor against.
_SILENT, _KIN = 0.6, 0.5


@dataclass(frozen=True, slots=True)
class Subject:
    """How far a sentence is about what was asked.

    Attributes:
        opens: whether the first topic that it names is one of the question's: 1 of its family,
            0.5 of its kin, 0 of neither.
        other: the disease that it opens with, where the question names none.
        foreign: whether it opens with another disease than the question's, which is neither in it
            nor around it.
        mentions: the same, but for a mention further on in the sentence.
    """

    opens: float = _SILENT
    other: str | None = None
    foreign: bool = False
    mentions: bool = False


class SubjectReader:
    """Tells the subjects of sentences for one question."""

    def __init__(
        self, lexicon: Lexicon, asked: frozenset[str], family: frozenset[str], heads: frozenset[str]
    ) -> None:
        """Prepare for a question that asks about ``asked``, of which ``heads`` must be met."""
        self._lexicon, self._asked, self._family = lexicon, asked, family
        self._diseases = frozenset(c for c in heads if lexicon.concepts[c].kind in DISEASES)

    def read(self, note: Annotation, named: frozenset[str], around: frozenset[str]) -> Subject:
        """The subject of an annotated sentence.

        Args:
            named: the concepts in the sentence with all that they are kinds of.
            around: the same of its surroundings.
        """
        opens = self._belongs(note.order[0]) if note.order else _SILENT
        first = next((c for c in note.order if self._lexicon.concepts[c].kind in DISEASES), None)
        alien = first is not None and not self._belongs(first)
        astray = alien and not opens and bool(self._diseases) and not self._diseases & around
        mentioned = bool(self._diseases & named)
        return Subject(
            opens=opens,
            other=first if alien and not self._diseases else None,
            foreign=astray and not mentioned,
            mentions=astray and mentioned,
        )

    def _belongs(self, concept: str) -> float:
        if concept in self._asked or self._lexicon.ancestors[concept] & self._asked:
            return 1.0
        return _KIN if concept in self._family else 0.0
