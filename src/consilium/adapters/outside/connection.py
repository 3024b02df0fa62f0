"""Connections to addresses that were looked up once, checked, and are the very ones connected to.

Nothing looks the name up a second time, so that a name that changes its address between the check and the
use gains nothing. Certificates are checked against the name, as ever.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import httpcore2

from consilium.adapters.outside.addresses import Endpoint, is_public, is_this_machine, may_be_own
from consilium.errors import AddressRefused, OutsideError

Resolve = Callable[[str, int], Sequence[str]]


def looked_up(host: str, port: int) -> Sequence[str]:
    """The IP addresses of a name, as the system finds them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


class Budget:
    """The time for all requests of one question; it runs from the first look at it."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        """``seconds``: all tries and waits together."""
        self.seconds, self._clock = seconds, clock
        self._end = clock() + seconds

    def left(self) -> float:
        """The seconds that are left; never below 0."""
        return max(0.0, self._end - self._clock())

    def part(self, seconds: float | None) -> float:
        """At most ``seconds`` of what is left.

        Raises:
            OutsideError: nothing is left.
        """
        left = self.left()
        if not left:
            raise OutsideError(f"The {self.seconds:g} s for all requests are used up.")
        return left if seconds is None else min(seconds, left)


class Pinned(httpcore2.SyncBackend):
    """Opens connections within a budget, and only to addresses that may be opened."""

    def __init__(self, budget: Budget, own: frozenset[Endpoint], resolve: Resolve) -> None:
        """``own``: the operator's endpoints, which may be on this machine or in a private network."""
        self._budget, self._own, self._resolve = budget, own, resolve

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """Look a name up, refuse what is not allowed, connect to what was found."""
        fault: Exception = httpcore2.ConnectError(f"{host} has no address.")
        for address in self._checked(host, port, self._budget.part(timeout)):
            try:
                stream = super().connect_tcp(
                    address, port, self._budget.part(timeout), local_address, socket_options
                )
                return Timed(stream, self._budget)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as why:
                fault = why
        raise fault

    def _checked(self, host: str, port: int, seconds: float) -> Sequence[str]:
        """The addresses of a name; one that is not allowed spoils them all."""
        sealed = Endpoint(host, port, sealed=True) in self._own
        plain = Endpoint(host, port, sealed=False) in self._own
        allowed = may_be_own if sealed else is_this_machine if plain else is_public
        addresses = self._within(seconds, host, port)
        for address in addresses:
            if not allowed(address):
                raise AddressRefused(
                    f"{host} leads to {address}, which is no public address; it was not opened."
                )
        return addresses

    def _within(self, seconds: float, host: str, port: int) -> Sequence[str]:
        """Look a name up in a thread of its own: the system sets no limit to how long that takes."""
        found: list[Sequence[str] | OSError] = []

        def look() -> None:
            try:
                found.append(self._resolve(host, port))
            except (OSError, UnicodeError) as fault:
                found.append(fault if isinstance(fault, OSError) else OSError(str(fault)))

        thread = threading.Thread(target=look, daemon=True)
        thread.start()
        thread.join(seconds)
        if not found:
            raise httpcore2.ConnectTimeout(f"{host} was not found in time.")
        if isinstance(found[0], OSError):
            raise httpcore2.ConnectError(f"{host} was not found ({found[0]}).")
        return found[0]


class Timed(httpcore2.NetworkStream):
    """A connection whose every read and write ends with the budget, however slowly bytes drip in."""

    def __init__(self, stream: httpcore2.NetworkStream, budget: Budget) -> None:
        """``stream`` is what is read from and written to."""
        self._stream, self._budget = stream, budget

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Some bytes."""
        return self._stream.read(max_bytes, self._budget.part(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send bytes."""
        self._stream.write(buffer, self._budget.part(timeout))

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        """Seal the connection, with a certificate that holds for the name."""
        sealed = self._stream.start_tls(ssl_context, server_hostname, self._budget.part(timeout))
        return Timed(sealed, self._budget)

    def get_extra_info(self, info: str) -> Any:
        """What httpcore asks of a connection."""
        return self._stream.get_extra_info(info)
