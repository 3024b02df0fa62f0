"""The experiment log: one JSON line for each system that was measured, so that a figure can be had again."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from consilium.errors import ConfigurationError, MalformedCollection
from consilium.evaluation.jsonl import objects

Json = dict[str, Any]
_HERE = Path(__file__).resolve()


def append(file: Path, entries: Iterable[Mapping[str, Any]]) -> None:
    """Write entries at the end of a log, each with the date and the commit of the code that ran.

    Raises:
        ConfigurationError: the file cannot be written.
    """
    stamp = {"date": datetime.now(UTC).isoformat(timespec="seconds")}
    if code := commit():
        stamp["commit"] = code
    text = "".join(json.dumps({**stamp, **entry}, ensure_ascii=False) + "\n" for entry in entries)
    try:
        with file.open("a", encoding="utf-8") as opened:
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
    except OSError as fault:
        raise ConfigurationError(f"The log {file} cannot be written: {fault.strerror or fault}.") from fault


def entries(file: Path) -> list[Json]:
    """The entries of a log, the oldest first.

    Raises:
        MalformedCollection: it cannot be read, or a line is no entry.
    """
    found = []
    for where, item in objects(file):
        if not isinstance(item.get("figures"), dict) or not isinstance(item.get("system"), str):
            raise MalformedCollection(f"{where} is no entry of an experiment log.")
        found.append(item)
    return found


def commit() -> str | None:
    """The commit of this code, marked where it was changed since; None where it was installed."""
    try:
        tracked = _git("ls-files", "--error-unmatch", _HERE.name)
        return _git("describe", "--always", "--dirty", "--abbrev=12") if tracked else None
    except OSError:
        return None


def _git(*words: str) -> str | None:
    done = subprocess.run(  # noqa: S603 - words of this module
        ["git", *words],  # noqa: S607 - whichever git there is
        cwd=_HERE.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() if done.returncode == 0 else None
