"""How many published articles a second the site serves: kept pages against the same page made anew.

    python benchmarks/page_load.py [SECONDS]

Starts a real site with the demonstration in a temporary folder and asks for one article over 8
connections. A kept page is asked for as a stranger does; the same page is made anew for a reader
with a session cookie, whom the page cache must let through to Django. Prints requests a second,
the 50th and 99th percentile of the waiting time, and the ratio, by which machines can be compared.
"""

from __future__ import annotations

import os
import re
import selectors
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

CONNECTIONS = 8
RUN = "import sys; from consilium.cli import main; sys.argv[1:] = {!r}; main()"


class Connection:
    """One connection that asks again as soon as it has its answer."""

    def __init__(self, port: int, request: bytes) -> None:
        """Connect and ask for the first time."""
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.request, self.got, self.whole = request, b"", 0
        self.ask()

    def ask(self) -> None:
        """Ask."""
        self.got, self.whole, self.start = b"", 0, time.perf_counter()
        self.socket.sendall(self.request)

    def read(self) -> float | None:
        """Read on; the seconds that it took once the answer is whole."""
        more = self.socket.recv(262_144)
        if not more:
            raise SystemExit("The server closed a connection.")
        self.got += more
        if not self.whole:
            head, found, _ = self.got.partition(b"\r\n\r\n")
            if not found:
                return None
            if not head.startswith(b"HTTP/1.1 200"):
                raise SystemExit(head.decode())
            self.whole = len(head) + 4 + int(re.search(rb"content-length: (\d+)", head)[1])
        return time.perf_counter() - self.start if len(self.got) >= self.whole else None


def load(port: int, path: str, seconds: float, headers: str = "") -> float:
    """Requests a second; prints them and the waiting times."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n{headers}\r\n".encode()
    waits: list[float] = []
    start = time.perf_counter()
    with selectors.DefaultSelector() as ready:
        for connection in [Connection(port, request) for _ in range(CONNECTIONS)]:
            ready.register(connection.socket, selectors.EVENT_READ, connection)
        while time.perf_counter() - start < seconds:
            for key, _ in ready.select(1):
                if (took := key.data.read()) is not None:
                    waits.append(took)
                    key.data.ask()
        rate = len(waits) / (time.perf_counter() - start)
        for key in list(ready.get_map().values()):
            key.data.socket.close()
    centiles = statistics.quantiles(waits, n=100)
    name = "made anew" if headers else "kept"
    print(
        f"{name:<10} {rate:8.0f} requests/s   p50 {1000 * centiles[49]:6.2f} ms   p99 {1000 * centiles[98]:6.2f} ms"
    )
    return rate


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def article(port: int) -> str:
    """The address of a published article, once the site is up."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/articles/") as answer:
                return re.search(r"/articles/[0-9a-f-]{36}/", answer.read().decode())[0]
        except OSError:
            time.sleep(0.3)
    raise SystemExit("The site did not come up.")


def main() -> None:
    """Run everything."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", RUN.format(["serve", "--demo", "--port", str(port)])]
        site = subprocess.Popen(command, env={**os.environ, "CONSILIUM_DATA_DIR": folder})
        try:
            path = article(port)
            urllib.request.urlopen(f"http://127.0.0.1:{port}{path}").close()
            kept = load(port, path, seconds)
            anew = load(port, path, seconds, "Cookie: sessionid=a-session-that-is-not-there\r\n")
            print(f"ratio      {kept / anew:8.1f}")
        finally:
            site.send_signal(signal.SIGINT)
            site.wait(20)


if __name__ == "__main__":
    main()
