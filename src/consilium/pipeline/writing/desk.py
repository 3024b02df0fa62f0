"""One answer's dealings with the model: what may be spent, what was sent, what fell back and why."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from consilium.errors import ModelError, ModelOutput
from consilium.pipeline.budget import Allowance, Budget
from consilium.pipeline.writing.prompts import prompt
from consilium.pipeline.writing.spotlight import Mark, random_mark
from consilium.pipeline.writing.verdicts import Verifier
from consilium.ports import Model, ModelRequest

if TYPE_CHECKING:
    from consilium.pipeline.writing.author import Author

# A cautious count for where the provider gives none: over the requests of docs/examples a token has 3.8
# characters, by o200k_base, and in the request with most numbers 3.2.
_CHARACTERS_A_TOKEN = 3.0
# How long a reply of each stage may be, in tokens; docs/explanation/with-a-model.md has what was measured.
MOST = {
    "plan": 200,
    "select": 1000,
    "write": 1400,
    "verify": 80,
    "repair": 500,
    "tailor": 1400,
    "compare": 500,
}


@dataclass(frozen=True, slots=True)
class Writer:
    """What an answer is written with, where a model is configured.

    Attributes:
        verifier: who judges claims; by default the model itself, asked anew about each.
        mark: makes the datamark of a request.
    """

    model: Model
    name: str
    verifier: Verifier | None = None
    allowance: Allowance = field(default_factory=Allowance)
    mark: Mark = random_mark

    def begin(self, cancelled: Callable[[], bool]) -> Author:
        """Begin an answer; its time runs from here."""
        from consilium.pipeline.writing.author import Author  # noqa: PLC0415 - brings all the rules

        return Author(Desk(self, cancelled))


@dataclass(frozen=True, slots=True)
class Call:
    """One request that was answered, as the trace keeps it.

    Attributes:
        counted: whether the provider counted the tokens; else they are estimated from characters.
    """

    stage: str
    prompt: str
    sha256: str
    model: str
    tokens_in: int
    tokens_out: int
    seconds: float
    cost: float | None
    counted: bool


@dataclass(frozen=True, slots=True)
class Fallback:
    """A stage that was done without the model, and why."""

    stage: str
    why: str


@dataclass
class Desk:
    """What happens between one answer and the model, as it goes on."""

    writer: Writer
    cancelled: Callable[[], bool] = lambda: False
    calls: list[Call] = field(default_factory=list)
    fallbacks: list[Fallback] = field(default_factory=list)
    sent: set[str] = field(default_factory=set)
    flagged: dict[str, str] = field(default_factory=dict)
    budget: Budget = field(init=False)

    def __post_init__(self) -> None:
        """The time of the answer runs from here."""
        self.budget = Budget(self.writer.allowance)

    def ask(self, stage: str, material: str, schema: Mapping[str, Any]) -> Any:
        """The model's reply to one stage.

        Raises:
            ModelError: there is none that can be used, or the budget is spent.
            Cancelled: the asker has gone.
        """
        told = prompt(stage)
        request = ModelRequest(stage, told.name, told.text, material, schema, MOST[stage])
        seconds = self.budget.remaining_seconds
        reply = self.writer.model.reply(request, seconds=seconds, cancelled=self.cancelled)
        self.budget.spend(reply)
        counted = reply.tokens_in is not None and reply.tokens_out is not None
        self.calls.append(
            Call(
                stage, told.name, told.sha256, reply.model,
                reply.tokens_in if reply.tokens_in is not None else size_of(request),
                reply.tokens_out if reply.tokens_out is not None else estimated(json.dumps(reply.value)),
                reply.seconds, reply.cost, counted,
            )
        )  # fmt: skip
        return reply.value

    def fell_back(self, stage: str, fault: ModelError | str) -> None:
        """Note that a stage was done without the model."""
        self.fallbacks.append(Fallback(stage, str(fault)))


def estimated(text: str) -> int:
    """About how many tokens a text has."""
    return math.ceil(len(text) / _CHARACTERS_A_TOKEN)


def size_of(request: ModelRequest) -> int:
    """About how many tokens a request has, its schema counted."""
    whole = request.instructions + request.material + json.dumps(request.schema, separators=(",", ":"))
    return estimated(whole)


def rows(value: Any, name: str, fields: Mapping[str, type | tuple[type, ...]]) -> list[dict[str, Any]]:
    """The objects of a list in a reply, each with these fields of these types.

    Raises:
        ModelOutput: the reply has another shape.
    """
    listed = value.get(name) if isinstance(value, dict) else None
    if not isinstance(listed, list):
        raise ModelOutput
    for row in listed:
        if not isinstance(row, dict) or not all(isinstance(row.get(f), t) for f, t in fields.items()):
            raise ModelOutput
    return listed
