"""The table of words by which recommendations and grades are recognised, compiled once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class GradeRule:
    """A part of a printed grade and what it says; ``with_class``: only beside a class of recommendation."""

    pattern: re.Pattern[str]
    strength: str | None
    certainty: str | None
    direction: str | None
    uspstf: bool
    with_class: bool


@dataclass(frozen=True, slots=True)
class VerbRule:
    """A wording that recommends; ``action``: only under headings about what to do."""

    pattern: re.Pattern[str]
    direction: str
    native: re.Pattern[str] | None
    action: bool
    firm: bool


@dataclass(frozen=True, slots=True)
class Own:
    """Whose advice a work's own is."""

    advises: re.Pattern[str]
    uspstf: bool


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """``recommendations.yaml``, compiled."""

    grades: tuple[GradeRule, ...]
    insufficient: tuple[re.Pattern[str], ...]
    reported: tuple[re.Pattern[str], ...]
    others: re.Pattern[str]
    hangs: re.Pattern[str]
    conditions: re.Pattern[str]
    never: tuple[re.Pattern[str], ...]
    verbs: tuple[VerbRule, ...]
    against: re.Pattern[str]
    plain: re.Pattern[str]
    mixed: re.Pattern[str]
    headings: dict[str, re.Pattern[str]]
    regimen: dict[str, re.Pattern[str]]
    advises: str
    says: str
    uspstf: re.Pattern[str]

    def own(self, about: Mapping[str, Any]) -> Own:
        """Who recommends in this work: its organisations by name and initials, "we", "the panel"."""
        names = tuple(about.get("organisation") or ())
        return _own(self, names, about.get("title") or "")


@cache
def _own(words: Table, names: tuple[str, ...], title: str) -> Own:
    called = [re.escape(name) for name in names]
    called += [re.escape(short) for name in names if len(short := _initials(name)) > 1]
    called += [re.escape(short) for name in names for short in re.findall(r"\(([A-Z][\w/-]+)\)", name)]
    who = words.advises.format(own="(?:the )?(?:" + "|".join(called or ["\\0"]) + ")")
    uspstf = any(words.uspstf.search(text) for text in (*names, title))
    return Own(re.compile(rf"\b{who}\b[\s,]+(?P<words>{words.says})\b", re.IGNORECASE), uspstf)


def _initials(name: str) -> str:
    words = re.findall(r"\b[A-Z][\w-]*", re.sub(r"\(.*?\)", "", name))
    return "".join(word if word.isupper() and len(words) > 1 else word[0] for word in words)


@cache
def table() -> Table:
    """The table, read once."""
    import yaml  # noqa: PLC0415 - only needed to read documents

    raw = yaml.safe_load(resources.files(__package__).joinpath("recommendations.yaml").read_text("utf-8"))
    verbs = raw["imperatives"]
    opens = f"(?:{verbs['after']}|{verbs['condition']})"
    return Table(
        grades=tuple(_grade(rule) for rule in raw["grades"]),
        insufficient=_all(raw["insufficient"]),
        reported=tuple(re.compile(pattern) for pattern in raw["reported"]),
        others=re.compile(raw["others"]),
        hangs=_compiled(raw["hangs"]),
        conditions=_compiled(raw["conditions"]),
        never=_all(raw["never"]),
        verbs=tuple(_verb(rule) for rule in raw["verbs"]),
        against=_compiled(f"{opens}(?P<verb>{verbs['against']})\\b"),
        plain=_compiled(f"{opens}(?P<verb>{verbs['plain']})\\b(?!-| of\\b)"),
        mixed=_compiled(f"(?:^|{verbs['condition']})(?P<verb>{verbs['mixed']})\\b(?!-| of\\b)"),
        headings={name: _compiled(pattern) for name, pattern in raw["headings"].items()},
        regimen={name: _compiled(pattern) for name, pattern in raw["regimen"].items()},
        advises=raw["advises"],
        says=raw["says"],
        uspstf=_compiled(raw["uspstf"]),
    )


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _all(patterns: list[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(_compiled(pattern) for pattern in patterns)


def _grade(rule: dict[str, Any]) -> GradeRule:
    return GradeRule(
        re.compile(rule["pattern"], 0 if rule.get("cased") else re.IGNORECASE),
        rule.get("strength"),
        rule.get("certainty"),
        rule.get("direction"),
        rule.get("issuer") == "uspstf",
        rule.get("with") == "class",
    )


def _verb(rule: dict[str, Any]) -> VerbRule:
    native = rule.get("native")
    return VerbRule(
        _compiled(rule["pattern"]),
        rule["direction"],
        _compiled(native) if native else None,
        rule.get("under") == "action",
        rule.get("firm", False),
    )
