"""The rule tables of the pipeline: data that a clinician can review, edited under data/rules."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources
from typing import Any


@cache
def load(name: str) -> Any:
    """One table by the name of its file, as compiled (see ``tools/compile_data.py``)."""
    return _all()[name]


@cache
def _all() -> dict[str, Any]:
    raw = resources.files("consilium.pipeline").joinpath("tables.json").read_text("utf-8")
    tables: dict[str, Any] = json.loads(raw)
    return tables


@cache
def pattern(expression: str) -> re.Pattern[str]:
    """A cue of a table as a compiled expression over lower-case text."""
    return re.compile(expression)


def cued(expressions: list[str], text: str) -> bool:
    """Whether any cue is found in ``text``, which must be lower case."""
    return bool(expressions) and _any_of(tuple(expressions)).search(text) is not None


@cache
def _any_of(expressions: tuple[str, ...]) -> re.Pattern[str]:
    """All cues in one expression: looked for together they take a tenth of the time."""
    return re.compile("|".join(f"(?:{expression})" for expression in expressions))
