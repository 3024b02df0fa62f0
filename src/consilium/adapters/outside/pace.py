"""How fast a service may be asked, by all processes of a deployment together.

A turn lasts from before a request is sent until its answer has begun or failed. A new one is given only
while fewer than the most are going on or ended within the last second. So whatever the network does to
them on the way, in no second do more than the most arrive: each arrives within its turn.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from consilium.errors import ConfigurationError, OutsideError

_SECOND = 1.05  # a little more than a second by this clock is at least one by the service's
_POLL = 0.05
# A turn that nobody ended in this time was of a process that is dead: what it sent has long arrived.
_LOST = 20.0
Turns = dict[str, tuple[float, float | None]]


class Pace:
    """Gives turns at one service; the file says who has one, and a lock that dies with its holder guards it.

    Moments are of the machine's monotonic clock, which all processes share and which setting the time of
    day does not move. It starts anew with the machine: a moment in the future is of before, and past.
    """

    def __init__(
        self,
        file: Path,
        a_second: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """``a_second``: the most requests that may arrive in a second."""
        self._file, self._most, self._clock, self._sleep = file, a_second, clock, sleep

    @contextmanager
    def turn(self, seconds: float) -> Iterator[None]:
        """Wait for a turn at most ``seconds``, and have it.

        Raises:
            OutsideError: no turn came in time.
            ConfigurationError: the file cannot be written.
        """
        name = self._taken(seconds)
        try:
            yield
        finally:
            with self._turns(_LOST) as turns:
                if name in turns:
                    turns[name] = (turns[name][0], self._clock())

    def _taken(self, seconds: float) -> str:
        end, name = self._clock() + seconds, uuid.uuid4().hex
        while True:
            with self._turns(max(0.0, end - self._clock())) as turns:
                now = self._clock()
                if len(turns) < self._most:
                    turns[name] = (now, None)
                    return name
                ended = [past for _, past in turns.values() if past is not None]
            wait = min([_POLL, *(max(0.001, past + _SECOND - now) for past in ended)])
            if now + wait > end:
                raise OutsideError(f"No turn came within {seconds:.1f} s: too much is being asked at once.")
            self._sleep(wait)

    @contextmanager
    def _turns(self, seconds: float) -> Iterator[Turns]:
        """The turns that still count, to be changed while nobody else looks."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(f"{self._file}.lock", timeout=seconds):
                turns = self._read()
                yield turns
                self._file.write_text(json.dumps(turns), "utf-8")
        except Timeout:
            raise OutsideError("No turn came in time: too much is being asked at once.") from None
        except OSError as fault:
            raise ConfigurationError(
                f"{self._file} cannot be written ({fault.strerror or fault}), which keeps requests from going "
                "out too fast. Choose another folder with --library or CONSILIUM_DATA_DIR."
            ) from fault

    def _read(self) -> Turns:
        now = self._clock()
        try:
            told = json.loads(self._file.read_text("utf-8"))
            turns = {str(name): (float(began), ended) for name, (began, ended) in told.items()}
            return {name: turn for name, turn in turns.items() if _counts(*turn, now)}
        except FileNotFoundError:
            return {}
        except (ValueError, TypeError, AttributeError):
            # Half-written by a process that died: as many as there can be, ended just now.
            return {f"unknown-{n}": (now, now) for n in range(self._most)}


def _counts(began: float, ended: float | None, now: float) -> bool:
    if began > now:
        return False
    return now - began < _LOST if ended is None else 0 <= now - ended < _SECOND
