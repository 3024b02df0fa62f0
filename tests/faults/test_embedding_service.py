"""A service that answers late, wrongly or never: a clear message, and never a wrong vector."""

from __future__ import annotations

import datetime
import email.utils
import socket
import threading
import time

import pytest
from tests.embedding import DIMENSION, bag, serving, vectors_of

from consilium.adapters.embedding.endpoint import Endpoint
from consilium.adapters.embedding.service import Service
from consilium.errors import ConfigurationError, EmbeddingError
from consilium.settings import from_environment

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]


def _ask(url, *, waits=None, texts=("croup",), **options):
    waits = [] if waits is None else waits
    return Endpoint(Service(url, "words", DIMENSION, **options), sleep=waits.append).encode_documents(texts)


def test_the_model_the_prefix_and_the_key_are_sent():
    seen = []

    def answer(body, headers):
        seen.append((body, headers["Authorization"]))
        return 200, {}, vectors_of(body)

    with serving(answer) as url:
        service = Service(url, "words", DIMENSION, "secret", "query: ", "passage: ")
        Endpoint(service).encode_queries(["croup"])
        Endpoint(service).encode_documents(["croup"])
    assert seen == [
        ({"model": "words", "input": ["query: croup"]}, "Bearer secret"),
        ({"model": "words", "input": ["passage: croup"]}, "Bearer secret"),
    ]


@pytest.mark.parametrize(
    "url,host", [("https://e.example/v1/embeddings", "e.example"), ("http://127.0.0.1:9/v1/embeddings", None)]
)
def test_a_service_elsewhere_is_named_as_where_texts_go(url, host):
    assert Endpoint(Service(url, "words", DIMENSION)).sent_to == host


def test_many_texts_go_in_several_requests_and_come_back_in_order():
    texts = [f"word{n}" for n in range(150)]
    with serving(lambda body, _: (200, {}, vectors_of(body))) as url:
        rows = _ask(url, texts=texts)
    assert all(row @ bag(text) > 0.999 for row, text in zip(rows, texts, strict=True))


def _busy_then_well(times, headers, status=429):
    left = [times]

    def answer(body, _):
        left[0] -= 1
        return (status, headers(), {}) if left[0] >= 0 else (200, {}, vectors_of(body))

    return answer


def test_a_busy_service_is_asked_again_after_as_long_as_it_says():
    waits = []
    with serving(_busy_then_well(1, lambda: {"Retry-After": "3"})) as url:
        assert len(_ask(url, waits=waits)) == 1
    assert waits == [3.0]


def test_a_date_to_retry_after_is_understood():
    def later():
        moment = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=5)
        return {"Retry-After": email.utils.format_datetime(moment, usegmt=True)}

    waits = []
    with serving(_busy_then_well(1, later)) as url:
        _ask(url, waits=waits)
    assert 3 < waits[0] <= 5


def test_a_retry_after_that_is_no_time_is_passed_over():
    waits = []
    with serving(_busy_then_well(1, lambda: {"Retry-After": "soon"})) as url:
        _ask(url, waits=waits)
    assert waits == [0.5]


def test_a_service_that_asks_for_more_patience_than_there_is_is_given_up_at_once():
    waits = []
    with (
        serving(_busy_then_well(9, lambda: {"Retry-After": "3600"})) as url,
        pytest.raises(EmbeddingError, match="429"),
    ):
        _ask(url, waits=waits)
    assert waits == []


def test_a_service_that_stays_busy_is_given_up():
    waits = []
    with serving(_busy_then_well(99, dict, 503)) as url, pytest.raises(EmbeddingError, match="503"):
        _ask(url, waits=waits)
    assert waits == [0.5, 1.0, 2.0, 4.0]


@pytest.mark.parametrize("status", [400, 401, 404])
def test_a_refusal_is_not_tried_again(status):
    waits = []
    with serving(lambda *_: (status, {}, {})) as url, pytest.raises(EmbeddingError, match=str(status)):
        _ask(url, waits=waits)
    assert waits == []


def test_a_redirect_is_not_followed_so_that_nobody_else_gets_the_key():
    seen = []
    with (
        serving(lambda body, headers: seen.append(headers) or (200, {}, vectors_of(body))) as other,
        serving(lambda *_: (302, {"Location": other}, {})) as url,
        pytest.raises(EmbeddingError, match="302"),
    ):
        _ask(url, key="secret")
    assert seen == []


@pytest.mark.parametrize(
    "content,word",
    [
        ({"data": [{"index": 0, "embedding": [0.1] * (DIMENSION - 1)}]}, "CONSILIUM_EMBEDDING_DIMENSION"),
        ({"data": []}, "CONSILIUM_EMBEDDING_DIMENSION"),
        ({"data": [{"index": n, "embedding": [0.1] * DIMENSION} for n in (0, 1)]}, "shape"),
        ({"data": [{"index": 0, "embedding": [float("nan")] * DIMENSION}]}, "no number"),
        ({"data": [{"index": 0, "embedding": [1e39] * DIMENSION}]}, "no number"),
        ({"data": [{"index": 0, "embedding": [0.0] * DIMENSION}]}, "empty"),
        ({"data": [{"index": 0, "embedding": ["x"] * DIMENSION}]}, "did not answer with vectors"),
        ({"data": [{"index": 0}]}, "did not answer with vectors"),
        ({"error": "no"}, "did not answer with vectors"),
        ([], "did not answer with vectors"),
        (b"<html>", "did not answer with vectors"),
        (b"\xff\xfe\x00", "did not answer with vectors"),
        (b"[" * 100_000, "did not answer with vectors"),
    ],
)
def test_what_is_no_vector_is_refused(content, word):
    with serving(lambda *_: (200, {}, content)) as url, pytest.raises(EmbeddingError, match=word):
        _ask(url)


def test_an_answer_that_is_too_long_is_refused(monkeypatch):
    from consilium.adapters.embedding import endpoint

    monkeypatch.setattr(endpoint, "_MOST_BYTES", 100)
    with serving(lambda *_: (200, {}, b"x" * 5000)) as url, pytest.raises(EmbeddingError, match="more than"):
        _ask(url)


def _listening(then):
    """A port that takes connections; ``then`` says what becomes of each."""
    listener = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()

    def serve():
        listener.settimeout(0.05)
        held = []
        while not done.is_set():
            try:
                held.append(listener.accept()[0])
                then(held[-1], done)
            except OSError:
                continue
        for connection in held:
            connection.close()

    thread = threading.Thread(target=serve)
    thread.start()

    def stop():
        done.set()
        thread.join()
        listener.close()

    return f"http://127.0.0.1:{listener.getsockname()[1]}/v1/embeddings", stop


def _drip(connection, done):
    connection.recv(65_536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while not done.is_set():
        connection.sendall(b" ")
        time.sleep(0.05)


@pytest.mark.parametrize("then", [lambda *_: None, _drip], ids=["never", "drop by drop"])
def test_a_service_that_never_ends_its_answer_is_given_up_in_time(then):
    url, stop = _listening(then)
    start = time.monotonic()
    try:
        with pytest.raises(EmbeddingError, match="No vectors from"):
            _ask(url, patience=0.4)
    finally:
        stop()
    assert time.monotonic() - start < 5


def test_a_service_that_hangs_up_is_told():
    url, stop = _listening(lambda connection, _: connection.close())
    try:
        with pytest.raises(EmbeddingError, match="No vectors from"):
            _ask(url)
    finally:
        stop()


def test_a_service_that_is_not_there_is_told():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(EmbeddingError, match="refused"):
        _ask(f"http://127.0.0.1:{port}/v1/embeddings")


GOOD = {
    "CONSILIUM_DATA_DIR": "/x", "CONSILIUM_EMBEDDING_URL": "https://e.example/v1/embeddings",
    "CONSILIUM_EMBEDDING_MODEL": "m", "CONSILIUM_EMBEDDING_DIMENSION": "64",
}  # fmt: skip


def test_a_service_is_read_from_the_settings():
    more = {"CONSILIUM_EMBEDDING_KEY": "k", "CONSILIUM_EMBEDDING_QUERY_PREFIX": "q: "}
    found = from_environment({**GOOD, **more}).embedding
    assert found == Service(GOOD["CONSILIUM_EMBEDDING_URL"], "m", 64, "k", "q: ")


@pytest.mark.parametrize(
    "name,value",
    [
        ("CONSILIUM_EMBEDDING_URL", "http://e.example/v1/embeddings"),
        ("CONSILIUM_EMBEDDING_URL", "file:///etc/passwd"),
        ("CONSILIUM_EMBEDDING_URL", "e.example"),
        ("CONSILIUM_EMBEDDING_URL", "https://[e.example"),
        ("CONSILIUM_EMBEDDING_URL", "https://é.example"),
        ("CONSILIUM_EMBEDDING_URL", "https:///v1/embeddings"),
        ("CONSILIUM_EMBEDDING_KEY", "one\r\ntwo: three"),
        ("CONSILIUM_EMBEDDING_KEY", "clé"),
        ("CONSILIUM_EMBEDDING_MODEL", ""),
        ("CONSILIUM_EMBEDDING_DIMENSION", ""),
        ("CONSILIUM_EMBEDDING_DIMENSION", "0"),
        ("CONSILIUM_EMBEDDING_DIMENSION", "many"),
        ("CONSILIUM_SCANNED_VECTORS", "-1"),
        ("CONSILIUM_SEARCH", "both"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(name, value):
    with pytest.raises(ConfigurationError, match=name):
        from_environment({**GOOD, name: value})
