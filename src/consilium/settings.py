"""Settings from the environment, as frozen values; no behaviour."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from consilium.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator may set.

    Attributes:
        data_dir: ``CONSILIUM_DATA_DIR``: where the library lives.
        country: ``CONSILIUM_COUNTRY``: whose guidelines come first, unless the asker says.
        emergency_number: ``CONSILIUM_EMERGENCY_NUMBER``: shown in the emergency notice; never
            guessed.
        crisis_number: ``CONSILIUM_CRISIS_NUMBER``: the crisis line that the notice names to whoever
            thinks of self-harm; never guessed.
    """

    data_dir: Path
    country: str | None = None
    emergency_number: str | None = None
    crisis_number: str | None = None


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings.

    Raises:
        ConfigurationError: a value makes no sense; the message names it.
    """
    env = os.environ if environment is None else environment
    stated = env.get("CONSILIUM_DATA_DIR")
    if stated:
        data_dir = Path(stated).expanduser()
    else:
        from platformdirs import user_data_path  # noqa: PLC0415 - not needed otherwise

        data_dir = user_data_path("consilium")
    return Settings(
        data_dir,
        env.get("CONSILIUM_COUNTRY") or None,
        _number(env, "CONSILIUM_EMERGENCY_NUMBER"),
        _number(env, "CONSILIUM_CRISIS_NUMBER"),
    )


def _number(env: Mapping[str, str], name: str) -> str | None:
    """A telephone number of the settings.

    Raises:
        ConfigurationError: it is none.
    """
    number = env.get(name) or None
    if number and not (number.replace(" ", "").isdigit() and len(number) <= 12):
        raise ConfigurationError(f"{name} is {number!r}; it must be a telephone number in digits.")
    return number
