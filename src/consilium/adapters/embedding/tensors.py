"""Read the tensors of a safetensors file, memory-mapped: a header in JSON, then the numbers.

Source of the format: https://huggingface.co/docs/safetensors (its section "Format").
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consilium.errors import ConfigurationError

_LENGTH = 8  # bytes that say how long the header is
_LONGEST_HEADER = 1_000_000
_NUMBER = 4  # bytes of one float32


def read(file: Path) -> dict[str, NDArray[np.float32]]:
    """The float32 tensors of a file by name; others are left out.

    Raises:
        ConfigurationError: it cannot be read, or is cut short or no such file.
    """
    try:
        with file.open("rb") as opened:
            length = int.from_bytes(opened.read(_LENGTH), "little")
            if not 0 < length <= _LONGEST_HEADER:
                raise ConfigurationError(_broken(file, "it is no safetensors file"))
            header = json.loads(opened.read(length))
        data = np.memmap(file, np.uint8, "r", offset=_LENGTH + length)
        return {
            name: _tensor(file, data, entry)
            for name, entry in header.items()
            if name != "__metadata__" and entry["dtype"] == "F32"
        }
    except OSError as fault:
        raise ConfigurationError(_broken(file, fault.strerror or str(fault))) from fault
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise ConfigurationError(_broken(file, "it is no safetensors file, or cut short")) from fault


def _tensor(file: Path, data: NDArray[np.uint8], entry: dict[str, Any]) -> NDArray[np.float32]:
    start, end = entry["data_offsets"]
    if end > len(data) or end - start != _NUMBER * math.prod(entry["shape"]):
        raise ConfigurationError(_broken(file, "it is cut short"))
    numbers: NDArray[np.float32] = data[start:end].view("<f4").reshape(entry["shape"])
    return numbers


def _broken(file: Path, why: str) -> str:
    return f"The embedding model in {file} cannot be used ({why}); run `consilium models install --again`."
