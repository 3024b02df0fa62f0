"""Write from selected sentences only, and write again what did not stand: proposals, nothing more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from consilium.domain.evidence import Origin
from consilium.domain.question import Plan
from consilium.errors import ModelOutput
from consilium.pipeline.writing.desk import Desk, rows
from consilium.pipeline.writing.select import Offered
from consilium.pipeline.writing.spotlight import fresh, material, passage, stripped

SECTIONS = ("in_short", "guidelines", "research")
KINDS = ("recommendation", "finding", "definition", "warning")
MOST_CLAIMS, MOST_IDS, IN_SHORT = 16, 5, 3


@dataclass(frozen=True, slots=True)
class Proposal:
    """One statement as the model words it, with the sentences that it says it rests on."""

    text: str
    sentences: tuple[Offered, ...]
    section: str
    kind: str


def schema_of(names: Sequence[str]) -> dict[str, Any]:
    """The shape of a draft that rests on these sentences."""
    ids = {"type": "array", "items": {"enum": list(names)}, "minItems": 1, "maxItems": MOST_IDS}
    row = {
        "text": {"type": "string"},
        "ids": ids,
        "section": {"enum": list(SECTIONS)},
        "kind": {"enum": list(KINDS)},
    }
    return _listed("claims", row, MOST_CLAIMS)


def _listed(name: str, row: Mapping[str, Any], most: int) -> dict[str, Any]:
    item = {
        "type": "object",
        "properties": dict(row),
        "required": list(row),
        "additionalProperties": False,
    }
    listed = {"type": "array", "items": item, "maxItems": most}
    return {
        "type": "object",
        "properties": {name: listed},
        "required": [name],
        "additionalProperties": False,
    }


def write(plan: Plan, sentences: Sequence[Offered], desk: Desk) -> tuple[Proposal, ...]:
    """What the model writes from these sentences; an inference is not given to be reworded.

    Raises:
        ModelError: there is no usable draft.
    """
    given = [item for item in sentences if item.sentence.origin is not Origin.INFERENCE]
    if not given:
        raise ModelOutput("No selected sentence may be reworded.")
    mark = fresh(desk.writer.mark, [item.sentence.text for item in given])
    shown = [passage(mark, item.name, item.sentence.text, item.about) for item in given]
    desk.sent.update(item.sentence.id for item in given)
    asked = material(mark, question=stripped(plan.understood), sentences=shown)
    reply = desk.ask("write", asked, schema_of([item.name for item in given]))
    by_name = {item.name: item for item in given}
    fields = {"text": str, "ids": list, "section": str, "kind": str}
    made = [_proposal(row, by_name) for row in rows(reply, "claims", fields)[:MOST_CLAIMS]]
    kept = _unrepeated(made)
    if not kept:
        raise ModelOutput("The language model wrote nothing.")
    return kept


def _proposal(row: Mapping[str, Any], by_name: Mapping[str, Offered]) -> Proposal:
    """A row of a draft; a name that was not given makes the whole draft unusable."""
    names = row["ids"]
    if (
        not 0 < len(names) <= MOST_IDS
        or not all(isinstance(name, str) and name in by_name for name in names)
        or row["section"] not in SECTIONS
        or row["kind"] not in KINDS
    ):
        raise ModelOutput
    sentences = tuple(by_name[name] for name in dict.fromkeys(names))
    return Proposal(" ".join(row["text"].split()), sentences, row["section"], row["kind"])


def _unrepeated(made: Sequence[Proposal]) -> tuple[Proposal, ...]:
    kept: dict[tuple[str, str], Proposal] = {}
    for proposal in made:
        if proposal.text:
            kept.setdefault((proposal.section, proposal.text), proposal)
    return tuple(kept.values())


def repair(failed: Sequence[tuple[Proposal, Sequence[str]]], desk: Desk) -> dict[int, Proposal]:
    """New words for proposals that did not stand, by their place; the sentences stay the same.

    Raises:
        ModelError: there is no usable reply.
    """
    texts = [item.sentence.text for proposal, _ in failed for item in proposal.sentences]
    mark = fresh(desk.writer.mark, texts)
    shown = [
        {
            "claim": str(place),
            "text": stripped(proposal.text),
            "why": list(reasons),
            "sentences": [
                passage(mark, item.name, item.sentence.text, {"kind": item.about["kind"]})
                for item in proposal.sentences
            ],
        }
        for place, (proposal, reasons) in enumerate(failed, 1)
    ]
    names = [row["claim"] for row in shown]
    schema = _listed("claims", {"claim": {"enum": names}, "text": {"type": "string"}}, len(names))
    reply = desk.ask("repair", material(mark, claims=shown), schema)
    again: dict[int, Proposal] = {}
    for row in rows(reply, "claims", {"claim": str, "text": str}):
        if row["claim"] in names and row["text"].strip():
            place = int(row["claim"]) - 1
            again[place] = replace(failed[place][0], text=" ".join(row["text"].split()))
    return again
