"""The article: claims with their citations, in sections, and what an abstention says instead."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum

from consilium.domain.evidence import Sentence, Source, StatementKind
from consilium.domain.grade import Grade


class Support(StrEnum):
    """How a claim stands on its sentences."""

    QUOTED = "quoted"
    SUMMARISED = "summarised"
    INFERRED = "inferred"
    ENTAILED = "entailed"


class Role(StrEnum):
    """What an item does in its section."""

    LEAD = "lead"
    KEY_POINT = "key_point"
    FINDING = "finding"
    CONTEXT = "context"


@dataclass(frozen=True, slots=True)
class Claim:
    """One checkable statement with the whole sentences that it rests on.

    Attributes:
        frame: the attribution printed before the text, kept apart from it.
        cited: sentences with their sources; the first is the claim's own.
    """

    text: str
    frame: str | None
    kind: StatementKind
    grade: Grade
    qualifiers: tuple[str, ...]
    population: str | None
    setting: str | None
    cited: tuple[tuple[Source, Sentence], ...]
    partners: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """``c-`` and 12 hex digits of the hash of kind, text and sentence ids (invariant 1)."""
        return claim_id(self.kind.value, self.text, [s.id for _, s in self.cited])

    @property
    def sentence(self) -> Sentence:
        """The sentence whose claim this is."""
        return self.cited[0][1]

    @property
    def source(self) -> Source:
        """The work whose claim this is."""
        return self.cited[0][0]


def claim_id(kind: str, text: str, sentences: list[str]) -> str:
    """The id of a claim: the hash of its kind, text and sentence ids."""
    body = json.dumps([kind, text, sentences], ensure_ascii=False, separators=(",", ":"))
    return "c-" + hashlib.sha256(body.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class SupportedClaim:
    """A claim that ``verify`` let through, or that a board put in words that pass ``fidelity``."""

    claim: Claim
    support: Support
    verifier: str | None

    @property
    def id(self) -> str:
        """The claim's id."""
        return self.claim.id


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a section: a claim, or claims that must stand together."""

    role: Role
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """``guidelines`` or ``research``."""

    id: str
    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """An entry of the list: a source under its number."""

    number: int
    source: Source
    text: str


@dataclass(frozen=True, slots=True)
class Position:
    """One body's side of a disagreement."""

    claim: str
    body: str
    jurisdiction: str | None
    year: int | None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Bodies that advise opposite things on the same question."""

    about: str
    positions: tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """How sure, in counts and plain words."""

    summary: str
    guidelines: int
    studies: int
    agree: bool | None
    unchecked: int


@dataclass(frozen=True, slots=True)
class Wording:
    """One claim worded for an audience: its text, and (term, gloss, source) beside it."""

    text: str
    glosses: tuple[tuple[str, str, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Rendering:
    """The same claims for one audience."""

    audience: str
    composer: str
    claims: tuple[tuple[str, Wording], ...]
    order: tuple[str, ...]
    reading_grade: float | None


@dataclass(frozen=True, slots=True)
class Excluded:
    """A source that was considered and turned away, for the reader."""

    source: Source
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Article:
    """What is claimed: everything that a reviewer approves."""

    question: str
    act_now: tuple[str, ...]
    in_short: tuple[str, ...]
    sections: tuple[Section, ...]
    claims: tuple[SupportedClaim, ...]
    references: tuple[Reference, ...]
    disagreements: tuple[Disagreement, ...]
    gaps: tuple[str, ...]
    assessment: Assessment
    disclaimer: str


@dataclass(frozen=True, slots=True)
class Nearest:
    """What came closest to an answer, and why it was not enough."""

    source: str
    title: str
    why_not: str


@dataclass(frozen=True, slots=True)
class Abstention:
    """An honest "not enough evidence", with what was searched and how to widen."""

    question: str
    reason: str
    message: str
    searched: tuple[str, ...]
    nearest: tuple[Nearest, ...]
    widen: tuple[str, ...]
    disclaimer: str
