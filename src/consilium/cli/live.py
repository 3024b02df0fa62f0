"""An answer as it comes about: each stage, and each claim as it is verified."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Callable
from typing import TextIO

from consilium.domain.article import SupportedClaim
from consilium.pipeline.trace import Event, Step

_WIDTH = 88
_DIM, _GREEN, _PLAIN = "\x1b[2m", "\x1b[32m", "\x1b[0m"


def told(stream: TextIO) -> Callable[[Step], None]:
    """Writes steps to a stream as they happen; with colour on a terminal that wants it, else plain."""
    colour = stream.isatty() and "NO_COLOR" not in os.environ

    def tell(step: Step) -> None:
        if isinstance(step, Event):
            line = f"{step.stage}: {step.said}"
            stream.write(f"{_DIM}{line}{_PLAIN}\n" if colour else f"{line}\n")
        elif isinstance(step, SupportedClaim):
            stream.write(_claim(step, colour=colour))
        stream.flush()

    return tell


def _claim(supported: SupportedClaim, *, colour: bool) -> str:
    claim = supported.claim
    works = ", ".join(dict.fromkeys(source.id for source, _ in claim.cited))
    words = f"{claim.text} [{works}]"
    lines = textwrap.wrap(words, _WIDTH, initial_indent="  + ", subsequent_indent="    ")
    first, *rest = lines
    return "\n".join([first.replace("+", f"{_GREEN}+{_PLAIN}", 1) if colour else first, *rest]) + "\n"
