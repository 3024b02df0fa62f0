"""One answer's dealings with the model: what may be spent, what was sent, what fell back and why."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from consilium.errors import ModelError, ModelOutput
from consilium.pipeline.writing.prompts import prompt
from consilium.pipeline.writing.spotlight import Mark, random_mark
from consilium.pipeline.writing.verdicts import Verifier
from consilium.ports import Model, ModelRequest

# A rough count before the provider's own is known: English has somewhat more than four characters a token.
_CHARACTERS_A_TOKEN = 4
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
class Allowance:
    """What one answer may cost, all stages together."""

    tokens_in: int = 12_000
    tokens_out: int = 2_500
    seconds: float = 120.0
    money: float | None = None


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


class OverBudget(ModelError):
    """The budget of this answer for the language model is spent; the rest is composed without it."""


@dataclass
class Desk:
    """What happens between one answer and the model, as it goes on."""

    writer: Writer
    cancelled: Callable[[], bool] = lambda: False
    calls: list[Call] = field(default_factory=list)
    fallbacks: list[Fallback] = field(default_factory=list)
    sent: set[str] = field(default_factory=set)
    began: float = field(default_factory=time.monotonic)

    def ask(self, stage: str, material: str, schema: Mapping[str, Any]) -> Any:
        """The model's reply to one stage.

        Raises:
            ModelError: there is none that can be used, or the budget is spent.
            Cancelled: the asker has gone.
        """
        told = prompt(stage)
        request = ModelRequest(stage, told.name, told.text, material, schema, MOST[stage])
        seconds = self._affordable(request)
        reply = self.writer.model.reply(request, seconds=seconds, cancelled=self.cancelled)
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

    def _affordable(self, request: ModelRequest) -> float:
        """The seconds that are left, where tokens and money are left too."""
        allowed = self.writer.allowance
        seconds = allowed.seconds - (time.monotonic() - self.began)
        over = (
            self.tokens_in + size_of(request) > allowed.tokens_in
            or self.tokens_out >= allowed.tokens_out
            or (allowed.money is not None and self.cost >= allowed.money)
        )
        if over or seconds <= 0:
            raise OverBudget
        return seconds

    @property
    def tokens_in(self) -> int:
        """How many tokens were sent."""
        return sum(call.tokens_in for call in self.calls)

    @property
    def tokens_out(self) -> int:
        """How many tokens came back."""
        return sum(call.tokens_out for call in self.calls)

    @property
    def cost(self) -> float:
        """What was spent, as far as prices are known."""
        return sum(call.cost or 0.0 for call in self.calls)

    def fell_back(self, stage: str, fault: ModelError | str) -> None:
        """Note that a stage was done without the model."""
        self.fallbacks.append(Fallback(stage, str(fault)))


def estimated(text: str) -> int:
    """About how many tokens a text has."""
    return -(-len(text) // _CHARACTERS_A_TOKEN)


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
