"""How far the embedding of documents is, on standard error: a bar at a terminal, else a line a step."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from consilium.cli.common_options import say

if TYPE_CHECKING:
    from consilium.adapters.vectors.embed import Progress as Embedded


class Telling:
    """Tells of each step while the embedding lasts."""

    def __init__(self) -> None:
        self._bar = Progress(
            TextColumn("Embedding"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]:.0f} a second"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            disable=not sys.stderr.isatty(),
        )

    def __enter__(self) -> Callable[[Embedded], None]:
        self._bar.start()
        self._task = self._bar.add_task("", rate=0.0, visible=False)
        return self._tell

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def _tell(self, embedded: Embedded) -> None:
        self._bar.update(
            self._task, completed=embedded.done, total=embedded.total, rate=embedded.rate, visible=True
        )
        if self._bar.disable:
            say(
                f"{embedded.done:,} of {embedded.total:,} documents, {embedded.rate:.0f} a second, "
                f"{embedded.left:.0f} s left"
            )
