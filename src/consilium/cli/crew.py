"""The processes of the site: start them, start a worker again that died, end them all."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from types import FrameType

from consilium.errors import ConfigurationError

_PATIENCE = 8.0
_LOOK, _AGAIN_AFTER, _LONGEST_WAIT = 0.25, 1.0, 30.0
_WORK = (
    "import sys; from consilium.site.parentage import end_with; end_with(int(sys.argv[1])); "
    "from consilium.cli import main; sys.argv[1:] = ['work']; main()"
)
Process = subprocess.Popen[bytes]


class Crew:
    """One web process and some workers, children of this one."""

    def __init__(self, say: Callable[[str], None]) -> None:
        """``say``: told what the operator should know."""
        self._say = say
        self._web: Process | None = None
        self._workers: list[Process] = []
        self._wait, self._not_before = _AGAIN_AFTER, 0.0

    def start_workers(self, count: int) -> None:
        """Start the processes that answer questions."""
        self._workers = [_worker() for _ in range(count)]

    def start_web(self, host: str, port: int) -> None:
        """Start the process that shows pages."""
        self._web = _python("-m", "consilium.site.web", host, str(port), str(os.getpid()))

    def keep(self) -> None:
        """Wait for the web process; start a worker again that has died, with growing pauses.

        Raises:
            ConfigurationError: the web process ended by itself.
        """
        while self._web is not None:
            if self._web.poll() is not None:
                raise ConfigurationError("The web process ended; its last lines above say why.")
            self._revive()
            time.sleep(_LOOK)

    def _revive(self) -> None:
        dead = [place for place, worker in enumerate(self._workers) if worker.poll() is not None]
        now = time.monotonic()
        if not dead:
            # A minute without a death: the next one is news again.
            self._wait = _AGAIN_AFTER if now > self._not_before + 60 else self._wait
        elif now >= self._not_before:
            self._say(f"A worker ended (code {self._workers[dead[0]].returncode}); it is started again.")
            for place in dead:
                self._workers[place] = _worker()
            self._not_before, self._wait = now + self._wait, min(2 * self._wait, _LONGEST_WAIT)

    def end(self) -> None:
        """End every process: politely, and after eight seconds without asking."""
        everybody = [p for p in (self._web, *self._workers) if p is not None]
        for process in everybody:
            if process.poll() is None:
                process.terminate()
        until = time.monotonic() + _PATIENCE
        for process in everybody:
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextlib.contextmanager
def ended_by_signals() -> Iterator[None]:
    """Inside, SIGTERM and a closed terminal end the command as Ctrl-C does."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    names = [n for n in ("SIGTERM", "SIGHUP") if hasattr(signal, n)]
    before = {name: signal.signal(getattr(signal, name), stop) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)


def _worker() -> Process:
    return _python("-c", _WORK, str(os.getpid()))


def _python(*arguments: str) -> Process:
    return subprocess.Popen([sys.executable, *arguments])  # noqa: S603 - our own interpreter
