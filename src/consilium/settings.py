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
    """

    data_dir: Path
    country: str | None = None
    emergency_number: str | None = None


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
    number = env.get("CONSILIUM_EMERGENCY_NUMBER") or None
    if number and not (number.replace(" ", "").isdigit() and len(number) <= 12):
        raise ConfigurationError(
            f"CONSILIUM_EMERGENCY_NUMBER is {number!r}; it must be a telephone number in digits."
        )
    return Settings(data_dir, env.get("CONSILIUM_COUNTRY") or None, number)
