"""The question as asked, and the plan by which it is searched."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from consilium.domain.population import Age


class Audience(StrEnum):
    """For whom an article is worded."""

    CLINICIAN = "clinician"
    STUDENT = "student"
    PATIENT = "patient"


class Intent(StrEnum):
    """What the asker wants to know."""

    DEFINITION = "definition"
    SIGNS = "signs"
    DIAGNOSIS = "diagnosis"
    IMAGING = "imaging"
    TREATMENT = "treatment"
    DOSING = "dosing"
    PREVENTION = "prevention"
    SCREENING = "screening"
    PROGNOSIS = "prognosis"
    HARM = "harm"
    AETIOLOGY = "aetiology"
    MONITORING = "monitoring"
    REFERRAL = "referral"
    OVERVIEW = "overview"


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, for whom, where, and for which date.

    Attributes:
        country: where the asker practises or lives, as in the sources ("UK", "USA"), or None.
        as_of: the date for which the question is asked; None means today.
    """

    text: str
    audience: Audience = Audience.CLINICIAN
    country: str | None = None
    as_of: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What an earlier article leaves to a question that follows it."""

    article_id: str
    question: str
    plan_topics: tuple[str, ...]
    plan_population: tuple[str, ...] = ()
    plan_interventions: tuple[str, ...] = ()
    plan_intent: Intent | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """One thing the question names.

    Attributes:
        concept: its id in the lexicon, or None for a word that the lexicon does not know.
        words: as the asker typed it.
        kind: the concept's kind, or ``word``.
        weight: how much of the question hangs on it, from the library's own frequencies.
        either: terms that share a group are alternatives ("alteplase or tenecteplase").
        inherited: whether it was taken over from the article that this question follows.
        part: which of the things asked it belongs to; -1 belongs to all.
        context: whether it only describes the setting, so that a sentence may do without it.
    """

    concept: str | None
    words: str
    kind: str
    weight: float
    either: int | None = None
    inherited: bool = False
    context: bool = False
    part: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """A question made searchable. Slots hold concept ids; ``--explain`` prints them.

    Attributes:
        aside: the words of diseases that the answer leaves aside, because nothing covers all.
        hints: words that name nothing, each with the clinical name that it comes near to.
        unseen: plain words that neither the library nor the lexicon uses ("teapot").
    """

    question: Question
    understood: str
    terms: tuple[Term, ...]
    intents: tuple[Intent, ...]
    companions: tuple[Intent, ...] = ()
    population: tuple[str, ...] = ()
    age: Age | None = None
    anatomy: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    corrections: tuple[tuple[str, str], ...] = ()
    unseen: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()
    hints: tuple[tuple[str, str], ...] = ()
    inherited: tuple[str, ...] = ()
    follows: str | None = None

    @property
    def intent(self) -> Intent:
        """The question's own intent."""
        return self.intents[0]

    def concepts(self, *kinds: str) -> tuple[str, ...]:
        """Ids of the concepts of these kinds, in the order in which they were named."""
        return tuple(
            term.concept for term in self.terms if term.concept and (not kinds or term.kind in kinds)
        )
