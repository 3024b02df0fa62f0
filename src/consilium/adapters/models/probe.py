"""One small request by which a model shows how it can be made to keep to a shape."""

from __future__ import annotations

from dataclasses import dataclass

from consilium.adapters.models.endpoint import Endpoint
from consilium.adapters.models.service import SMALL_STAGES, Mode, ModelService
from consilium.errors import ModelError
from consilium.ports import ModelReply, ModelRequest

SECONDS = 60.0
_MOST_TOKENS = 80  # as few as the shortest stage has, so that a model that thinks first is found out
# The names of the keys stand nowhere but in the schema: a service that only reads the words gets them wrong.
_SCHEMA = {
    "type": "object",
    "properties": {
        "chosen_word": {"enum": ["croup", "fever"]},
        "letters_in_it": {"type": "integer"},
    },
    "required": ["chosen_word", "letters_in_it"],
    "additionalProperties": False,
}
_INSTRUCTIONS = "Choose the second of the two words that you are given, and count its letters."


@dataclass(frozen=True, slots=True)
class Probed:
    """What came of probing one model: a way and a reply, or why there is none."""

    name: str
    mode: Mode | None = None
    reply: ModelReply | None = None
    trouble: ModelError | None = None


def probe(service: ModelService, name: str, seconds: float = SECONDS) -> Probed:
    """Ask a model of a service, in each way until one holds: one request, or up to four."""
    stage = min(SMALL_STAGES) if name != service.model else "write"
    request = ModelRequest(
        stage, "probe/1", _INSTRUCTIONS, '{"words": ["croup", "fever"]}', _SCHEMA, _MOST_TOKENS
    )
    model = Endpoint(service)
    try:
        reply = model.reply(request, seconds=seconds)
    except ModelError as trouble:
        return Probed(name, trouble=trouble)
    return Probed(name, model.modes.get(name), reply)
