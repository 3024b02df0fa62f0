"""Strength, direction and certainty: three separate facts, as GRADE keeps them apart.

An issuer's own grade travels verbatim beside them and is never converted for display.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Strength(StrEnum):
    """How strongly an issuer recommends; ``NOT_STATED`` without the issuer's own words."""

    STRONG = "strong"
    CONDITIONAL = "conditional"
    GOOD_PRACTICE = "good_practice"
    INSUFFICIENT = "insufficient"
    NOT_STATED = "not_stated"


class Direction(StrEnum):
    """Which way a recommendation points."""

    FOR = "for"
    AGAINST = "against"
    EITHER = "either"
    NONE = "none"


class Certainty(StrEnum):
    """How sure the issuer is of the evidence; only where the issuer says so."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    VERY_LOW = "very_low"
    NOT_STATED = "not_stated"


@dataclass(frozen=True, slots=True)
class Grade:
    """The grade of one statement, with the issuer's own words in ``native``."""

    strength: Strength = Strength.NOT_STATED
    direction: Direction = Direction.NONE
    certainty: Certainty = Certainty.NOT_STATED
    native: str | None = None

    @property
    def opposes(self) -> Direction | None:
        """The direction that contradicts this one, or None if nothing does."""
        return {Direction.FOR: Direction.AGAINST, Direction.AGAINST: Direction.FOR}.get(self.direction)
