"""Opens a language model, or probes one; without the extra `llm` it says what to install."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from consilium.adapters.models import modes
from consilium.adapters.models.service import ModelService
from consilium.errors import ConfigurationError

if TYPE_CHECKING:
    from consilium.adapters.models.endpoint import Endpoint
    from consilium.adapters.models.probe import Probed


def opened(service: ModelService, data_dir: Path) -> Endpoint:
    """The model of a service, asked in the way that a probe has found.

    Raises:
        ConfigurationError: what speaks to it is not installed.
    """
    known = modes.stored(data_dir, service)
    with _installed():
        from consilium.adapters.models.endpoint import Endpoint  # noqa: PLC0415 - brings pydantic-ai

        return Endpoint(service, {name: found.mode for name, found in known.items()})


def probed(service: ModelService, name: str, data_dir: Path) -> Probed:
    """What one small request to a model finds; the way to ask it is kept in the data folder.

    Raises:
        ConfigurationError: what speaks to it is not installed, or nothing can be written there.
    """
    with _installed():
        from consilium.adapters.models import probe  # noqa: PLC0415 - brings pydantic-ai

        found = probe.probe(service, name)
    if found.mode:
        modes.keep(data_dir, service, {name: found.mode})
    return found


@contextmanager
def _installed() -> Iterator[None]:
    try:
        yield
    except ImportError as fault:
        raise ConfigurationError(
            f"CONSILIUM_MODEL needs pydantic-ai ({fault}); run: pip install 'consilium[llm]'"
        ) from fault
