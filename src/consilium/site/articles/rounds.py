"""What a worker does beside answering: look after changed evidence each second, tidy up each hour.

What is called is named in the settings, because articles know nothing of the board or the log. All
of it may be done by many workers at once, and twice.
"""

from __future__ import annotations

import logging
import time
import traceback

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils.module_loading import import_string

log = logging.getLogger("consilium.worker")
SECOND, HOUR = 1.0, 3600.0


class Rounds:
    """The times at which things are next done."""

    def __init__(self) -> None:
        """Everything is due at once."""
        self._next = {SECOND: 0.0, HOUR: 0.0}

    def go(self) -> None:
        """Do what is due; a fault of one thing is logged, and keeps nothing else from being done.

        Raises:
            OperationalError, InterfaceError: the database does not answer.
        """
        for every, names in ((SECOND, settings.WORKER_WATCHES), (HOUR, settings.WORKER_TIDIES)):
            now = time.monotonic()
            if now < self._next[every]:
                continue
            self._next[every] = now + every
            for name in names:
                self._do(name)

    def _do(self, name: str) -> None:
        try:
            import_string(name)()
        except (OperationalError, InterfaceError):
            raise
        except Exception as fault:  # noqa: BLE001 - the next thing has to be done as well
            # Not its message: it may quote a row.
            place = "".join(traceback.format_tb(fault.__traceback__)).rstrip()
            log.error("%s failed: %s\n%s", name, type(fault).__name__, place)  # noqa: TRY400
