"""How the site bears many readers of events and many askers, against a real ``consilium serve``.

    python benchmarks/site_load.py [--streams 200] [--askers 50] [--workers 4]

Prints how long asking takes (POST to redirect) and how long until the answers are there, with
``--askers`` people at once; then, with ``--streams`` open pages of which each watches its own
question while the workers answer them one after another and asking goes on, how long after an event is written its
reader hears it, and how many streams broke. The baseline is one request of ``/healthz`` alone, so
that machines can be compared by ratio.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime
import os
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SERVE = "from consilium.cli import main; main()"
QUESTIONS = (
    "Does dexamethasone help in croup?",
    "Suspected cauda equina syndrome: which MRI?",
    "Subclinical hypothyroidism, TSH 6, aged 50: levothyroxine?",
    "What are the upper motor neuron signs associated with back pain?",
)
Heard = dict[int, float]


class Site:
    """The address of the site, and ways to ask it without any package."""

    def __init__(self, port: int) -> None:
        """``port``: where it listens, on this machine."""
        self.port = port

    async def _send(
        self, method: str, path: str, body: str = "", **headers: str
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter, int, dict[str, str]]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        if body:
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        writer.write(("\r\n".join(lines) + "\r\n\r\n" + body).encode())
        await writer.drain()
        status = int((await reader.readline()).split()[1])
        given: dict[str, str] = {}
        while line := (await reader.readline()).decode().strip():
            name, _, value = line.partition(": ")
            given[name.lower()] = value
        return reader, writer, status, given

    async def get(self, path: str) -> float:
        """Seconds that one GET takes."""
        begun = time.perf_counter()
        reader, writer, _, _ = await self._send("GET", path)
        await reader.read()
        writer.close()
        return time.perf_counter() - begun

    async def ask(self, question: str) -> tuple[int, float, str, str]:
        """Status, seconds, the address of the run and the cookie of a new asker."""
        begun = time.perf_counter()
        origin = {"Origin": f"http://127.0.0.1:{self.port}", "Sec_Fetch_Site": "same-origin"}
        body = f"question={question.replace(' ', '+')}&anew=1"
        _, writer, status, given = await self._send("POST", "/ask/", body, **origin)
        writer.close()
        cookie = given.get("set-cookie", "").split(";")[0]
        return status, time.perf_counter() - begun, given.get("location", ""), cookie

    async def listen(self, run: str, cookie: str, heard: Heard) -> str:
        """Listen to a run to its end; "" or what went wrong."""
        try:
            reader, writer, status, _ = await self._send("GET", f"{run}events", Cookie=cookie)
            if status != 200:
                return f"status {status}"
            number = 0
            while line := (await reader.readline()).decode().strip("\r\n") or not reader.at_eof():
                name, _, value = line.partition(": ") if isinstance(line, str) else ("", "", "")
                if name == "id":
                    number = int(value)
                    heard[number] = time.time()
                elif name == "event" and value in {"done", "failed", "cancelled"}:
                    writer.close()
                    return "" if value == "done" else value
        except (OSError, IndexError) as fault:
            return type(fault).__name__
        return "ended early"


def spread(name: str, values: list[float]) -> float:
    """Print the middle and the upper end of some seconds; return the 99th percentile."""
    marks = statistics.quantiles(values, n=100)
    print(
        f"{name}: p50 {1000 * marks[49]:.0f} ms, p95 {1000 * marks[94]:.0f} ms, p99 {1000 * marks[98]:.0f} ms"
    )
    return marks[98]


def rows(folder: Path, query: str) -> list[tuple[str, ...]]:
    """What the database of the site says."""
    line = sqlite3.connect(folder / "site.sqlite3", timeout=30)
    try:
        return line.execute(query).fetchall()
    finally:
        line.close()


def moment(text: str) -> float:
    """A time of the database in seconds of the clock."""
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC).timestamp()


async def ask_at_once(site: Site, folder: Path, count: int, base: float) -> None:
    """``count`` people ask in the same moment."""
    asked = await asyncio.gather(*(site.ask(QUESTIONS[n % len(QUESTIONS)]) for n in range(count)))
    print(f"asked at once: {count}, refused or failed: {sum(status != 302 for status, *_ in asked)}")
    slow = spread("  POST to redirect", [seconds for _, seconds, *_ in asked])
    print(f"  p99 is {slow / base:.0f} x one /healthz")
    while rows(folder, "SELECT 1 FROM articles_run WHERE finished IS NULL"):  # noqa: ASYNC110 - another process
        await asyncio.sleep(0.2)
    done = rows(folder, "SELECT created, finished, state FROM articles_run")
    print(f"  answered: {sum(state == 'done' for *_, state in done)} of {len(done)}")
    spread("  until the answer is there", [moment(end) - moment(begin) for begin, end, _ in done])


async def watch(site: Site, folder: Path, count: int, workers: list[int]) -> None:
    """``count`` open pages, all of them before the first answer, while asking goes on."""
    heard: Heard = {}
    for worker in workers:
        os.kill(worker, signal.SIGSTOP)
    asked = [await site.ask(QUESTIONS[n % len(QUESTIONS)]) for n in range(count)]
    pages = [asyncio.create_task(site.listen(run, cookie, heard)) for _, _, run, cookie in asked]
    while len(heard) < count and not any(page.done() for page in pages):  # noqa: ASYNC110 - filled from outside
        await asyncio.sleep(0.05)
    opened, cpu = time.time(), os.getloadavg()[0]
    for worker in workers:
        os.kill(worker, signal.SIGCONT)
    more = asyncio.create_task(keep_asking(site))
    faults = await asyncio.gather(*pages)
    more.cancel()
    print(f"streams open at once: {count}; load of the machine {cpu:.1f} on {os.cpu_count()} cores")
    print(f"  errors: {sum(bool(f) for f in faults)} {sorted(set(filter(None, faults)))}")
    written = {int(pk): moment(t) for pk, t in rows(folder, "SELECT id, created FROM articles_runevent")}
    delays = [at - written[pk] for pk, at in heard.items() if written[pk] > opened]
    print(f"  events heard as they happened: {len(delays)} in {time.time() - opened:.0f} s")
    spread("  from written to heard", delays)


async def keep_asking(site: Site) -> None:
    """Two questions a second, until this is cancelled."""
    while True:
        await site.ask(QUESTIONS[0])
        await asyncio.sleep(0.5)


def workers_of(serve: int) -> list[int]:
    """The processes of ``serve`` that answer questions."""
    children = Path(f"/proc/{serve}/task/{serve}/children").read_text("utf-8").split()
    return [int(c) for c in children if b"'work'" in Path(f"/proc/{c}/cmdline").read_bytes()]


async def measure(port: int, folder: Path, asked: argparse.Namespace, serve: int) -> None:
    """Wait for the site and run everything."""
    site = Site(port)
    for _ in range(600):
        try:
            await site.get("/healthz")
            break
        except OSError:
            await asyncio.sleep(0.2)
    base = statistics.median([await site.get("/healthz") for _ in range(50)])
    print(f"baseline: one /healthz {1000 * base:.1f} ms")
    await ask_at_once(site, folder, asked.askers, base)
    await watch(site, folder, asked.streams, workers_of(serve))


def main() -> None:
    """Start a site in a temporary folder, measure, end it."""
    wishes = argparse.ArgumentParser()
    for name, usual in (("streams", 200), ("askers", 50), ("workers", 4)):
        wishes.add_argument(f"--{name}", type=int, default=usual)
    asked = wishes.parse_args()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "CONSILIUM_DATA_DIR": folder, "CONSILIUM_ASKS_PER_HOUR": "100000"}
        environment.pop("DATABASE_URL", None)
        log = Path(folder) / "serve.log"
        command = [sys.executable, "-c", SERVE, "serve", "--port", str(port), "--workers", str(asked.workers)]
        with (
            log.open("wb") as out,
            subprocess.Popen(command, env=environment, stdout=out, stderr=out) as serve,
        ):
            try:
                asyncio.run(measure(port, Path(folder), asked, serve.pid))
            finally:
                serve.send_signal(signal.SIGTERM)
        said = log.read_text("utf-8", "replace")
        print(f"'database is locked': {said.count('locked')}, tracebacks: {said.count('Traceback')}")


if __name__ == "__main__":
    main()
