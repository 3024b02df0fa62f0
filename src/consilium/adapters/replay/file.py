"""A replay file on the disk: one JSON object with its format and the digest of all the rest."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from consilium.adapters.contract.codec import digest
from consilium.adapters.replay.record import Json, asked_of
from consilium.errors import MalformedReplay

FORMAT = "consilium/replay/1"
_PARTS = {"asked", "basis", "plan", "queries", "found", "gates", "evidence", "claims", "article"}


def text_of(record: Json) -> str:
    """A record as it is written."""
    return json.dumps({"format": FORMAT, "digest": _digest(record), **record}, ensure_ascii=False, indent=1)


def read(path: Path) -> Json:
    """The record in a replay file.

    Raises:
        MalformedReplay: it cannot be read, is of another format, or has been changed since it was written.
    """
    try:
        whole = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as fault:
        raise MalformedReplay(f"{path} cannot be read as a replay file: {fault}.") from fault
    found = whole.get("format") if isinstance(whole, dict) else None
    if not isinstance(found, str) or not found.startswith("consilium/replay/"):
        raise MalformedReplay(f"{path} is no replay file; `consilium ask … --replay FILE` writes one.")
    if found != FORMAT:
        raise MalformedReplay(
            f"{path} is of the format {found}, and this version reads {FORMAT}: "
            "replay it with the version of Consilium that wrote it, or ask the question anew."
        )
    record: Json = {name: part for name, part in whole.items() if name not in {"format", "digest"}}
    if set(record) != _PARTS or whole.get("digest") != _digest(record):
        raise MalformedReplay(f"{path} is not as it was written: its digest does not fit what it holds.")
    try:
        asked_of(record["asked"])
        if record["article"]["id"] != digest(record["article"]["content"]):
            raise MalformedReplay(f"{path} holds an article whose id is not the digest of its content.")
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise MalformedReplay(f"{path} holds no question that can be asked again ({fault!r}).") from fault
    return record


def _digest(record: Json) -> str:
    body = json.dumps(record, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(body.encode()).hexdigest()
