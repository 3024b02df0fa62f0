"""Asks services outside for what can be read: within a budget, politely, and never more than it may take."""

from __future__ import annotations

import datetime
import ssl
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from typing import Generic, Self, TypeVar
from urllib.parse import quote_plus, urlencode, urljoin

import httpcore2

from consilium.adapters.outside.addresses import Endpoint, endpoint_of
from consilium.adapters.outside.body import asked_to_wait, beginning, headers_of, media_type, whole
from consilium.adapters.outside.cache import Cache, Kept
from consilium.adapters.outside.connection import Budget, Pinned, Resolve, looked_up
from consilium.adapters.outside.pace import Pace
from consilium.errors import AddressRefused, OutsideError

Found = TypeVar("Found")
_TRIES, _PAUSE, _PATIENCE = 3, 0.5, 15.0
_BUSY = frozenset({429, 500, 502, 503, 504})
_MOVED = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 3
_MOST_BYTES = 32 << 20
_MOST_OF_A_FAULT = 4_096


@dataclass(frozen=True, slots=True)
class Sent:
    """What left this machine: to which host, and the address as it was asked for, without keys."""

    to: str
    what: str


@dataclass(frozen=True, slots=True)
class Answer(Generic[Found]):
    """What was read from an answer, and when the service last gave or confirmed it (UTC)."""

    found: Found
    fetched: str


class Declined(OutsideError):
    """A service outside declined a request, and would decline it again."""

    retryable = False

    def __init__(self, message: str, status: int, said: bytes) -> None:
        """``said``: the beginning of its answer, for the client of that service; it may hold a key."""
        super().__init__(message)
        self.status, self.said = status, said


class _Passing(Exception):
    """A fault that may pass; ``wait`` is what the service asks for."""

    def __init__(self, why: str, wait: float | None = None) -> None:
        super().__init__(why)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class _Asked:
    """One request: its address without keys, its keys, and what an answer may be."""

    address: str
    keys: Mapping[str, str]
    types: tuple[str, ...]
    most: int

    def to(self, address: str) -> str:
        """An address with the keys, which go to nobody but the service."""
        if not self.keys:
            return address
        return f"{address}{'&' if '?' in address else '?'}{urlencode(self.keys)}"

    def without_keys(self, address: str) -> str:
        """An address that a service named, without keys that it may have repeated."""
        for key in filter(None, self.keys.values()):
            address = address.replace(quote_plus(key), "…").replace(key, "…")
        return address


class Client:
    """Asks for one question; all its requests share one budget. Not for several threads at once."""

    def __init__(
        self,
        seconds: float,
        *,
        cache: Cache | None = None,
        own: Iterable[str] = (),
        onward: Iterable[str] = (),
        agent: str = "consilium",
        trust: ssl.SSLContext | None = None,
        resolve: Resolve = looked_up,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Nothing is opened yet.

        Args:
            seconds: for all requests, tries and waits together.
            own: addresses of the operator's own endpoints, from the settings and from nowhere else; only they
                may be on this machine or in a private network.
            onward: hosts that a redirect may lead to, beside the one that was asked.
            trust: whose certificates hold; by default the system's.
        """
        self.budget, self.sent = Budget(seconds), list[Sent]()
        self._own = frozenset(endpoint_of(address) for address in own)
        self._cache, self._onward, self._agent, self._sleep = cache, frozenset(onward), agent, sleep
        self._pool = httpcore2.ConnectionPool(
            ssl_context=trust or httpcore2.default_ssl_context(),
            network_backend=Pinned(self.budget, self._own, resolve),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close what is open."""
        self._pool.close()

    def get(
        self,
        address: str,
        read: Callable[[bytes], Found],
        *,
        types: tuple[str, ...],
        parameters: Mapping[str, str] | None = None,
        keys: Mapping[str, str] | None = None,
        pace: Pace | None = None,
        fresh: float = 0.0,
        most: int = _MOST_BYTES,
    ) -> Answer[Found]:
        """Ask, and read the answer; from the cache where it is fresh, or confirmed, or all that is to be had.

        Args:
            read: makes something of the body; a ``ValueError`` says that it is not what it should be.
            types: the media types that an answer may have.
            keys: parameters that are neither kept nor told.
            fresh: for how many seconds a kept answer is as good as a new one.
            most: bytes, packed or not.

        Raises:
            AddressRefused: it leads where nothing may be opened.
            OutsideError: it could not be had; ``Declined`` where asking again is no use.
        """
        if parameters:
            address += ("&" if "?" in address else "?") + urlencode(parameters)
        asked = _Asked(address, keys or {}, types, most)
        kept = self._cache.find(address) if self._cache else None
        held = _held(kept, read)
        if kept and held and self._cache and kept.is_fresh(fresh, self._cache.now()):
            return held
        try:
            return self._tried(asked, read, kept if held else None, pace)
        except (Declined, AddressRefused):
            raise
        except OutsideError:
            if held is None or not fresh:
                raise
            return held

    def _tried(
        self, asked: _Asked, read: Callable[[bytes], Found], kept: Kept | None, pace: Pace | None
    ) -> Answer[Found]:
        host = endpoint_of(asked.address).host
        self.sent.append(Sent(host, asked.address))
        why = ""
        for number in range(_TRIES):
            try:
                body, headers = self._followed(asked, kept, pace)
                found = read(body)
            except _Passing as fault:
                why, wait = str(fault), fault.wait
            except ValueError as fault:
                why, wait = f"its answer cannot be read ({fault})", None
            else:
                return Answer(found, self._keep(asked.address, headers, body))
            wait = _PAUSE * 2**number if wait is None else wait
            if number + 1 == _TRIES or wait >= self.budget.left():
                break
            self._sleep(wait)
        raise OutsideError(f"{host} could not be asked: {why}.")

    def _keep(self, address: str, headers: Mapping[str, str], body: bytes) -> str:
        if self._cache:
            return self._cache.keep(address, headers.get("etag"), headers.get("last-modified"), body).fetched
        return f"{datetime.datetime.now(datetime.UTC):%Y-%m-%dT%H:%M:%SZ}"

    def _followed(
        self, asked: _Asked, kept: Kept | None, pace: Pace | None
    ) -> tuple[bytes, Mapping[str, str]]:
        """The body, from where redirects lead; they get no keys, and none leads to another host unasked."""
        address, first = asked.to(asked.address), self._endpoint(asked.address)
        for _ in range(_MOST_REDIRECTS + 1):
            status, headers, body = self._once(address, asked, kept, pace)
            if status == 304 and kept:
                return kept.body, {"etag": kept.tag or "", "last-modified": kept.modified or "", **headers}
            if status not in _MOVED:
                return body, headers
            address = urljoin(address, headers.get("location", ""))
            there = self._endpoint(address)
            known = there == first or (there.sealed and there.port == 443 and there.host in self._onward)
            if not known:
                raise AddressRefused(f"{first.host} sends on to {there.host}, which was not opened.")
            self.sent.append(Sent(there.host, asked.without_keys(address)))
        raise OutsideError(f"{first.host} sends on from place to place.")

    def _endpoint(self, address: str) -> Endpoint:
        found = endpoint_of(address)
        if not found.sealed and found not in self._own:
            raise AddressRefused(f"{found.host} is asked by https:// only.")
        return found

    def _once(
        self, address: str, asked: _Asked, kept: Kept | None, pace: Pace | None
    ) -> tuple[int, Mapping[str, str], bytes]:
        """One request: its status, its headers, its body."""
        waits = dict.fromkeys(("connect", "read", "write", "pool"), self.budget.part(_PATIENCE))
        try:
            with ExitStack() as opened:
                with pace.turn(self.budget.left()) if pace else nullcontext():
                    response = opened.enter_context(
                        self._pool.stream(
                            "GET", address, headers=self._headers(asked, kept), extensions={"timeout": waits}
                        )
                    )
                return self._taken(response, asked)
        except httpcore2.TimeoutException as fault:
            self.budget.part(None)
            raise _Passing("it did not answer in time") from fault
        except (httpcore2.NetworkError, httpcore2.ProtocolError) as fault:
            raise _Passing(_told(fault)) from fault
        except httpcore2.UnsupportedProtocol as fault:
            raise AddressRefused from fault

    def _headers(self, asked: _Asked, kept: Kept | None) -> Sequence[tuple[str, str]]:
        headers = {"User-Agent": self._agent, "Accept": ", ".join(asked.types), "Accept-Encoding": "gzip"}
        if kept and kept.tag:
            headers["If-None-Match"] = kept.tag
        if kept and kept.modified:
            headers["If-Modified-Since"] = kept.modified
        return tuple(headers.items())

    def _taken(self, response: httpcore2.Response, asked: _Asked) -> tuple[int, Mapping[str, str], bytes]:
        status, headers = response.status, headers_of(response)
        if status in _MOVED or status == 304:
            return status, headers, b""
        parts = response.iter_stream()
        if status in _BUSY:
            raise _Passing(f"it answered {status}", asked_to_wait(headers))
        if status != 200:
            host = endpoint_of(asked.address).host
            raise Declined(f"{host} answered {status}.", status, beginning(parts, _MOST_OF_A_FAULT))
        if media_type(headers) not in asked.types:
            raise _Passing(f"it answered with {media_type(headers)[:40] or 'something unnamed'}")
        return status, headers, whole(parts, headers, asked.most, self.budget)


def _held(kept: Kept | None, read: Callable[[bytes], Found]) -> Answer[Found] | None:
    """What a kept answer holds; None where none is kept, or not one that can be read."""
    try:
        return Answer(read(kept.body), kept.fetched) if kept else None
    except ValueError:
        return None


def _told(fault: Exception) -> str:
    """A fault of the network in words."""
    return str(fault).strip().rstrip(".") or "the connection broke"
