"""The server: it answers as the services do, or badly on demand, and keeps what it was asked and when."""

from __future__ import annotations

import gzip
import json
import socket
import struct
import threading
import time
import zlib
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.outside import crossref, europepmc, eutilities

_SERVICES = (
    ("/entrez/eutils/", eutilities.answer),
    ("/rest/", europepmc.answer),
    ("/crossref/", crossref.answer),
)


class StandIn:
    """What was asked, and what is to go wrong next.

    Attributes:
        asked: (moment, path with query, headers) of every request.
        faults: what the next requests are answered by, in turn; each is given the handler. None: as it should be.
        always: a fault for every request, or None.
    """

    def __init__(self):
        self.asked, self.faults, self.always, self.url = [], [], None, ""
        self._lock = threading.Lock()

    def note(self, path, headers):
        """Keep a request; the fault that it meets, or None."""
        with self._lock:
            self.asked.append((time.monotonic(), path, dict(headers)))
            return self.faults.pop(0) if self.faults else self.always

    @property
    def ncbi(self):
        return f"{self.url}/entrez/eutils/"

    @property
    def europepmc(self):
        return f"{self.url}/rest/"

    @property
    def crossref(self):
        return f"{self.url}/crossref/"

    def most_in_a_second(self):
        """The most requests that came within any second."""
        moments = sorted(moment for moment, _, _ in self.asked)
        return max((sum(start <= m < start + 1 for m in moments) for start in moments), default=0)


@contextmanager
def serving(context=None):
    """A stand-in at 127.0.0.1; ``context`` seals it."""
    standin = StandIn()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            fault = standin.note(self.path, self.headers)
            if fault:
                fault(self)
                return
            parts = urlsplit(self.path)
            for prefix, answer in _SERVICES:
                if parts.path.startswith(prefix):
                    tool = unquote(parts.path[len(prefix) :])
                    self.answer(*answer(tool, dict(parse_qsl(parts.query)), self.headers))
                    return
            self.answer(404, {"Content-Type": "text/plain"}, b"no such thing")

        def answer(self, status, headers, body):
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_):
            """A client that goes away in the middle is no surprise here."""

    server = Server(("127.0.0.1", 0), Handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    standin.url = f"http{'s' if context else ''}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield standin
    finally:
        server.shutdown()
        server.server_close()


XML, HTML = {"Content-Type": "text/xml; charset=UTF-8"}, {"Content-Type": "text/html"}


def too_often(wait="1"):
    """429, with ``Retry-After``."""
    said = json.dumps(
        {"error": "API rate limit exceeded", "api-key": "127.0.0.1", "count": "4", "limit": "3"}
    )
    return lambda to: to.answer(429, {"Content-Type": "application/json", "Retry-After": wait}, said.encode())


def broken(to):
    to.answer(500, HTML, b"<html>Internal Server Error</html>")


def page(to):
    """An error page that says that all is well."""
    to.answer(200, HTML, b"<html><head><title>NCBI/eutils - WWW Error 500 Diagnostic</title></head></html>")


def empty(to):
    to.answer(200, XML, b"")


def cut(to):
    """The connection ends in the middle of the body."""
    to.send_response(200)
    to.send_header("Content-Type", "text/xml")
    to.send_header("Content-Length", "5000")
    to.end_headers()
    to.wfile.write(b'<?xml version="1.0"?><eSearchResult><Count>1')
    to.wfile.flush()
    to.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    to.close_connection = True


def hung_up(to):
    """No answer at all."""
    to.close_connection = True


def slow(seconds):
    def fault(to):
        time.sleep(seconds)
        to.answer(200, XML, b"<late/>")

    return fault


def wrong_encoding(to):
    """It says UTF-8 and is Latin-1."""
    to.answer(
        200, XML, '<?xml version="1.0" encoding="UTF-8"?><eSearchResult>é</eSearchResult>'.encode("latin-1")
    )


def unknown_key(to):
    said = {"error": "API key invalid", "api-key": "made-up-key", "type": "client", "status": "unknown"}
    to.answer(400, {"Content-Type": "application/json"}, json.dumps(said).encode())


def another_form(to):
    """A new DTD, in which everything has another name."""
    body = b'<?xml version="1.0"?><!DOCTYPE SearchReply PUBLIC "-//NLM//DTD reply 2031//EN" "x.dtd"><SearchReply/>'
    to.answer(200, XML, body)


def endless(to):
    """A body that never ends."""
    to.send_response(200)
    to.send_header("Content-Type", "text/xml")
    to.send_header("Transfer-Encoding", "chunked")
    to.end_headers()
    piece = b" " * 65_536
    while True:
        to.wfile.write(b"10000\r\n" + piece + b"\r\n")


def dripping(to):
    """A header a tenth of a second, for ever."""
    to.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(100_000):
        to.wfile.write(f"X-{number}: x\r\n".encode())
        to.wfile.flush()
        time.sleep(0.1)


def huge(to):
    """Ten gigabytes are promised."""
    to.send_response(200)
    to.send_header("Content-Type", "text/xml")
    to.send_header("Content-Length", str(10 << 30))
    to.end_headers()
    to.wfile.write(b" " * 1_000)


def bomb(to):
    """A quarter of a gigabyte of nothing, packed into a quarter of a megabyte."""
    packer, nothing = zlib.compressobj(9, wbits=31), b" " * (1 << 20)
    body = b"".join(packer.compress(nothing) for _ in range(256)) + packer.flush()
    to.answer(200, {**XML, "Content-Encoding": "gzip"}, body)


def packed(body, headers=None):
    return lambda to: to.answer(
        200, {**XML, "Content-Encoding": "gzip", **(headers or {})}, gzip.compress(body)
    )


def moved(to_address, status=302):
    return lambda to: to.answer(status, {"Location": to_address}, b"")
