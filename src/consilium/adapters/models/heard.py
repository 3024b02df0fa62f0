"""What a language model said, piece by piece, and whether that is a reply."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NoReturn, Protocol

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, ValidationError

from consilium.adapters.models.service import Mode
from consilium.errors import ModelOutput, ModelRefused
from consilium.ports import ModelReply, ModelRequest

# How the protocols say that a reply is whole: OpenAI's, then Anthropic's.
_WHOLE = frozenset({"stop", "tool_calls", "function_call", "end_turn", "tool_use"})
_REFUSED = frozenset({"content_filter", "refusal"})
_CUT = frozenset({"length", "max_tokens", "model_context_window_exceeded"})
_FENCED = re.compile(r"\s*```(?:json)?[ \t]*\n(?P<inside>.*)\n?[ \t]*```\s*", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of what was said, and how long after the request it came."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Heard:
    """All that was said to one request, whole or not.

    Attributes:
        finish: why it ended, in the provider's own word; None where it did not say.
        refusal: what was said instead of a reply.
        mode: how it was made to reply in the shape asked for.
    """

    chunks: tuple[Chunk, ...]
    finish: str | None
    mode: Mode
    model: str
    seconds: float
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost: float | None = None
    refusal: str = ""

    @property
    def text(self) -> str:
        """The pieces put together."""
        return "".join(chunk.text for chunk in self.chunks)


class Hears(Protocol):
    """A model that tells how its reply came, so that it can be recorded."""

    @property
    def sent_to(self) -> str | None:
        """The host that requests are sent to."""
        ...

    def hear(self, request: ModelRequest, *, seconds: float, cancelled: Callable[[], bool] = ...) -> Heard:
        """What was said to a request, to the end.

        Raises:
            ModelError: nothing was, or not to the end.
            Cancelled: ``cancelled`` said so.
        """
        ...


def read(request: ModelRequest, heard: Heard) -> ModelReply:
    """The reply, if what was heard is one.

    Raises:
        ModelRefused: it says that there will be none.
        ModelOutput: it is cut short, is no JSON, or breaks the schema.
    """
    _check_finish(heard)
    try:
        value = json.loads(_inside(heard), parse_constant=_no_number)
        json.dumps(value, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError) as fault:
        raise ModelOutput(f"{heard.model} replied with what is no JSON.") from fault
    broken = _broken(value, request.schema)
    if broken is not None:
        where = f"{broken.json_path} breaks {broken.validator}"
        raise ModelOutput(f"{heard.model} replied in another shape than asked for: {where}.")
    return ModelReply(value, heard.model, heard.tokens_in, heard.tokens_out, heard.seconds, heard.cost)


def is_whole(heard: Heard) -> bool:
    """Whether it ended because all was said."""
    return heard.finish in _WHOLE and not heard.refusal


def _check_finish(heard: Heard) -> None:
    if heard.refusal or heard.finish in _REFUSED:
        raise ModelRefused(f"{heard.model} refused to reply.")
    if heard.finish in _CUT:
        raise ModelOutput(f"{heard.model} was cut off in its reply by the limit of tokens.")
    if not heard.finish:
        raise ModelOutput(f"{heard.model} ended without saying that it had finished.")
    if heard.finish not in _WHOLE:
        raise ModelOutput(f"{heard.model} ended for another reason than having finished ({heard.finish}).")


def _inside(heard: Heard) -> str:
    """The JSON; where only words asked for it, a fence around it is forgiven."""
    fenced = _FENCED.fullmatch(heard.text) if heard.mode is Mode.PROMPTED else None
    return fenced["inside"] if fenced else heard.text


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _broken(value: Any, schema: Mapping[str, Any]) -> ValidationError | None:
    """Where a value breaks its schema, the first place of all.

    Raises:
        ValueError: the schema is none; a prompt was written wrongly.
    """
    validator = _validator(json.dumps(schema, sort_keys=True))
    return min(validator.iter_errors(value), key=lambda fault: fault.json_path, default=None)


@lru_cache(maxsize=32)
def _validator(schema: str) -> Draft202012Validator:
    parsed = json.loads(schema)
    try:
        Draft202012Validator.check_schema(parsed)
    except SchemaError as fault:
        raise ValueError(f"the schema of a request is none: {fault.message}") from fault
    return Draft202012Validator(parsed)
