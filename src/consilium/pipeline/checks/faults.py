"""What a claim is held against, and what can be wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from consilium.domain.grade import Grade


class Reason(StrEnum):
    """Why a claim is rejected."""

    NUMBER = "number_not_in_source"
    UNIT = "unit_changed"
    COMPARATOR = "comparator_changed"
    INTERVAL = "interval_changed"
    MOVED = "number_moved"
    NEGATION = "negation_changed"
    DIRECTION = "direction_changed"
    STRENGTH = "strength_raised"
    CERTAINTY = "certainty_raised"
    CONDITION_DROPPED = "condition_dropped"
    POPULATION = "population_not_in_source"
    WIDENED = "population_widened"
    DRUG = "drug_not_in_source"
    ANATOMY = "anatomy_not_in_source"
    CONDITION = "condition_not_in_source"
    NAME = "name_not_in_source"
    ADVICE = "advice_without_guideline"
    FORM = "url_or_markup"
    HIDDEN = "hidden_text"
    CAUSAL = "causal_upgrade"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is certainly wrong, as a code and as a sentence with the words concerned."""

    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True)
class CitedWords:
    """A cited sentence with what stands around it.

    Attributes:
        issues_advice: whether its source may give recommendations: a guideline or a regulator.
    """

    text: str
    heading: str | None = None
    title: str | None = None
    population: str | None = None
    issues_advice: bool = False
    grade: Grade = field(default_factory=Grade)

    @property
    def around(self) -> str:
        """The words beside the sentence, in which a term of the claim may also stand."""
        return ". ".join(part for part in (self.heading, self.population, self.title) if part)
