"""Recognise the sentences that recommend, and bind the grade that stands in the same clause, row or line.

The words are in ``recommendations.yaml``. A grade is kept in the issuer's own words; nothing is converted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from consilium.adapters.sources.grading import Graded, grade_in, is_only_grade
from consilium.adapters.sources.recommendation_table import Table, table
from consilium.adapters.sources.works import Advice

LONGEST = 1200  # characters; what is longer is no sentence but text that lost its stops
LONGEST_ROW = 8000  # characters of a table row that is searched for a grade
_BRACKETED = re.compile(r"[)\]]?\s*[(\[][^()\[\]]*[)\]]\.?")
_JOINED = re.compile(r"^[^\w(<>≥≤]*(?:(?:or|and|plus|then|and/or)(?::|,)?\s+)?", re.IGNORECASE)
_STOPPED = re.compile(r"[.!?]\s*(?P<grade>[(\[][^()\[\]]*[)\]])(?=\s+[A-Z])")


@dataclass(frozen=True, slots=True)
class _Where:
    """What the headings above a sentence say of it."""

    action: bool
    elsewhere: bool
    strict: bool
    treatment: bool
    adverse: bool


def advice_in(
    text: str, ends: Sequence[int], label: str | None, about: Mapping[str, Any]
) -> dict[str, Advice]:
    """The recommendations among the sentences of a section, by their number in it.

    Args:
        text: the text of the section, blocks parted by newlines.
        ends: where its sentences end.
        label: its heading, outermost first ("Treatment > Drug treatment").
        about: what is known of the source, as in ``Work["source"]``: whose advice is its own.
    """
    words, where = table(), _where(label)
    own = words.own(about)
    found: dict[str, Advice] = {}
    start = 0
    for number, end in enumerate(ends):
        sentence = _JOINED.sub("", " ".join(text[start:end].split()))
        advice = None
        if len(sentence) <= LONGEST:
            graded = grade_in(sentence, own.uspstf) or grade_in(_row(text, start, end), own.uspstf)
            advice = _advice(sentence, graded, where, own.advises)
        if advice is not None:
            found[str(number)] = advice
        start = end
    return found


def with_grades(text: str, ends: Sequence[int]) -> list[int]:
    """The ends of sentences where a grade printed after the full stop belongs to the sentence before it."""
    kept: list[int] = []
    start = 0
    for end in ends:
        if kept and (closed := _grade_first(text[start:end])):
            start = kept[-1] = start + closed
        kept += [start + at for at in _graded_inside(text[start:end])]
        if start < end:
            kept.append(end)
        start = end
    return kept


def _graded_inside(part: str) -> list[int]:
    """Where a sentence ends within a stretch: after a grade in brackets that follows a full stop."""
    return [match.end() for match in _STOPPED.finditer(part) if is_only_grade(match.group("grade"))]


def _grade_first(part: str) -> int:
    """How much of a stretch of text, from its beginning, is only the grade of what went before."""
    if "\n" in part[: len(part) - len(part.lstrip())]:
        return 0
    if is_only_grade(part):
        return len(part)
    bracketed = _BRACKETED.match(part)
    return bracketed.end() if bracketed and is_only_grade(bracketed.group()) else 0


def opens_with_imperative(text: str) -> bool:
    """Whether a text begins by telling what to do."""
    words = table()
    return words.plain.match(text) is not None or words.against.match(text) is not None


def opens_conditions(text: str) -> bool:
    """Whether a list after a colon of this text says when something holds ("if all of the following:")."""
    return table().conditions.search(text) is not None


def _row(text: str, start: int, end: int) -> str:
    """The table row that a sentence stands in, or nothing."""
    first = text.rfind("\n", 0, end) + 1
    last = text.find("\n", max(first, start, end - 1))
    line = text[first : last if last >= 0 else len(text)]
    return line if " | " in line and len(line) <= LONGEST_ROW else ""


def _where(label: str | None) -> _Where:
    headings = table().headings
    names = (label or "").split(" > ")
    action = elsewhere = False
    for name in reversed(names):
        goals = name is names[-1] and headings["goals"].search(name) is not None
        action = headings["action"].search(name) is not None and not goals
        elsewhere = goals or (headings["elsewhere"].search(name) is not None and not action)
        if action or elsewhere:
            break
    return _Where(
        action=action,
        elsewhere=elsewhere,
        strict=headings["strict"].search(names[-1]) is not None,
        treatment=any(headings["treatment"].search(name) for name in names) and not elsewhere,
        adverse=table().regimen["adverse"].search(names[-1]) is not None,
    )


def _advice(sentence: str, graded: Graded | None, where: _Where, advises: re.Pattern[str]) -> Advice | None:
    words = table()
    if where.strict or words.hangs.search(sentence):
        return None
    if any(pattern.search(sentence) for pattern in (*words.never, *words.reported)):
        return None
    none = next((m for pattern in words.insufficient if (m := pattern.search(sentence))), None)
    if none and not where.elsewhere:
        return Advice(
            native=graded.native if graded else none.group(), strength="insufficient", direction="none"
        )
    said = _said(sentence, advises)
    if said is None and words.others.search(sentence):
        return None
    worded = (
        said
        or _by_verb(sentence, where, words)
        or _imperative(sentence, where, words)
        or _regimen(sentence, where, words)
    )
    if worded is None or (opens_conditions(sentence) and ";" not in sentence):
        return None
    return _graded(worded, graded)


def _graded(worded: Advice, graded: Graded | None) -> Advice:
    """Advice with its grade; one that says "insufficient" belongs to another sentence of the row."""
    if graded is None or graded.strength == "insufficient":
        return worded
    native, said = graded.native, worded.get("native")
    if said and graded.certainty and not graded.strength:
        native = f"{said}; {native}"
    direction = worded.get("direction", "for")
    if graded.direction and direction != "against":
        direction = graded.direction
    advice = Advice(native=native, direction=direction)
    if graded.strength:
        advice["strength"] = graded.strength
    if graded.certainty:
        advice["certainty"] = graded.certainty
    return advice


def _said(sentence: str, advises: re.Pattern[str]) -> Advice | None:
    """The issuer says that it recommends or suggests."""
    match = advises.search(sentence)
    if match is None:
        return None
    after = sentence[match.end() : match.end() + 60]
    against = re.match(r"\s*(?:against|not|that\b.{0,40}\bnot\b|avoid)", after)
    either = re.search(r"individuali[sz]e", after)
    extra = " against" if re.match(r"\s*against\b", after) else ""
    return Advice(
        native=match.group("words") + extra,
        direction="either" if either else "against" if against else "for",
    )


def _by_verb(sentence: str, where: _Where, words: Table) -> Advice | None:
    for rule in words.verbs:
        match = rule.pattern.search(sentence)
        if match is None or (rule.action and not where.action):
            continue
        if where.elsewhere and not rule.firm:
            continue
        native = rule.native.search(match.group()) if rule.native else None
        return Advice(native=native.group() if native else None, direction=rule.direction)
    return None


def _imperative(sentence: str, where: _Where, words: Table) -> Advice | None:
    if where.elsewhere:
        return None
    found = words.against.search(sentence)
    if found:
        return Advice(native=_native(found.group("verb"), "do not"), direction="against")
    found = words.plain.search(sentence) or (words.mixed.search(sentence) if where.action else None)
    if found is None:
        return None
    return Advice(native=_native(found.group("verb"), "offer", "consider"), direction="for")


def _native(verb: str, *graded: str) -> str | None:
    """An imperative as a grade, only where guidelines use the verb as one (NICE: offer, consider, do not)."""
    return verb if verb.casefold() in graded else None


def _regimen(sentence: str, where: _Where, words: Table) -> Advice | None:
    """A drug with its dose and how it is given; a dose without its drug is none."""
    rules = words.regimen
    if not where.treatment or where.adverse:
        return None
    if rules["hangs"].match(sentence) or rules["finding"].search(sentence):
        return None
    doses = rules["dose"].finditer(sentence)
    named = any(rules["subject"].search(sentence[: dose.start()]) for dose in doses)
    if not named or not rules["given"].search(sentence):
        return None
    return Advice(native=None, direction="for")
