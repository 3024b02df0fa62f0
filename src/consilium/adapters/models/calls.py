"""A call that can be given up: asynchronous work in a thread of its own, waited for by a clock."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

from consilium.errors import Cancelled, ModelTimeout

TICK = 0.03  # a cancellation is noticed within a tenth of a second
_GRACE = 0.25  # the clocks of the work itself say better what was slow
_T = TypeVar("_T")


def awaited(
    work: Callable[[], Coroutine[Any, Any, _T]], *, seconds: float, cancelled: Callable[[], bool]
) -> _T:
    """The result of asynchronous work, or whatever it raised.

    Raises:
        Cancelled: ``cancelled`` said so.
        ModelTimeout: the time is over; the work is given up and not waited for.
    """
    call = _Call(work)
    deadline = time.monotonic() + seconds + _GRACE
    threading.Thread(target=call.run, name="consilium-model", daemon=True).start()
    try:
        while not call.done.wait(TICK):
            if cancelled():
                raise Cancelled
            if time.monotonic() > deadline:
                raise ModelTimeout
    finally:
        call.give_up()
    return call.outcome()


def rest(seconds: float, cancelled: Callable[[], bool]) -> None:
    """Wait, unless cancelled.

    Raises:
        Cancelled: ``cancelled`` said so.
    """
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if cancelled():
            raise Cancelled
        time.sleep(min(TICK, left))


class _Call(Generic[_T]):
    """One piece of work and its private event loop."""

    def __init__(self, work: Callable[[], Coroutine[Any, Any, _T]]) -> None:
        self._work, self._lock = work, threading.Lock()
        self._stop: Callable[[], object] | None = None
        self._given_up = False
        self._result: list[_T] = []
        self._fault: BaseException | None = None
        self.done = threading.Event()

    def run(self) -> None:
        try:
            self._result.append(asyncio.run(self._stoppable()))
        except BaseException as fault:  # noqa: BLE001 - raised again in the thread that waits
            self._fault = fault
        finally:
            self.done.set()

    async def _stoppable(self) -> _T:
        task = asyncio.ensure_future(self._work())
        with self._lock:
            loop = asyncio.get_running_loop()
            self._stop = lambda: loop.call_soon_threadsafe(task.cancel)
            if self._given_up:
                task.cancel()
        return await task

    def give_up(self) -> None:
        with self._lock:
            self._given_up = True
            if self._stop:
                with contextlib.suppress(RuntimeError):  # it has ended meanwhile
                    self._stop()

    def outcome(self) -> _T:
        if self._fault is not None:
            raise self._fault
        return self._result[0]
