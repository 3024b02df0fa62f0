"""Vectors from a service that speaks OpenAI's ``/v1/embeddings``, whoever runs it."""

from __future__ import annotations

import datetime
import email.message
import email.utils
import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from consilium.adapters.embedding.service import HERE, Service
from consilium.errors import EmbeddingError
from consilium.ports import Fingerprint

_AT_ONCE = 64  # texts a request
_TRIES = 4
_BUSY = (429, 500, 502, 503, 504)
_MOST_BYTES = 64_000_000
_PIECE = 65_536


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: the key must reach nobody but the service."""

    def redirect_request(self, *_: Any) -> None:
        return None


class Endpoint:
    """An embedding service; satisfies ``ports.Embedder``."""

    def __init__(self, service: Service, *, sleep: Callable[[float], None] = time.sleep) -> None:
        """``sleep`` waits before another try."""
        self._service, self._sleep = service, sleep
        self._open = urllib.request.build_opener(_Stay).open

    @property
    def fingerprint(self) -> Fingerprint:
        """The name of the model stands for its digest, which a service does not tell."""
        s = self._service
        return Fingerprint(s.model, "", "service", s.query_prefix, s.document_prefix, s.dimension, 0)

    @property
    def sent_to(self) -> str | None:
        """The host of the service, unless that is this machine."""
        host = urlsplit(self._service.url).hostname
        return None if host in HERE else host

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row a question, each asked for by itself."""
        rows = [self._rows([self._service.query_prefix + text]) for text in texts]
        return np.vstack(rows) if rows else self._nothing()

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row a text, some at a time."""
        prefixed = [self._service.document_prefix + text for text in texts]
        rows = [self._rows(prefixed[start : start + _AT_ONCE]) for start in range(0, len(prefixed), _AT_ONCE)]
        return np.vstack(rows) if rows else self._nothing()

    def _nothing(self) -> NDArray[np.float32]:
        return np.empty((0, self._service.dimension), np.float32)

    def _rows(self, texts: Sequence[str]) -> NDArray[np.float32]:
        answer = self._answer(json.dumps({"model": self._service.model, "input": list(texts)}).encode())
        try:
            data = sorted(json.loads(answer)["data"], key=lambda item: item["index"])
            with np.errstate(over="ignore"):
                rows = np.array([item["embedding"] for item in data], np.float32)
        except (ValueError, KeyError, TypeError, RecursionError) as fault:
            raise EmbeddingError(f"{self._service.url} did not answer with vectors ({fault!r}).") from fault
        if rows.shape != (len(texts), self._service.dimension):
            raise EmbeddingError(
                f"{self._service.url} answered {len(texts)} texts with numbers of the shape {rows.shape}; "
                f"CONSILIUM_EMBEDDING_DIMENSION is {self._service.dimension}."
            )
        with np.errstate(over="ignore", invalid="ignore"):
            lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        if not np.isfinite(lengths).all() or not lengths.all():
            raise EmbeddingError(f"{self._service.url} answered with a vector that is no number, or empty.")
        return np.asarray(rows / lengths, np.float32)

    def _answer(self, body: bytes) -> bytes:
        """The body of the answer, after as many tries as patience allows."""
        deadline = time.monotonic() + self._service.patience
        why = "it did not answer in time"
        for pause in self._pauses():
            try:
                return self._once(body, deadline)
            except urllib.error.HTTPError as fault:
                with fault:
                    why = f"it answered {fault.code}"
                    wait = _asked_to_wait(fault.headers)
                if fault.code not in _BUSY:
                    break
            except (OSError, http.client.HTTPException) as fault:
                why, wait = str(getattr(fault, "reason", fault)) or type(fault).__name__, None
            wait = pause if wait is None else wait
            if time.monotonic() + wait > deadline:
                break
            self._sleep(wait)
        raise EmbeddingError(f"No vectors from {self._service.url}: {why}.")

    @staticmethod
    def _pauses() -> Iterator[float]:
        yield from (0.5 * 2**attempt for attempt in range(_TRIES))

    def _once(self, body: bytes, deadline: float) -> bytes:
        headers = {"Content-Type": "application/json", "User-Agent": "consilium"}
        if self._service.key:
            headers["Authorization"] = f"Bearer {self._service.key}"
        request = urllib.request.Request(self._service.url, body, headers)  # noqa: S310 - settings allow http(s)
        with self._open(request, timeout=max(0.1, deadline - time.monotonic())) as answer:
            return _whole(answer, deadline)


def _whole(answer: IO[bytes], deadline: float) -> bytes:
    """All of an answer, unless it is too long or drips in too slowly."""
    read: Callable[[int], bytes] = getattr(answer, "read1", answer.read)
    got = bytearray()
    while piece := read(_PIECE):
        got += piece
        if time.monotonic() > deadline:
            raise TimeoutError("it did not answer in time")
        if len(got) > _MOST_BYTES:
            raise EmbeddingError(f"The embedding service answered with more than {_MOST_BYTES:,} bytes.")
    return bytes(got)


def _asked_to_wait(headers: email.message.Message) -> float | None:
    """The seconds of ``Retry-After``, in either of its forms (RFC 9110, 10.2.3)."""
    stated = headers.get("Retry-After", "").strip()
    if stated.isdigit():
        return float(stated)
    try:
        moment = email.utils.parsedate_to_datetime(stated)
    except ValueError:
        return None
    now = datetime.datetime.now(moment.tzinfo)
    return max(0.0, (moment - now).total_seconds())
