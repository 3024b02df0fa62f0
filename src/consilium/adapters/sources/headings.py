"""What the MeSH headings of an article say of whom it studied."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

# The check tags of the U.S. National Library of Medicine for ages, as their scope notes bound them, in years.
_AGES: dict[str, tuple[float, float | None]] = {
    "Infant, Newborn": (0, 0),
    "Infant": (0, 1),
    "Child, Preschool": (2, 5),
    "Child": (6, 12),
    "Adolescent": (13, 18),
    "Young Adult": (19, 24),
    "Adult": (19, 44),
    "Middle Aged": (45, 64),
    "Aged": (65, None),
    "Aged, 80 and over": (80, None),
}
_WORDS = (
    (frozenset({"Infant, Newborn"}), "Newborn infants"),
    (frozenset({"Infant, Newborn", "Infant"}), "Infants"),
    (frozenset({"Adolescent"}), "Adolescents"),
    (frozenset({"Infant, Newborn", "Infant", "Child, Preschool", "Child"}), "Children"),
    (
        frozenset({"Infant, Newborn", "Infant", "Child, Preschool", "Child", "Adolescent"}),
        "Children and adolescents",
    ),
    (frozenset({"Aged", "Aged, 80 and over"}), "Older adults"),
    (frozenset({"Young Adult", "Adult", "Middle Aged", "Aged", "Aged, 80 and over"}), "Adults"),
    (
        frozenset({"Adolescent", "Young Adult", "Adult", "Middle Aged", "Aged", "Aged, 80 and over"}),
        "Adolescents and adults",
    ),
)


def species_of(names: Iterable[str]) -> str | None:
    """Whom an article studied: people count where both are named; None where neither is."""
    held = set(names)
    if "Humans" in held:
        return "human"
    return "animal" if "Animals" in held else None


def population_of(names: Iterable[str]) -> tuple[str | None, dict[str, Any] | None]:
    """The ages of the people that an article studied, in words and as a band of whole years."""
    groups = frozenset(names) & _AGES.keys()
    if not groups:
        return None, None
    words = next((words for within, words in _WORDS if groups <= within), "Adults and children")
    lows, highs = zip(*(_AGES[name] for name in groups), strict=True)
    ends = [high for high in highs if high is not None]
    high = max(ends) if len(ends) == len(highs) else None
    return words, {"min": min(lows), "max": high, "unit": "years"}
