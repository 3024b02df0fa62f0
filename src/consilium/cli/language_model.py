"""The language model in words: what is set, what is known of it, and what a probe finds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from consilium.adapters.models import configured, modes, opening
from consilium.adapters.models.service import Mode, ModelService
from consilium.errors import ModelOutput
from consilium.pipeline.answer import World
from consilium.pipeline.writing.desk import Writer
from consilium.settings import Settings, from_environment

if TYPE_CHECKING:
    from consilium.adapters.models.probe import Probed

_WAYS = {
    Mode.JSON_SCHEMA: "by JSON schema",
    Mode.TOOL: "by the call of a tool",
    Mode.PROMPTED: "by being told to in words",
}


def told(settings: Settings) -> Iterator[str]:
    """What is set, and what is known of each model."""
    service = settings.model
    if service is None:
        yield "none configured; articles are composed from records word for word"
        return
    yield f"{service.model} at {service.host or 'this machine'}, {_allowed(settings)}"
    if service.small:
        yield f"{service.small} selects and verifies"
    known = modes.stored(settings.data_dir, service)
    for name in service.models:
        found = known.get(name)
        yield (
            f"{name} keeps to a shape {_WAYS[found.mode]}, as found on {found.date}"
            if found
            else f"{name} is not probed: consilium doctor --probe (about 200 tokens a try, at most four tries)"
        )
    warning = configured.caution(settings.data_dir)
    if warning:
        yield f"WARNING: {warning}"


def probed(settings: Settings, service: ModelService) -> Iterator[tuple[Probed, str]]:
    """What a probe of each model finds, each kept in the data folder."""
    for name in service.models:
        found = opening.probed(service, name, settings.data_dir)
        yield found, f"{name}: {_in_words(found, service)}"


def _allowed(settings: Settings) -> str:
    allowed = settings.allowance
    money = "" if allowed.cost is None else f", {allowed.cost:g} US dollars"
    return f"up to {allowed.tokens:,} tokens, {allowed.seconds:g} seconds{money} a question"


def _in_words(found: Probed, service: ModelService) -> str:
    reply = found.reply
    if reply is None or found.mode is None:
        hint = " If it thinks before it replies, set CONSILIUM_MODEL_THINKING, for example to 2000."
        return f"NOT USABLE: {found.trouble}{hint if isinstance(found.trouble, ModelOutput) else ''}"
    counted = f"{reply.tokens_in} tokens in, {reply.tokens_out} out"
    tokens = counted if reply.tokens_in is not None else "it counts no tokens"
    price = f"{reply.cost:.6f} US dollars" if reply.cost is not None else "its price is not known"
    where = f"at {service.host}" if service.host else "on this machine"
    return f"works {where}, {_WAYS[found.mode]}, in {reply.seconds:.1f} s; {tokens}; {price}"


def played(world: World, cassette: Path) -> World:
    """A world whose answers are written with what a cassette holds, and with nothing else.

    Raises:
        MalformedCassette: the file is none.
    """
    from consilium.adapters.models import cassettes  # noqa: PLC0415 - not needed otherwise
    from consilium.adapters.models.replayed import Replayed  # noqa: PLC0415

    exchanges = cassettes.read(cassette)
    name = exchanges[0].heard.model if exchanges else "nobody"
    return replace(world, writer=Writer(Replayed(exchanges), name, allowance=from_environment().allowance))
