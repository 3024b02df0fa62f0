"""How each model is known to keep to a shape: found once by a probe, and kept in the data folder."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from consilium.adapters.models.service import Mode, ModelService
from consilium.errors import ConfigurationError

FILE = "model-modes.json"


@dataclass(frozen=True, slots=True)
class Found:
    """What a probe found, and when."""

    mode: Mode
    date: str


def stored(data_dir: Path, service: ModelService) -> dict[str, Found]:
    """What is known of the models of a service; a file that cannot be read says nothing."""
    held = _held(data_dir)
    found = {}
    for name in service.models:
        try:
            entry = held[_key(service, name)]
            found[name] = Found(Mode(entry["mode"]), str(entry["date"]))
        except (KeyError, TypeError, ValueError):
            continue
    return found


def keep(data_dir: Path, service: ModelService, modes: Mapping[str, Mode]) -> None:
    """Note what a probe found, in place of what was known of these models.

    Raises:
        ConfigurationError: it cannot be written.
    """
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    held = _held(data_dir)
    held |= {_key(service, name): {"mode": mode.value, "date": today} for name, mode in modes.items()}
    path, aside = data_dir / FILE, data_dir / f"{FILE}.part"
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        aside.write_text(json.dumps(held, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
        aside.replace(path)
    except OSError as fault:
        raise ConfigurationError(f"{path} cannot be written: {fault.strerror or fault}.") from fault


def _held(data_dir: Path) -> dict[str, dict[str, str]]:
    try:
        held = json.loads((data_dir / FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return held if isinstance(held, dict) else {}


def _key(service: ModelService, name: str) -> str:
    return f"{service.url} {name}"
