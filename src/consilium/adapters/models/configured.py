"""What an operator has said of a language model, in the environment or in `consilium.toml`."""

from __future__ import annotations

import math
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from consilium.adapters.embedding.service import is_safe
from consilium.adapters.models.service import ANTHROPIC_URL, OPENAI_URL, PATIENT_SECONDS, ModelService, Speaks
from consilium.errors import ConfigurationError
from consilium.pipeline.budget import Allowance

FILE = "consilium.toml"
# The keys of the table [model], and the variables that win over them.
_NAMES = {
    "name": "CONSILIUM_MODEL",
    "url": "CONSILIUM_MODEL_URL",
    "key": "CONSILIUM_MODEL_KEY",
    "small": "CONSILIUM_MODEL_SMALL",
    "thinking": "CONSILIUM_MODEL_THINKING",
    "tokens": "CONSILIUM_MODEL_TOKENS",
    "cost": "CONSILIUM_MODEL_COST",
    "seconds": "CONSILIUM_MODEL_SECONDS",
}
_HOSTED = {Speaks.OPENAI: OPENAI_URL, Speaks.ANTHROPIC: ANTHROPIC_URL}
_REQUESTS = ("/chat/completions", "/completions", "/messages", "/responses", "/models")


def with_file(env: Mapping[str, str], data_dir: Path) -> dict[str, str]:
    """The settings of a language model: those of the file, and over them those of the environment.

    Raises:
        ConfigurationError: the file cannot be read, or holds what is no setting.
    """
    path = data_dir / FILE
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):  # a folder that is none is told of where it is used
        table = {}
    except (OSError, ValueError) as fault:
        raise ConfigurationError(
            f"{path} cannot be read: {getattr(fault, 'strerror', None) or fault}."
        ) from None
    stated = table.pop("model", {})
    if table or not isinstance(stated, dict) or not stated.keys() <= _NAMES.keys():
        raise ConfigurationError(f"{path} may hold one table, [model], with the keys {', '.join(_NAMES)}.")
    if not all(isinstance(value, str | int | float) for value in stated.values()):
        raise ConfigurationError(f"{path}, [model]: each key has one text or one number.")
    said = {_NAMES[key]: str(value) for key, value in stated.items()}
    return said | {name: env[name] for name in _NAMES.values() if env.get(name)}


def caution(data_dir: Path) -> str | None:
    """That others can read the key in the file; None where they cannot, or there is none."""
    path = data_dir / FILE
    try:
        if path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH) and with_file({}, data_dir).get(_NAMES["key"]):
            return f"others on this machine can read the key in {path}; run: chmod 600 {path}"
    except OSError:
        return None
    return None


def service(said: Mapping[str, str]) -> ModelService | None:
    """The service that is meant, if one is.

    Raises:
        ConfigurationError: what is said makes no sense; the message names it.
    """
    model, url = said.get("CONSILIUM_MODEL"), said.get("CONSILIUM_MODEL_URL")
    if not model:
        if url:
            raise ConfigurationError(
                "CONSILIUM_MODEL_URL needs CONSILIUM_MODEL, the name of the model there."
            )
        return None
    speaks, name = _speaks(model, url)
    key = said.get("CONSILIUM_MODEL_KEY")
    if key and not (key.isascii() and key.isprintable() and " " not in key):
        raise ConfigurationError("CONSILIUM_MODEL_KEY holds what no key holds; set it again.")
    if not url and not key:
        raise ConfigurationError(f"CONSILIUM_MODEL is {model!r}, which needs a key: set CONSILIUM_MODEL_KEY.")
    thinking = _count(said, "CONSILIUM_MODEL_THINKING") or 0
    found = ModelService(speaks, _base(url, speaks), name, _small(said, speaks), key, thinking)
    if found.host is None:
        return replace(found, read_seconds=PATIENT_SECONDS, request_seconds=PATIENT_SECONDS)
    return found


def _speaks(model: str, url: str | None) -> tuple[Speaks, str]:
    """The protocol and the bare name; a colon may also be of the name itself ("qwen3:8b")."""
    maker, _, name = model.partition(":")
    if maker == "anthropic" and name:
        return Speaks.ANTHROPIC, name
    if maker == "openai" and name:
        return (Speaks.COMPATIBLE if url else Speaks.OPENAI), name
    if not url:
        raise ConfigurationError(
            f"CONSILIUM_MODEL is {model!r}; write openai:NAME or anthropic:NAME, "
            "or say in CONSILIUM_MODEL_URL where the model is."
        )
    return Speaks.COMPATIBLE, model


def _small(said: Mapping[str, str], speaks: Speaks) -> str | None:
    small = said.get("CONSILIUM_MODEL_SMALL")
    if not small:
        return None
    maker, _, name = small.partition(":")
    if maker not in {"openai", "anthropic"}:
        return small
    if (maker == "anthropic") != (speaks is Speaks.ANTHROPIC):
        raise ConfigurationError(
            f"CONSILIUM_MODEL_SMALL is {small!r}; it must be a model of the same service as CONSILIUM_MODEL."
        )
    return name


def _base(url: str | None, speaks: Speaks) -> str:
    """The base address of a service, without what each request adds."""
    if url is None:
        return _HOSTED[speaks]
    if not is_safe(url):
        raise ConfigurationError(
            "CONSILIUM_MODEL_URL must begin with https:// (http:// on this machine only) and name a host."
        )
    parts = urlsplit(url)
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ConfigurationError("CONSILIUM_MODEL_URL must hold no key; set CONSILIUM_MODEL_KEY.")
    base = url.rstrip("/")
    if base.endswith(_REQUESTS):
        raise ConfigurationError(
            f"CONSILIUM_MODEL_URL is {url!r}; give the base address, for example http://localhost:11434/v1"
        )
    return base.removesuffix("/v1") if speaks is Speaks.ANTHROPIC else base


def allowance(said: Mapping[str, str]) -> Allowance:
    """What one question may cost.

    Raises:
        ConfigurationError: that is no number above 0.
    """
    usual = Allowance()
    return Allowance(
        _count(said, "CONSILIUM_MODEL_TOKENS") or usual.tokens,
        _number(said, "CONSILIUM_MODEL_COST", usual.cost),
        _number(said, "CONSILIUM_MODEL_SECONDS", usual.seconds) or usual.seconds,
    )


def _count(said: Mapping[str, str], name: str) -> int | None:
    stated = said.get(name)
    if stated is not None and not (stated.isascii() and stated.isdigit() and 0 < int(stated) < 10**9):
        raise ConfigurationError(f"{name} is {stated!r}; it must be a whole number above 0.")
    return int(stated) if stated else None


def _number(said: Mapping[str, str], name: str, usual: float | None) -> float | None:
    stated = said.get(name)
    if stated is None:
        return usual
    try:
        number = float(stated)
    except ValueError:
        number = math.nan
    if not 0 < number < 10**6:
        raise ConfigurationError(f"{name} is {stated!r}; it must be a number above 0.")
    return number
