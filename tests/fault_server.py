"""A language model's service on a real socket that does, for one request after another, what a script tells it to."""

from __future__ import annotations

import json
import socket
import struct
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NAME, KEY = "sim-1", "sk-canary-7f3a9c51"
IDS = ("croup#1", "croup#2")
SCHEMA = {
    "type": "object",
    "properties": {
        "claims": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"text": {"type": "string"}, "ids": {"type": "array", "items": {"enum": list(IDS)}}},
                "required": ["text", "ids"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["claims"],
    "additionalProperties": False,
}  # fmt: skip
GOOD = {
    "claims": [{"text": "Dexamethasone helps within six hours; 0,15 mg/kg — “one dose”.", "ids": ["croup#1"]}]
}
SAID = json.dumps(GOOD, ensure_ascii=False)


class OpenAI:
    """The protocol of /v1/chat/completions, streamed."""

    name, path, base = "openai", "/v1/chat/completions", "/v1"
    stop, length, refused = "stop", "length", "content_filter"

    @staticmethod
    def mode(body):
        if body.get("response_format", {}).get("type") == "json_schema":
            return "json_schema"
        return "tool" if body.get("tools") else "prompted"

    def events(self, pieces, mode, finish, refusal="", usage=True, name=NAME):
        for number, piece in enumerate(pieces):
            delta = {"content": piece}
            if mode == "tool":
                named = {"id": "call_1", "type": "function"} if number == 0 else {}
                function = {"arguments": piece} | ({"name": "reply"} if number == 0 else {})
                delta = {"tool_calls": [{"index": 0, **named, "function": function}]}
            yield self._event(name, [{"index": 0, "delta": delta, "finish_reason": None}])
        if refusal:
            yield self._event(name, [{"index": 0, "delta": {"refusal": refusal}, "finish_reason": None}])
        if finish:
            yield self._event(name, [{"index": 0, "delta": {}, "finish_reason": finish}])
            counted = {"usage": {"prompt_tokens": 90, "completion_tokens": 21, "total_tokens": 111}}
            yield self._event(name, [], **(counted if usage else {}))
            yield b"data: [DONE]\n\n"

    @staticmethod
    def _event(name, choices, **more):
        chunk = {
            "id": "c1",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": name,
            "choices": choices,
        }
        return b"data: " + json.dumps(chunk | more).encode() + b"\n\n"

    @staticmethod
    def error(code, message="no"):
        return {"error": {"message": message, "type": code, "code": code}}

    def broken(self):
        return b"data: " + json.dumps(self.error("server_error")).encode() + b"\n\n"

    @staticmethod
    def trickle():
        return b": keep-alive\n\n"


class Anthropic:
    """The protocol of /v1/messages, streamed."""

    name, path, base = "anthropic", "/v1/messages", ""
    stop, length, refused = "end_turn", "max_tokens", "refusal"

    @staticmethod
    def mode(body):
        if body.get("output_config", {}).get("format", {}).get("type") == "json_schema":
            return "json_schema"
        return "tool" if body.get("tools") else "prompted"

    def events(self, pieces, mode, finish, refusal="", usage=True, name=NAME):
        tokens = {"input_tokens": 90 if usage else 0, "output_tokens": 0}
        message = {"id": "m1", "type": "message", "role": "assistant", "model": name, "content": [],
                   "stop_reason": None, "stop_sequence": None, "usage": tokens}  # fmt: skip
        yield self._event("message_start", message=message)
        block = {"type": "text", "text": ""}
        if mode == "tool":
            block = {"type": "tool_use", "id": "toolu_1", "name": "reply", "input": {}}
        yield self._event("content_block_start", index=0, content_block=block)
        for piece in pieces:
            delta = {"type": "text_delta", "text": piece}
            if mode == "tool":
                delta = {"type": "input_json_delta", "partial_json": piece}
            yield self._event("content_block_delta", index=0, delta=delta)
        if finish:
            yield self._event("content_block_stop", index=0)
            yield self._event(
                "message_delta",
                delta={"stop_reason": self.refused if refusal else finish, "stop_sequence": None},
                usage={"output_tokens": 21 if usage else 0},
            )
            yield self._event("message_stop")

    @staticmethod
    def _event(kind, **more):
        return f"event: {kind}\ndata: {json.dumps({'type': kind} | more)}\n\n".encode()

    @staticmethod
    def error(code, message="no"):
        return {"type": "error", "error": {"type": code, "message": message}}

    def broken(self):
        return b"event: error\ndata: " + json.dumps(self.error("overloaded_error")).encode() + b"\n\n"

    @staticmethod
    def trickle():
        return b'event: ping\ndata: {"type": "ping"}\n\n'


PROTOCOLS = {wire.name: wire for wire in (OpenAI(), Anthropic())}


class Talk:
    """What a script does with one request: the ``turn``-th, whose ``body`` and ``headers`` these are."""

    def __init__(self, handler, wire, body, turn, over):
        self._handler, self._over = handler, over
        self.wire, self.body, self.turn, self.headers = wire, body, turn, handler.headers
        self.mode = wire.mode(body)

    def say(self, text=SAID, *, finish="stop", piece=7, mode=None, refusal="", every=0.0, usage=True):
        """Say a text in pieces and end it as a service does, or, without ``finish``, just end."""
        pieces = [text[start : start + piece] for start in range(0, len(text), piece)]
        ends = {"stop": self.wire.stop, "length": self.wire.length, "refused": self.wire.refused, None: None}
        if finish == "stop" and (mode or self.mode) == "tool" and self.wire.name == "openai":
            ends["stop"] = "tool_calls"
        self._begin()
        for event in self.wire.events(
            pieces, mode or self.mode, ends[finish], refusal, usage, self.body["model"]
        ):
            self._write(event)
            if every:
                self._over.wait(every)
        self._write(b"")

    def half(self):
        """Say half a reply and leave the connection as it is."""
        self._begin()
        for event in self.wire.events([SAID[: len(SAID) // 2]], self.mode, None):
            self._write(event)

    def fail_within(self):
        """Say half a reply, and then that something went wrong."""
        self.half()
        self._write(self.wire.broken())
        self._write(b"")

    def answer(self, status, code="server_error", headers=(), *, message="no"):
        """Answer with an error."""
        self.raw(status, json.dumps(self.wire.error(code, message)).encode(), "application/json", headers)

    def raw(self, status, content, kind, headers=()):
        """Answer with this, whatever it is."""
        self._handler.send_response(status)
        for name, value in (*headers, ("Content-Type", kind), ("Content-Length", str(len(content)))):
            self._handler.send_header(name, value)
        self._handler.end_headers()
        self._handler.wfile.write(content)

    def stall(self):
        """Say nothing more, for ever."""
        self._over.wait(30)

    def trickle(self):
        """Keep the connection alive, for ever."""
        self._begin()
        while not self._over.wait(0.05):
            self._write(self.wire.trickle())

    def cut(self):
        """Break the connection off, as a cable does."""
        self._handler.wfile.flush()
        self._handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._handler.connection.close()
        self._handler.close_connection = True

    def _begin(self):
        self._handler.send_response(200)
        self._handler.send_header("Content-Type", "text/event-stream")
        self._handler.send_header("Transfer-Encoding", "chunked")
        self._handler.end_headers()

    def _write(self, content):
        """One piece of a chunked body; an empty one is its proper end."""
        self._handler.wfile.write(f"{len(content):x}\r\n".encode() + content + b"\r\n")
        self._handler.wfile.flush()


class Faults(ThreadingHTTPServer):
    """The service; ``asked`` are the bodies of the requests that reached it, ``keys`` what they showed."""

    daemon_threads = True

    def __init__(self, wire, script):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.wire, self.script = wire, script
        self.asked, self.keys, self.over = [], [], threading.Event()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}{self.wire.base}"

    def handle_error(self, *_):
        """Nothing: a client that goes away in the middle is what is tested."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert self.path == self.server.wire.path, self.path
        self.server.asked.append(body)
        self.server.keys.append(self.headers.get("x-api-key") or self.headers.get("Authorization"))
        self.close_connection = True
        self.server.script(Talk(self, self.server.wire, body, len(self.server.asked), self.server.over))

    def log_message(self, *_):
        pass


@contextmanager
def service_of(protocol, script):
    """A service at 127.0.0.1 that speaks a protocol; ``script`` is called with a ``Talk`` for each request."""
    server = Faults(PROTOCOLS[protocol], script)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        thread.join()
        server.server_close()
