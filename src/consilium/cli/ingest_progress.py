"""How far an ingest is, on standard error: a bar at a terminal, else a line every few seconds."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from consilium.adapters.library.ingest import Progress as Taken
from consilium.cli.common_options import say

_EVERY = 5.0


class Telling:
    """Tells how many records were read, at what rate, and how long the rest of the files will take."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._names = [file.name for file in files]
        self._sizes = [file.stat().st_size if file.exists() else 0 for file in files]
        self._passed = 0
        self._begun = self._told = time.monotonic()
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[said]}"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
            disable=not sys.stderr.isatty(),
        )

    def __enter__(self) -> Callable[[Taken], None]:
        self._bar.start()
        self._task = self._bar.add_task("Reading", total=sum(self._sizes) or None, said="")
        return self._tell

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def _tell(self, taken: Taken) -> None:
        now = time.monotonic()
        # What was passed over took no time, and tells nothing of how long the rest will take.
        self._passed += self._sizes[taken.file] if taken.known else 0
        rate = taken.read / max(now - self._begun, 1e-3)
        done = sum(self._sizes[: taken.file]) + taken.position
        name = self._names[taken.file]
        said = f"{taken.read:,} records, {rate:,.0f} a second"
        self._bar.update(self._task, completed=done, description=f"Reading {name}", said=said)
        if self._bar.disable and now - self._told > _EVERY:
            self._told = now
            newly = done - self._passed
            left = (sum(self._sizes) - done) * (now - self._begun) / newly if newly > 0 else None
            say(f"{name}: {said}" + (f", {left:,.0f} s left" if left is not None else ""))
