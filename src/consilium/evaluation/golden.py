"""Golden clinical cases: failure modes that block a release, and their twins.

A case says in data what an answer must and must not hold (``golden.jsonl``); this module only
compares. Statement ids are those of the starter library.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

from consilium.domain.question import Audience, Question

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """One case.

    Attributes:
        kind: ``article``, ``abstention`` or ``any``.
        any_of: of each group, at least one statement is cited.
        all_of: statements that are cited.
        none_of: statements that are not cited.
        not_first: statements that neither lead nor stand in short or under act now.
        says: patterns found in what the reader sees.
        never: patterns found nowhere in claims, gaps or message.
        excluded: (source, reason) pairs shown as turned away.
        urgent: whether the emergency notice is shown.
    """

    id: str
    asked: Question
    kind: str = "any"
    any_of: tuple[tuple[str, ...], ...] = ()
    all_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    not_first: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    excluded: tuple[tuple[str, str], ...] = ()
    urgent: bool | None = None
    why: str = field(default="")


def cases() -> Iterator[Case]:
    """The cases that ship with Consilium."""
    raw = resources.files("consilium.evaluation").joinpath("golden.jsonl").read_text("utf-8")
    for line in raw.splitlines():
        if line.strip():
            yield from_dict(json.loads(line))


def from_dict(item: Json) -> Case:
    """A case from its line."""
    asked = Question(item.pop("question"), Audience(item.pop("audience", "clinician")))
    lists = {
        k: tuple(tuple(x) if isinstance(x, list) else x for x in v)
        for k, v in item.items()
        if isinstance(v, list)
    }
    return Case(asked=asked, **{**item, **lists})


def judge(case: Case, answer: Json) -> list[str]:
    """What is wrong with an answer to a case; an empty list means that it passes."""
    cited, first, shown = _cited(answer), _first(answer), seen(answer)
    wrong = []
    if case.kind not in {"any", answer["kind"]}:
        wrong.append(f"is an {answer['kind']}, must be an {case.kind}")
    wrong += [f"cites none of {', '.join(group)}" for group in case.any_of if not set(group) & cited]
    wrong += [f"does not cite {one}" for one in case.all_of if one not in cited]
    wrong += [f"cites {one}" for one in case.none_of if one in cited]
    wrong += [f"opens with {one}" for one in case.not_first if one in first]
    wrong += [f"does not say /{p}/" for p in case.says if not re.search(p, shown, re.IGNORECASE)]
    wrong += [f"says /{p}/" for p in case.never if re.search(p, shown, re.IGNORECASE)]
    gone = {(row["source"], row["reason"]) for row in answer["run"]["excluded"]}
    wrong += [f"does not show {s} turned away as {r}" for s, r in case.excluded if (s, r) not in gone]
    if case.urgent is not None and case.urgent != bool(answer["run"]["urgent_notice"]):
        wrong.append("lacks the emergency notice" if case.urgent else "shows an emergency notice")
    return wrong


def _cited(answer: Json) -> set[str]:
    claims = answer["content"].get("claims", {}).values()
    return {s["id"] for claim in claims for c in claim["citations"] for s in c["sentences"]}


def _first(answer: Json) -> set[str]:
    content = answer["content"]
    if answer["kind"] != "article":
        return set()
    opening = [*content["act_now"], *content["in_short"]]
    opening += [
        claim
        for section in content["sections"]
        for item in section["items"]
        if item["role"] == "lead"
        for claim in item["claims"]
    ]
    return {content["claims"][c]["citations"][0]["sentences"][0]["id"] for c in opening}


def seen(answer: Json) -> str:
    """Everything that the reader sees as a statement, one a line."""
    content = answer["content"]
    lines = [answer["run"]["urgent_notice"] or "", content.get("message", "")]
    for claim in content.get("claims", {}).values():
        lines.append(f"{claim['frame']}: {claim['text']} [{claim['native_grade'] or ''}]")
    lines += content.get("gaps", ())
    lines += [near["why_not"] for near in content.get("nearest", ())]
    return "\n".join(lines)
