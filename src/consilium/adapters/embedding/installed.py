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


def folder_of(data_dir: Path) -> Path:
    """Where the model lies below a data folder."""
    return data_dir / "models" / MODEL


def is_there(folder: Path) -> bool:
    """Whether there is a model in ``folder``, sound or not."""
    return any((folder / part.name).exists() for part in PARTS)


def check_sizes(folder: Path) -> None:
    """See that the files are whole, at no cost.

    Raises:
        ConfigurationError: one is missing, or longer or shorter than it must be.
    """
    for part in PARTS:
        try:
            size = (folder / part.name).stat().st_size
        except OSError:
            raise ConfigurationError(f"The embedding model lacks {folder / part.name}; {_AGAIN}.") from None
        if size != part.size:
            raise ConfigurationError(
                f"{folder / part.name} has {size:,} bytes and not {part.size:,}; it is cut short, or of "
                f"another model; {_AGAIN}."
            )


def check_digests(folder: Path) -> None:
    """See that the files are the published ones, to the last bit; reads them whole.

    Raises:
        ConfigurationError: one is not.
    """
    check_sizes(folder)
    for part in PARTS:
        if digest_of(folder / part.name) != part.sha256:
            raise ConfigurationError(f"{folder / part.name} is not the published file; {_AGAIN}.")


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
