"""Whom a sentence is about, as numbers where there are numbers.

Ages are compared as days, so that an 18-day-old lies in 8-21 days and not in 22-28.
"""

from __future__ import annotations

from dataclasses import dataclass

# Mean lengths in days. Bands are stated in whole units, so the error stays far inside one unit.
DAYS = {"days": 1.0, "weeks": 7.0, "months": 30.4375, "years": 365.25}


@dataclass(frozen=True, slots=True)
class Age:
    """An age, or a span of ages (``months`` of a toddler, say), in days."""

    low: float
    high: float
    words: str

    @classmethod
    def of(cls, value: float, unit: str) -> Age:
        """The span that "18 days" or "3 years" covers: from that age up to one unit more."""
        days = DAYS[unit]
        return cls(value * days, (value + 1) * days - 0.001, f"{value:g} {unit}")


@dataclass(frozen=True, slots=True)
class Band:
    """An age band of a statement; both ends are included, an open end is None."""

    low: float | None
    high: float | None
    unit: str

    def holds(self, age: Age) -> bool:
        """Whether any part of ``age`` lies in the band ("8-21 days" ends with day 21)."""
        days = DAYS[self.unit]
        low = -1.0 if self.low is None else self.low * days
        high = float("inf") if self.high is None else (self.high + 1) * days - 0.001
        return age.low <= high and age.high >= low

    def __str__(self) -> str:
        """The band in words, for a reader."""
        if self.high is None:
            return f"{self.low:g} {self.unit} and over"
        if self.low is None:
            return f"up to {self.high:g} {self.unit}"
        return f"{self.low:g} to {self.high:g} {self.unit}"
