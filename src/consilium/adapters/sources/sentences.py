"""Split the text of a work into sentences; the version is kept with what was split by it."""

from __future__ import annotations

import re

VERSION = "1"
_END = re.compile(r"(?<=[.!?])[\])\"']*(?:\s+)(?=[A-Z0-9(\[\"'])")


def ends_of(text: str) -> list[int]:
    """Where each sentence of a text ends: offsets in characters, ascending, the last one ``len(text)``."""
    ends = [match.start() for match in _END.finditer(text)]
    return [*ends, len(text)] if text else []
