"""Whole pages kept in memory, in front of Django, for readers whom nothing tells apart.

A page is kept only if a stranger asked for it: no session, no credentials, no cookie but the
chosen audience and country. So whatever Django shows there may be shown to anybody. A page that sets a cookie
or forbids keeping is never kept. `changed` empties the cache in every process of this host at
once; the short time to live is for other hosts. See ``docs/adr/0008-pages-without-tokens.md``.
"""

from __future__ import annotations

import gzip
import hashlib
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import Resolver404, resolve

from consilium.site.epoch import Epoch
from consilium.site.host_cookies import PREFIX

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

STRANGER = "consilium.stranger"
# What a reader has chosen: one page is kept for each choice. The token is in no kept page.
_CHOICES = frozenset({b"consilium-for", b"consilium-country"})
_OWN_COOKIES = _CHOICES | {b"csrftoken"}
_VARY = frozenset({b"cookie", b"accept-encoding"})
_ELSEWHERE = b"hx-current-url"
_HELD = frozenset({b"host", b"x-forwarded-proto"})
_LEVEL, _LEAST, _DEAREST = 6, 500, 2_000_000


@lru_cache(maxsize=1)
def epoch() -> Epoch:
    """The stamp of this installation."""
    return Epoch(settings.ENVIRONMENT.data_dir / "published")


def changed() -> None:
    """Something that readers see has changed; called after the change is committed."""
    epoch().renew()


@dataclass(frozen=True, slots=True)
class Kept:
    """A page as it was sent, plain and, if that is shorter, compressed."""

    headers: Headers
    plain: bytes
    zipped: bytes | None
    etag: bytes
    until: float

    @property
    def size(self) -> int:
        """Bytes that it takes, about."""
        return len(self.plain) + len(self.zipped or b"") + sum(len(k) + len(v) for k, v in self.headers) + 500


class PageCache:
    """Keeps whole pages in front of an ASGI application."""

    def __init__(self, app: App, *, limit: int = 64_000_000, seconds: float = 30.0) -> None:
        """``limit``: bytes that all pages may take; ``seconds``: how long one is kept at most."""
        self._app, self._limit, self._seconds = app, limit, seconds
        self._pages: OrderedDict[object, Kept] = OrderedDict()
        self._size = 0
        self._epoch = b""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from memory, or let Django answer and keep what may be kept."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        asked = _asked(scope)
        if asked is None:
            await self._app(scope, receive, send)
            return
        key, zips, known = asked
        self._forget_what_changed()
        page = self._pages.get(key)
        if page is not None and page.until > time.monotonic():
            self._pages.move_to_end(key)
            await _send(page, zips=zips, known=known, send=send)
        elif shared(scope["path"]):
            scope = {**scope, STRANGER: True}
            await self._through(scope, receive, send, key, zips=zips, known=known)
        else:
            await self._app(scope, receive, send)

    def _forget_what_changed(self) -> None:
        now = epoch().now()
        if now != self._epoch:
            self._pages.clear()
            self._size, self._epoch = 0, now

    async def _through(
        self, scope: Scope, receive: Receive, send: Send, key: object, *, zips: bool, known: bytes
    ) -> None:
        """Let Django make the page; keep it if it may be kept, and send the first reader that one too."""
        before = self._epoch
        start: Message = {}
        body: list[bytes] = []

        async def hold(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                return
            body.append(message.get("body", b""))
            if message.get("more_body"):
                return
            whole = b"".join(body)
            if may_be_kept(start):
                page = _kept(start["headers"], whole, time.monotonic() + self._seconds)
                if before == epoch().now():
                    self._keep(key, page)
                await _send(page, zips=zips, known=known, send=send)
            else:
                await send(start)
                await send({"type": "http.response.body", "body": whole})

        await self._app(scope, receive, hold)

    def _keep(self, key: object, page: Kept) -> None:
        if page.size > _DEAREST:
            return
        old = self._pages.pop(key, None)
        self._size += page.size - (old.size if old else 0)
        self._pages[key] = page
        while self._size > self._limit:
            self._size -= self._pages.popitem(last=False)[1].size


def _asked(scope: Scope) -> tuple[object, bool, bytes] | None:
    """Key, whether gzip is welcome, and the tag that the reader holds; None if somebody is known."""
    parts: list[bytes] = [scope["path"].encode(), scope["query_string"]]
    zips, known = False, b""
    for name, value in scope["headers"]:
        if name == b"cookie":
            for cookie in value.split(b";"):
                word, _, content = _named(cookie.strip()).partition(b"=")
                if word and word not in _OWN_COOKIES:
                    return None
                parts += (word, content) if word in _CHOICES else ()
        elif name in {b"authorization", b"range"}:
            return None
        elif name == b"accept-encoding":
            zips = _welcomes_gzip(value)
        elif name == b"if-none-match":
            known = value
        elif name in _HELD or (name.startswith(b"hx-") and name != _ELSEWHERE):
            parts += name, value
    return (scope.get("scheme"), *parts), zips, known


def _named(cookie: bytes) -> bytes:
    """A cookie by the name that Django will see (``host_cookies``); one that it will not see is a stranger's."""
    bound = PREFIX.encode() if settings.SESSION_COOKIE_SECURE else b""
    return cookie.removeprefix(bound) if cookie.startswith(bound) else b"not ours"


@lru_cache(maxsize=256)
def _welcomes_gzip(value: bytes) -> bool:
    for offered in value.lower().split(b","):
        coding, _, weight = offered.strip().partition(b";")
        if coding.strip() == b"gzip":
            return weight.replace(b" ", b"") not in {b"q=0", b"q=0.0", b"q=0.00", b"q=0.000"}
    return False


@lru_cache(maxsize=1024)
def shared(path: str) -> bool:
    """Whether the page at an address is the same for all strangers."""
    try:
        return resolve(path).url_name in settings.SHARED_PAGES
    except Resolver404:
        return False


def may_be_kept(start: Message) -> bool:
    """Whether a response may be shown to other readers."""
    if start.get("status") != 200:
        return False
    for name, value in start["headers"]:
        match name.lower():
            case b"set-cookie" | b"content-encoding":
                return False
            case b"cache-control" if b"no-store" in value or b"private" in value:
                return False
            case b"vary" if not all(_known(v.strip().lower()) for v in value.split(b",")):
                return False
    return True


def _known(varies: bytes) -> bool:
    """Whether the key of a page holds what it varies by."""
    return varies in _VARY or (varies.startswith(b"hx-") and varies != _ELSEWHERE)


def _kept(headers: Headers, plain: bytes, until: float) -> Kept:
    own = {b"content-length", b"etag", b"vary", b"cache-control"}
    rest = [(n.lower(), v) for n, v in headers if n.lower() not in own]
    rest += [(b"vary", b"Accept-Encoding, Cookie, HX-Request"), (b"cache-control", b"no-cache")]
    etag = b'W/"' + hashlib.sha256(plain).hexdigest()[:32].encode() + b'"'
    rest.append((b"etag", etag))
    # mtime=0: the same page gives the same bytes.
    zipped = gzip.compress(plain, _LEVEL, mtime=0) if len(plain) >= _LEAST else None
    return Kept(rest, plain, zipped if zipped and len(zipped) < len(plain) else None, etag, until)


async def _send(page: Kept, *, zips: bool, known: bytes, send: Send) -> None:
    """Send a kept page, compressed where that is welcome, or only the word that it is unchanged."""
    if page.etag in known:
        await send({"type": "http.response.start", "status": 304, "headers": page.headers})
        await send({"type": "http.response.body", "body": b""})
        return
    body, headers = page.plain, page.headers
    if zips and page.zipped is not None:
        body, headers = page.zipped, [*headers, (b"content-encoding", b"gzip")]
    headers = [*headers, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
