"""The prompts as files, each with its version and digest, so that a trace tells which was used."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources

NAMES = ("plan", "select", "write", "verify", "repair", "tailor", "compare")


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a stage tells the model to do.

    Attributes:
        name: the stage and the version of its file, "write/1".
        sha256: the digest of the whole file.
    """

    name: str
    text: str
    sha256: str


@cache
def prompt(stage: str) -> Prompt:
    """The prompt of a stage, from its file."""
    whole = resources.files(__package__).joinpath("prompts", f"{stage}.md").read_text("utf-8")
    head, _, text = whole.partition("\n")
    version = head.removeprefix("version: ").strip()
    return Prompt(f"{stage}/{version}", text.strip(), hashlib.sha256(whole.encode()).hexdigest())
