"""The works that answers rest on: sources, passages and the sentences that are cited."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from consilium.domain.grade import Grade
from consilium.domain.measure import Measured, Place, Traits
from consilium.domain.role import Role

if TYPE_CHECKING:
    from consilium.domain.population import Band


class SourceKind(StrEnum):
    """What sort of work a source is."""

    GUIDELINE = "guideline"
    STUDY = "study"
    REGULATORY = "regulatory"


class SourceStatus(StrEnum):
    """Where an edition stands today, as its issuer or a registry says."""

    CURRENT = "current"
    LIVING = "living"
    PARTLY_SUPERSEDED = "partly_superseded"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    RETRACTED = "retracted"
    UNKNOWN = "unknown"

    @property
    def may_lead(self) -> bool:
        """Whether a recommendation of this edition may open an answer."""
        return self in {
            SourceStatus.CURRENT,
            SourceStatus.LIVING,
            SourceStatus.PARTLY_SUPERSEDED,
            SourceStatus.UNKNOWN,
        }

    @property
    def may_be_cited(self) -> bool:
        """Whether the work still stands at all."""
        return self not in {SourceStatus.RETRACTED, SourceStatus.WITHDRAWN}


class StatementKind(StrEnum):
    """What a sentence does."""

    RECOMMENDATION = "recommendation"
    FINDING = "finding"
    DEFINITION = "definition"
    WARNING = "warning"


class Origin(StrEnum):
    """Whose words a sentence is made of."""

    VERBATIM = "verbatim"
    SUMMARY = "summary"
    INFERENCE = "inference"


class Checked(StrEnum):
    """How a sentence was checked against the work that it stands for."""

    VERBATIM = "verbatim"
    PRIMARY = "primary"
    SECONDARY = "secondary"
    DERIVED = "derived"


def digest_of(text: str) -> str:
    """The SHA-256 of a text in UTF-8, written ``sha256:<64 hex digits>``."""
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Source:
    """One edition of one work, identified and with its status as last checked."""

    id: str
    version: int
    kind: SourceKind
    title: str
    design: str
    collection: str = "starter"
    organisation: tuple[str, ...] = ()
    authors: str | None = None
    year: int | None = None
    updated: str | None = None
    journal: str | None = None
    locator: str | None = None
    jurisdiction: str | None = None
    population: str | None = None
    status: SourceStatus = SourceStatus.UNKNOWN
    status_checked: bool = False
    status_checked_on: str | None = None
    status_note: str | None = None
    supersedes: tuple[str, ...] = ()
    superseded_by: tuple[str, ...] = ()
    retraction_checked: bool = False
    pmid: str | None = None
    pmcid: str | None = None
    doi: str | None = None
    url: str | None = None
    licence: str | None = None
    language: str | None = None
    species: str | None = None
    topics: tuple[str, ...] = ()
    mesh: tuple[str, ...] = ()

    @property
    def issues_advice(self) -> bool:
        """Whether a recommendation may rest on this work."""
        return self.kind in {SourceKind.GUIDELINE, SourceKind.REGULATORY}

    @property
    def body(self) -> str:
        """Who issued the work: the organisations, else the first author."""
        if self.organisation:
            return "/".join(self.organisation)
        first = (self.authors or "").split(",")[0].strip()
        return first or self.title


@dataclass(frozen=True, slots=True)
class Sentence:
    """The unit that a citation points at: one whole sentence with all that qualifies it."""

    id: str
    source: str
    text: str
    kind: StatementKind
    origin: Origin
    checked: Checked
    passage: str
    grade: Grade = field(default_factory=Grade)
    heading: str | None = None
    locator: str | None = None
    population: str | None = None
    setting: str | None = None
    age: Band | None = None
    applies_if: tuple[str, ...] = ()
    not_if: tuple[str, ...] = ()
    pairs_with: tuple[str, ...] = ()
    premises: tuple[str, ...] = ()
    pico: tuple[tuple[str, str], ...] = ()
    role: Role | None = None

    @property
    def sha256(self) -> str:
        """The digest by which a citation proves that the sentence is unchanged."""
        return digest_of(self.text)

    @property
    def qualifiers(self) -> tuple[str, ...]:
        """The conditions that must stay with the sentence, in the record's words."""
        only = tuple(f"only if: {condition}" for condition in self.applies_if)
        return only + tuple(f"not if: {condition}" for condition in self.not_if)


@dataclass(frozen=True, slots=True)
class Annotation:
    """What the lexicon saw in a sentence when the library was indexed.

    Attributes:
        text: concepts named in the sentence, its population, setting and PICO.
        context: concepts named in its heading, title, topics and MeSH headings only.
        intents: the intents of a question which the sentence can answer, most apt first.
        words: folded content words of the sentence and title that no concept accounts for.
        order: the topics (conditions, signs, organisms, interventions) in the order of the sentence;
            what it opens with is mostly what it is about.
    """

    text: frozenset[str] = frozenset()
    context: frozenset[str] = frozenset()
    intents: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()
    order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that retrieval brought up; nothing may be cited from it yet.

    Attributes:
        rank: its place, from 1, among the guidelines or among the studies that were found.
        by_text: where text put it, if meaning was searched too; None where text did not find it.
        by_meaning: where meaning put it; None where meaning was not searched or did not find it.
        by_pieces: where late interaction put it among the best of both; None where it did not look.
        work: all sentences of its work, where it is one in its authors' words.
    """

    sentence: Sentence
    source: Source
    annotation: Annotation
    score: float
    rank: int = 0
    by_text: Place | None = None
    by_meaning: Place | None = None
    by_pieces: Place | None = None
    work: tuple[Sentence, ...] = field(default=(), repr=False, compare=False)


class Reason(StrEnum):
    """Why a candidate was turned away; the words that readers see are in ``assemble``."""

    OFF_TOPIC = "off_topic"
    WRONG_INTENT = "wrong_intent"
    WRONG_POPULATION = "wrong_population"
    WRONG_ANATOMY = "wrong_anatomy"
    WRONG_INTERVENTION = "wrong_intervention"
    WRONG_SETTING = "wrong_setting"
    LOW_VERIFICATION = "low_verification"
    NON_HUMAN = "non_human"
    PROTOCOL_ONLY = "protocol_only"
    METHODS_ONLY = "methods_only"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    RETRACTED = "retracted"
    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"
    WEAKER_DUPLICATE = "weaker_duplicate"
    BELOW_FLOOR = "below_floor"
    OVER_BUDGET = "over_budget"
    UNSUPPORTED = "unsupported"
    LICENCE = "licence"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Rejection:
    """A candidate that was turned away, with a reason code and a sentence for the reader.

    Attributes:
        by: the gate or rule that turned it away.
        measured: what that rule measured.
    """

    candidate: Candidate
    reason: Reason
    detail: str
    by: str
    measured: tuple[Measured, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A candidate that appraisal admitted; only appraisal makes these.

    Attributes:
        coverage: share of the question's weighted concepts that the sentence covers, 0 to 1.
        intent: how well the sentence serves the question's own intent, 0 to 1.
        score: the order among what passed the gates, higher is better.
        may_lead: whether this sentence may open the guidelines section.
        core: the coverage without what only describes the setting.
        aliens: how many conditions it names that were not asked about.
        listed: how many kinds of what was asked about it lists ("the signs are …").
        beside: whether the topic is only in its surroundings while it is about another condition.
        pertinence: the odds that a reader finds that it belongs in the answer, by its traits.
        notes: what the reader must be told beside it ("edition not checked").
        unmet: the conditions that it depends on and that the question does not state.
        parts: what the score is the sum of, by name.
        measured: what the rules after the gates measured.
    """

    candidate: Candidate
    coverage: float
    intent: float
    score: float
    may_lead: bool
    core: float = 0.0
    aliens: int = 0
    listed: int = 0
    beside: bool = False
    pertinence: float = 0.0
    traits: Traits | None = None
    notes: tuple[str, ...] = ()
    unmet: tuple[str, ...] = ()
    parts: tuple[tuple[str, float], ...] = ()
    measured: tuple[Measured, ...] = ()

    @property
    def sentence(self) -> Sentence:
        """The sentence itself."""
        return self.candidate.sentence

    @property
    def source(self) -> Source:
        """The work it comes from."""
        return self.candidate.source
