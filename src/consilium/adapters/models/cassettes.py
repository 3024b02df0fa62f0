"""Cassettes: what a language model was asked and how it replied, as JSON lines, for the same to be heard again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from consilium.adapters.models.heard import Chunk, Heard
from consilium.adapters.models.service import Mode
from consilium.errors import MalformedCassette
from consilium.ports import ModelRequest

FORMAT = "consilium/cassette/1"
_AUTHOR, _PIECE = "authored", 24
_HEARD = ("finish", "model", "seconds", "tokens_in", "tokens_out", "cost", "refusal")
Json = dict[str, Any]


class Provenance(StrEnum):
    """Where a reply comes from; only a recorded one shows how a model behaves."""

    RECORDED = "recorded"
    AUTHORED = "authored"
    FUZZED = "fuzzed"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request, and all that was said to it."""

    request: ModelRequest
    heard: Heard
    provenance: Provenance
    date: str


def digest_of(request: ModelRequest) -> str:
    """The digest of all that a model is told but its datamark, which is another in each request."""
    told = {**_asked(request), "material": unmarked(request.material)}
    return _sha256({"stage": request.stage, "prompt": request.prompt, **told})


def unmarked(material: str) -> str:
    """The material of a request without its datamark."""
    try:
        mark = json.loads(material)["datamark"]
    except (ValueError, KeyError, TypeError):
        return material
    return material.replace(mark, "") if isinstance(mark, str) and mark else material


def authored(
    request: ModelRequest, text: str, date: str, provenance: Provenance = Provenance.AUTHORED
) -> Exchange:
    """A reply that somebody wrote, in pieces as a model gives them."""
    starts = range(0, len(text), _PIECE)
    chunks = tuple(Chunk(round(0.1 + 0.01 * n, 3), text[s : s + _PIECE]) for n, s in enumerate(starts))
    heard = Heard(chunks, "stop", Mode.JSON_SCHEMA, _AUTHOR, chunks[-1].at if chunks else 0.0)
    return Exchange(request, heard, provenance, date)


def written(exchanges: Iterable[Exchange]) -> str:
    """The lines of a cassette: for each exchange a header, then its pieces with the seconds at which they came."""
    return "".join(
        json.dumps(line, ensure_ascii=False) + "\n" for exchange in exchanges for line in _lines(exchange)
    )


def read(path: Path) -> tuple[Exchange, ...]:
    """The exchanges of a cassette, in order.

    Raises:
        MalformedCassette: the file is none, is cut short, or is not as it was written.
    """
    try:
        lines = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        return tuple(_exchanges(lines))
    except OSError as fault:
        raise MalformedCassette(f"{path} cannot be read: {fault.strerror or fault}.") from fault
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as fault:
        raise MalformedCassette(f"{path} is no cassette, or is not as it was written ({fault}).") from fault


def _lines(exchange: Exchange) -> Iterator[Json]:
    request, heard = exchange.request, exchange.heard
    pieces = [{"at": chunk.at, "text": chunk.text} for chunk in heard.chunks]
    yield {
        "format": FORMAT,
        "stage": request.stage,
        "prompt": request.prompt,
        "schema": _sha256(request.schema),
        "request": digest_of(request),
        "provenance": exchange.provenance.value,
        "date": exchange.date,
        "mode": heard.mode.value,
        **{name: getattr(heard, name) for name in _HEARD},
        "chunks": len(pieces),
        "said": _sha256(pieces),
        "asked": _asked(request),
    }
    yield from pieces


def _exchanges(lines: list[Json]) -> Iterator[Exchange]:
    at = 0
    while at < len(lines):
        head = lines[at]
        if head.get("format") != FORMAT:
            raise ValueError(f"a header of the format {FORMAT} is missing")
        pieces = lines[at + 1 : at + 1 + head["chunks"]]
        at += 1 + head["chunks"]
        request = ModelRequest(head["stage"], head["prompt"], **head["asked"])
        if (head["request"], head["said"]) != (digest_of(request), _sha256(pieces)):
            raise ValueError("a digest does not fit")
        chunks = tuple(Chunk(piece["at"], piece["text"]) for piece in pieces)
        heard = Heard(chunks=chunks, mode=Mode(head["mode"]), **{name: head[name] for name in _HEARD})
        yield Exchange(request, heard, Provenance(head["provenance"]), head["date"])


def _asked(request: ModelRequest) -> Json:
    return {
        "instructions": request.instructions,
        "material": request.material,
        "schema": dict(request.schema),
        "most_tokens": request.most_tokens,
    }


def _sha256(value: Any) -> str:
    body = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return "sha256:" + hashlib.sha256(body.encode()).hexdigest()
