"""The whole site while its database is stopped, or its disk is full to the last byte; and afterwards."""

from __future__ import annotations

import contextlib
import http.cookiejar
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import urllib.error
import urllib.parse
import urllib.request

import pytest
from tests.site.postgres import Server
from tests.site.test_serve import Site, _until

from consilium.site.unavailable import FULL, GONE

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.allow_hosts(["127.0.0.1", "localhost"]),
    pytest.mark.skipif("DATABASE_URL" in os.environ, reason="This brings databases of its own."),
]
CROUP = "Does dexamethasone help in croup?"
GOUT = "Gout: colchicine or an NSAID first?"


class Browser:
    """Somebody at the site, with a session."""

    def __init__(self, site: Site) -> None:
        self._port, self.home = site.port, f"http://127.0.0.1:{site.port}"
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(jar)

    def get(self, path: str, data: bytes | None = None):
        """Status, headers, text, and the address at which it ended."""
        request = urllib.request.Request(f"http://127.0.0.1:{self._port}{path}", data, {"Origin": self.home})
        try:
            answer = self._opener.open(request, timeout=30)
        except urllib.error.HTTPError as refused:
            answer = refused
        with answer:
            return answer.status, answer.headers, answer.read().decode(), answer.url.removeprefix(self.home)

    def ask(self, question: str):
        return self.get("/ask/", urllib.parse.urlencode({"question": question}).encode())

    def until_answered(self, run: str) -> str:
        """The address of the article that a run leads to."""
        assert re.fullmatch(r"/(runs|articles)/[0-9a-f-]{36}/", run)
        assert _until(lambda: self.get(run)[3].startswith("/articles/"), 60), self.get(run)
        return self.get(run)[3]


@contextlib.contextmanager
def _running(folder, library_folder, **more):
    shutil.copytree(library_folder, folder, dirs_exist_ok=True)
    site = Site(folder, **more)
    try:
        site.until_up()
        yield site
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(site.process.pid, signal.SIGKILL)
        site.process.wait()


def test_while_postgresql_is_stopped_readers_are_told_and_afterwards_all_is_there(
    tmp_path, world, library_folder
):
    server = Server()
    try:
        with _running(tmp_path, library_folder, DATABASE_URL=server.url) as site:
            reader = Browser(site)
            article = reader.until_answered(reader.ask(CROUP)[3])
            server.stop()
            for path in ("/me/", article, "/articles/", "/nowhere/"):
                status, headers, body, _ = reader.get(path)
                assert (status, headers["Retry-After"]) == (503, "10"), path
                assert GONE in body
            status, _, body, _ = reader.ask(GOUT)
            assert (status, GONE in body) == (503, True)
            status, headers, body, _ = reader.get("/api/v1/articles")
            assert (status, headers["Content-Type"]) == (503, "application/problem+json")
            assert json.loads(body)["detail"] == GONE
            assert reader.get("/healthz")[0] == 200
            assert reader.get("/readyz")[0] == 503
            server.start()
            assert reader.get("/readyz")[0] == 200
            status, _, body, _ = reader.get(article)
            assert (status, CROUP in body) == (200, True)
            reader.until_answered(reader.ask(GOUT)[3])
            own = reader.get("/me/")[2]
            assert CROUP in own
            assert GOUT in own
            log = site.log.read_text()
        assert "the database does not answer" in log
        assert "Traceback" not in log
        assert "croup" not in log
    finally:
        server.remove()


@pytest.fixture
def small_disk(tmp_path):
    """A file system of its own, in memory."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("Only root may mount a small disk to fill; tests/site/test_unavailable.py stands in.")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def _fill(folder):
    with (folder / "filler").open("wb", buffering=0) as out, contextlib.suppress(OSError):
        for size in (1 << 20, 1 << 12, 1):
            with contextlib.suppress(OSError):
                while True:
                    out.write(b"x" * size)
    assert os.statvfs(folder).f_bavail == 0


def _ended(reader: Browser, run: str) -> bool:
    """Whether a run has its answer, or says that it has to be asked again."""
    _, _, body, at = reader.get(run)
    return at.startswith("/articles/") or "Ask it again" in body


def test_on_a_full_disk_reading_goes_on_asking_says_so_and_nothing_is_lost(small_disk, world, library_folder):
    with _running(small_disk, library_folder, CONSILIUM_ASKS_PER_HOUR="100000") as site:
        reader = Browser(site)
        article = reader.until_answered(reader.ask(CROUP)[3])
        _fill(small_disk)
        accepted = []
        # What was reserved for the database before is still used up first.
        for number in range(400):
            status, headers, body, at = reader.ask(f"{GOUT} {'Aged 50, TSH 6. ' * 100} Question {number}?")
            if status == 503:
                break
            accepted.append(at)
        assert (status, FULL in body, headers["Retry-After"]) == (503, True, "10")
        for path in (article, "/", "/articles/", "/me/", "/readyz"):
            assert reader.get(path)[0] == 200, (path, site.log.read_text()[-2000:])
        assert Browser(site).get("/about/")[0] == 200
        (small_disk / "filler").unlink()
        reader.until_answered(reader.ask(GOUT)[3])
        assert [run for run in accepted if not _until(lambda at=run: _ended(reader, at), 60)] == []
        assert CROUP in reader.get(article)[2]
        log = site.log.read_text()
    assert "Traceback" not in log
    with contextlib.closing(sqlite3.connect(small_disk / "site.sqlite3")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
