"""End with the process that started this one, however that one ended.

A process that is killed by force cannot end its children. Each of them looks twice a second whether
it has been given another parent, and then ends as if it were asked to.
"""

from __future__ import annotations

import os
import signal
import threading
import time

_LOOK, _PATIENCE = 0.5, 10.0


def end_with(parent: int, patience: float = _PATIENCE) -> None:
    """Watch from a thread of its own; end by force what is not over ``patience`` seconds after the parent."""
    threading.Thread(target=_watch, args=(parent, patience), name="parentage", daemon=True).start()


def _watch(parent: int, patience: float) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(patience)
    os._exit(1)
