"""Ask an ASGI application directly, as a server would."""

from __future__ import annotations

from dataclasses import dataclass

from asgiref.sync import async_to_sync


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def ask(app, path, query="", *, method="GET", host="localhost", body=b"", scheme="http", **headers) -> Answer:
    """Headers are named like Python names: ``accept_encoding="gzip"``."""
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": scheme,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", host.encode())]
        + [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 50000),
        "server": ("localhost", 80),
    }
    start, parts = {}, []

    async def run():
        import asyncio

        waiting = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive():
            if not waiting:
                await asyncio.sleep(3600)
            return waiting.pop()

        async def send(message):
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                parts.append(message.get("body", b""))

        await app(scope, receive, send)

    async_to_sync(run)()
    held = {name.decode().lower(): value.decode() for name, value in start["headers"]}
    return Answer(start["status"], held, b"".join(parts))
