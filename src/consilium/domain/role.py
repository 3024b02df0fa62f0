"""What a sentence does in the work that it is taken from."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """The part of a work that a sentence stands in, by its label or, without one, by its place and words."""

    BACKGROUND = "background"
    AIM = "aim"
    METHODS = "methods"
    RESULTS = "results"
    CONCLUSION = "conclusion"
    RECOMMENDATION = "recommendation"
    RATIONALE = "rationale"
    OTHER = "other"

    @property
    def may_be_cited(self) -> bool:
        """Whether a sentence in it may carry a claim: aims and methods say nothing of what was found."""
        return self not in {Role.BACKGROUND, Role.AIM, Role.METHODS}
