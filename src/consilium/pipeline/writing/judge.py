"""The model as judge: asked anew about each claim, with its own sentences and nothing else in sight."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from consilium.errors import ModelOutput
from consilium.pipeline.writing.desk import Desk, rows
from consilium.pipeline.writing.spotlight import between, fresh, material, stripped
from consilium.pipeline.writing.verdicts import Judgement, Verdict

_VERDICT = {
    "type": "object",
    "properties": {
        "verdict": {"enum": [judgement.value for judgement in Judgement]},
        "why": {"type": "string"},
    },
    "required": ["verdict", "why"],
    "additionalProperties": False,
}


class ModelJudge:
    """A verifier that asks the model; one request a claim, so that no claim speaks for another."""

    def __init__(self, desk: Desk) -> None:
        """Judge at the expense of one answer."""
        self._desk = desk

    @property
    def name(self) -> str:
        """The model, as the article names it."""
        return f"model:{self._desk.writer.name}"

    def judge(self, text: str, cited: Sequence[str]) -> Verdict:
        """The model's judgement on one claim."""
        mark = fresh(self._desk.writer.mark, [text, *cited])
        sentences = [between(mark, sentence) for sentence in cited]
        asked = material(mark, claim=stripped(text), sentences=sentences)
        return _verdict(self._desk.ask("verify", asked, _VERDICT))


def _verdict(reply: Any) -> Verdict:
    if not isinstance(reply, dict) or not isinstance(reply.get("why"), str):
        raise ModelOutput
    try:
        return Verdict(Judgement(str(reply.get("verdict"))), stripped(reply["why"])[:200])
    except ValueError as fault:
        raise ModelOutput from fault


def compare(pairs: Sequence[tuple[str, str]], desk: Desk) -> tuple[Verdict, ...]:
    """Whether each second text says the same as the first; all at once, since both are already checked words.

    Raises:
        ModelError: there is no usable reply; a pair that it does not judge is partial.
    """
    mark = fresh(desk.writer.mark, [text for pair in pairs for text in pair])
    names = [str(number) for number in range(1, len(pairs) + 1)]
    shown = [
        {"id": name, "first": between(mark, one), "second": between(mark, other)}
        for name, (one, other) in zip(names, pairs, strict=True)
    ]
    row = {"id": {"enum": names}, **_VERDICT["properties"]}  # type: ignore[dict-item]
    item = {"type": "object", "properties": row, "required": list(row), "additionalProperties": False}
    schema = {
        "type": "object",
        "properties": {"pairs": {"type": "array", "items": item}},
        "required": ["pairs"],
        "additionalProperties": False,
    }
    reply = desk.ask("compare", material(mark, pairs=shown), schema)
    told = {row["id"]: _verdict(row) for row in rows(reply, "pairs", {"id": str, "verdict": str, "why": str})}
    return tuple(told.get(name, Verdict(Judgement.PARTIAL, "was not judged")) for name in names)
