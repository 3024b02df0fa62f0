"""Find the grade that is printed in a clause: its words as they stand, and what they say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from consilium.adapters.sources.recommendation_table import GradeRule, table

# What may stand between two parts of one grade: "(strong recommendation; moderate-certainty evidence)".
_BETWEEN = re.compile(
    r"[\s,;:|/()\[\]–—-]*(?:(?:and|with|based on|recommendation|evidence|level)\b[\s,;:|/()–—-]*)*"
)
GRADE_MOST = 200  # characters; no grade alone is longer
_EDGE = " \t\n,;:|()[]"


@dataclass(frozen=True, slots=True)
class Graded:
    """A grade as printed, and what its words say; None where they do not say it."""

    native: str
    strength: str | None = None
    certainty: str | None = None
    direction: str | None = None


@lru_cache(maxsize=64)  # a row is asked for each of its sentences
def grade_in(sentence: str, uspstf: bool) -> Graded | None:
    """The grade printed in a sentence or row; where two differ in strength, only their words."""
    groups = _groups(sentence, _parts(sentence, uspstf))
    if not groups:
        return None
    strengths = {rule.strength for group in groups for _, rule in group if rule.strength}
    if len(strengths) > 1:
        return Graded("; ".join(_words(sentence, group) for group in groups))
    best = max(groups, key=lambda group: sum(bool(rule.strength) for _, rule in group))
    certainties = {
        rule.certainty for _, rule in best if rule.certainty and (strengths or not rule.with_class)
    }
    directions = {rule.direction for _, rule in best if rule.direction}
    return Graded(
        _words(sentence, best),
        strength=next(iter(strengths), None),
        certainty=certainties.pop() if len(certainties) == 1 else None,
        direction=directions.pop() if len(directions) == 1 else None,
    )


def is_only_grade(part: str) -> bool:
    """Whether a stretch of text is nothing but a grade ("(Strong recommendation, low certainty.)")."""
    parts = _parts(part, True) if len(part) <= GRADE_MOST else []
    left = part
    for match, _ in reversed(parts):
        left = left[: match.start()] + left[match.end() :]
    rest = re.sub(
        r"\b(?:and|evidence|recommendation|grade|level|quality|certainty|of|the)\b|[\W_]",
        "",
        left,
        flags=re.IGNORECASE,
    )
    return bool(parts) and not rest


def _parts(sentence: str, uspstf: bool) -> list[tuple[re.Match[str], GradeRule]]:
    """Every part of a grade in the sentence, in order; the first rule that takes a place keeps it."""
    parts: list[tuple[re.Match[str], GradeRule]] = []
    for rule in table().grades:
        for match in rule.pattern.finditer(sentence):
            if rule.uspstf and not uspstf:
                continue
            if not any(match.start() < m.end() and m.start() < match.end() for m, _ in parts):
                parts.append((match, rule))
    return sorted(parts, key=lambda part: part[0].start())


def _groups(
    sentence: str, parts: list[tuple[re.Match[str], GradeRule]]
) -> list[list[tuple[re.Match[str], GradeRule]]]:
    groups: list[list[tuple[re.Match[str], GradeRule]]] = []
    for match, rule in parts:
        beside = groups and _BETWEEN.fullmatch(sentence[groups[-1][-1][0].end() : match.start()])
        if beside:
            groups[-1].append((match, rule))
        else:
            groups.append([(match, rule)])
    return groups


def _words(sentence: str, group: list[tuple[re.Match[str], GradeRule]]) -> str:
    return sentence[group[0][0].start() : group[-1][0].end()].strip(_EDGE)
