"""Safety rules as a table: anatomy, emergencies and what may never be parted.

Rules are data (``data/rules/safety.yaml`` and ``emergency.yaml``) with their sources; this
module only applies them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from consilium.domain.evidence import Candidate
from consilium.domain.question import Audience, Intent, Plan
from consilium.lexicon.concepts import Lexicon
from consilium.pipeline import tables


def rules_for(plan: Plan, lexicon: Lexicon) -> list[dict[str, Any]]:
    """The anatomy rules that a question sets off."""
    asked = _asked(plan, lexicon)
    return [
        rule
        for rule in tables.load("safety")
        if asked & set(rule["question"]) and not asked & set(rule["unless"])
    ]


def _asked(plan: Plan, lexicon: Lexicon) -> set[str]:
    asked = set(plan.concepts())
    return asked.union(*(lexicon.ancestors[concept] for concept in asked))


@dataclass(frozen=True, slots=True)
class RedFlags:
    """The statements that a presentation must never be answered without, by their ids.

    Attributes:
        act_now: what stands under "Act now".
        shows: what stands in its section.
        alone: what is told as a gap, where the flags answer although no evidence was found.
    """

    act_now: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()


_ASKS_WHAT_IT_IS = {
    Intent.SIGNS,
    Intent.DIAGNOSIS,
    Intent.IMAGING,
    Intent.REFERRAL,
    Intent.AETIOLOGY,
    Intent.OVERVIEW,
}


def red_flags(plan: Plan, lexicon: Lexicon) -> RedFlags:
    """What the rules set off want shown whatever its score, and the red flags of the presentation."""
    asked = _asked(plan, lexicon)
    act_now: list[str] = []
    shows = [
        name for rule in rules_for(plan, lexicon) if asked & set(rule["show_if"]) for name in rule["shows"]
    ]
    alone: list[str] = []
    for row in tables.load("red_flags"):
        if _applies(row, plan, asked):
            act_now += row["act_now"]
            shows += row.get("shows", ())
            alone += [row["alone"]] if "alone" in row else []
    unique = dict.fromkeys
    return RedFlags(tuple(unique(act_now)), tuple(unique([*act_now, *shows])), tuple(alone))


def _applies(row: dict[str, Any], plan: Plan, asked: set[str]) -> bool:
    wanted = set(row["intents"]) if "intents" in row else {intent.value for intent in _ASKS_WHAT_IT_IS}
    named = all(asked & set(group) for group in row["any"]) and not asked & set(row.get("unless", ()))
    return named and plan.intent.value in wanted


def anatomy_fault(plan: Plan, candidate: Candidate, lexicon: Lexicon) -> str | None:
    """Why a sentence is about the wrong part of the body for this question, or None."""
    text = candidate.sentence.text.lower()
    for rule in rules_for(plan, lexicon):
        if tables.cued(rule["sentence"], text) and not tables.cued(rule["spare"], text):
            return str(rule["detail"])
    return None


@dataclass(frozen=True, slots=True)
class Emergency:
    """An emergency that the asker's own words describe.

    Attributes:
        noticed: the words that triggered it, as typed.
        text: the fixed notice, with the configured number if there is one.
        alone: whether it replaces the answer (a lay person describing themselves).
    """

    noticed: tuple[str, ...]
    text: str
    alone: bool


def emergency_in(
    text: str, audience: Audience, emergency_number: str | None, crisis_number: str | None = None
) -> Emergency | None:
    """The emergency that a question describes, by the reviewable table of patterns."""
    table: dict[str, Any] = tables.load("emergency")
    lowered = text.lower().replace("’", "'")
    for rule in table["patterns"]:
        found = [_first(group, lowered) for group in rule["all"]]
        if all(found):
            noticed = tuple(dict.fromkeys(word for word in found if word))
            personal = tables.cued(table["personal"], lowered)
            if audience is not Audience.PATIENT and not personal:
                return None
            numbers = {"emergency": emergency_number, "crisis": crisis_number}
            return Emergency(
                noticed,
                _notice(table, rule, noticed, numbers),
                alone=personal and audience is Audience.PATIENT,
            )
    return None


def _first(cues: list[str], text: str) -> str | None:
    for cue in cues:
        match = tables.pattern(cue).search(text)
        if match:
            return match.group()
    return None


def _notice(
    table: dict[str, Any], rule: dict[str, Any], noticed: tuple[str, ...], numbers: dict[str, str | None]
) -> str:
    """The fixed words of a rule, with the configured numbers and the words that set it off."""
    said = {
        name: table["known"][name].format(number=number) if number else table["unknown"][name]
        for name, number in numbers.items()
    }
    said["noticed"] = ", ".join(f"“{word}”" for word in noticed)
    said["first_action"] = rule.get("first_action", "")
    parts = (sentence.format(**said) for sentence in table["words"][rule["words"]])
    return " ".join(part for part in parts if part)
