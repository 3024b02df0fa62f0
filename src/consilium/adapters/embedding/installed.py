"""The embedding model as it lies in the data folder: which files, and whether they are the right ones."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from consilium.errors import ConfigurationError

MODEL, LICENCE = "all-MiniLM-L6-v2", "Apache-2.0"
WEIGHTS, VOCABULARY = "model.safetensors", "vocab.txt"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_AGAIN = "run `consilium models install --again`"
_INT8_AGAIN = "run `consilium models install --int8 --again`"


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the model as it was published."""

    name: str
    size: int
    sha256: str


PARTS = (
    Part(WEIGHTS, 90_868_376, WEIGHTS_SHA256),
    Part(VOCABULARY, 231_508, "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"),
)
# Made of the weights above, the same to the last bit wherever it is made (`quantised`).
INT8 = Part(
    f"{MODEL}-int8.onnx", 23_185_885, "94b6eaddba4d9323724099d26ba1a40404436957b20edd2086d8ba9a8770e5e8"
)


def folder_of(data_dir: Path) -> Path:
    """Where the model lies below a data folder."""
    return data_dir / "models" / MODEL


def int8_of(data_dir: Path) -> Path:
    """Where the model of eight bits lies: beside the published one, whether it is there or not."""
    return data_dir / "models" / INT8.name


def is_there(folder: Path) -> bool:
    """Whether there is a model in ``folder``, sound or not."""
    return any((folder / part.name).exists() for part in PARTS)


def check_sizes(folder: Path) -> None:
    """See that the files are whole, at no cost.

    Raises:
        ConfigurationError: one is missing, or longer or shorter than it must be.
    """
    for part in PARTS:
        _check_size(folder / part.name, part.size, _AGAIN)


def check_int8_size(file: Path) -> None:
    """See that the model of eight bits is whole, at no cost.

    Raises:
        ConfigurationError: it is missing, or longer or shorter than it must be.
    """
    if not file.exists():
        raise ConfigurationError(
            "The model of eight bits is not there; run `consilium models install --int8`."
        )
    _check_size(file, INT8.size, _INT8_AGAIN)


def check_int8(file: Path) -> None:
    """See that the model of eight bits is what this version makes, to the last bit; reads it whole.

    Raises:
        ConfigurationError: it is not.
    """
    check_int8_size(file)
    if digest_of(file) != INT8.sha256:
        raise ConfigurationError(f"{file} is not what this version makes; {_INT8_AGAIN}.")


def check_digests(folder: Path) -> None:
    """See that the files are the published ones, to the last bit; reads them whole.

    Raises:
        ConfigurationError: one is not.
    """
    check_sizes(folder)
    for part in PARTS:
        if digest_of(folder / part.name) != part.sha256:
            raise ConfigurationError(f"{folder / part.name} is not the published file; {_AGAIN}.")


def _check_size(file: Path, expected: int, again: str) -> None:
    try:
        size = file.stat().st_size
    except OSError:
        raise ConfigurationError(f"The embedding model lacks {file}; {again}.") from None
    if size != expected:
        raise ConfigurationError(
            f"{file} has {size:,} bytes and not {expected:,}; it is cut short, or of another model; {again}."
        )


def digest_of(file: Path) -> str:
    """The SHA-256 of a file.

    Raises:
        ConfigurationError: it cannot be read.
    """
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as fault:
        raise ConfigurationError(f"{file} cannot be read: {fault.strerror or fault}.") from fault
