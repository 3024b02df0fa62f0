"""The real site in processes of its own, on a data folder of its own, and Chromium to read it with."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 180.0
CONSILIUM = "import sys; from consilium.cli import main; main()"

Opened = Callable[..., Page]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip(f"no Chromium on this machine (looked for {', '.join(NAMES)})")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


def environment(folder: Path) -> dict[str, str]:
    own = {"CONSILIUM_DATA_DIR": str(folder), "CONSILIUM_ASKS_PER_HOUR": "1000"}
    path = os.pathsep.join(filter(None, sys.path))
    return {**os.environ, **own, "PYTHONPATH": path, "DJANGO_SETTINGS_MODULE": "consilium.site.settings"}


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@contextmanager
def running(folder: Path, port: int, *call: str) -> Iterator[str]:
    """The site's address, while a process of it runs."""
    site = f"http://127.0.0.1:{port}"
    log = folder / "log"
    with log.open("wb") as told:
        process = subprocess.Popen(
            [sys.executable, *call], env=environment(folder), stdout=told, stderr=subprocess.STDOUT
        )
    try:
        until = time.monotonic() + PATIENCE
        while not answers(site):
            assert process.poll() is None, log.read_text("utf-8")
            assert time.monotonic() < until, log.read_text("utf-8")
            time.sleep(0.1)
        yield site
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def answers(site: str) -> bool:
    try:
        with urllib.request.urlopen(f"{site}/readyz", timeout=5) as answer:  # noqa: S310 - the site of this run
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@pytest.fixture(scope="module")
def stocked(world, library_folder, tmp_path_factory) -> Callable[[str], Path]:
    """A data folder with the library in it."""
    return lambda name: shutil.copytree(library_folder, tmp_path_factory.mktemp(name), dirs_exist_ok=True)


@pytest.fixture(scope="module")
def site(stocked) -> Iterator[str]:
    """The whole site with its worker, and a few answers published."""
    port = free_port()
    call = ("-c", CONSILIUM, "serve", "--demo", "--port", str(port))
    with running(stocked("site"), port, *call) as address:
        yield address


@pytest.fixture(scope="module")
def idle_folder(stocked) -> Path:
    """Where the site without a worker keeps its data."""
    return stocked("idle")


@pytest.fixture
def broken_worker(idle_folder) -> Callable[[], None]:
    """A worker that takes what waits longest, begins it and fails in the midst of it."""
    code = """
import django; django.setup()
from consilium.site.articles import worker
def write(run, tell, cancelled):
    tell("plan", "croup"); raise RuntimeError
worker.write = write
worker.work_on(worker.claim("broken"))
"""

    def work() -> None:
        subprocess.run([sys.executable, "-c", code], env=environment(idle_folder), check=True)

    return work


@pytest.fixture(scope="module")
def idle(idle_folder) -> Iterator[str]:
    """The site without a worker: what is asked waits."""
    folder, port = idle_folder, free_port()
    for step in (("migrate",), ("collectstatic", "--no-input")):
        call = [sys.executable, "-m", "django", *step, "--verbosity", "0"]
        subprocess.run(call, env=environment(folder), check=True)
    with running(folder, port, "-m", "consilium.site.web", "127.0.0.1", str(port)) as address:
        # The first page opens the library, which no browser has the patience for on a busy machine.
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:  # noqa: S310 - the site of this run
            assert answer.status == 200
        yield address


@pytest.fixture
def heard() -> list[str]:
    """Requests to anywhere but the site, and every complaint of the browser."""
    return []


@pytest.fixture
def opened(chromium, heard) -> Iterator[Opened]:
    """Open an address in a window of its own, or in that of another page."""
    contexts: list[BrowserContext] = []

    def listen(page: Page, site: str) -> Page:
        page.on("request", lambda one: None if one.url.startswith(site) else heard.append(one.url))
        page.on("console", lambda message: heard.append(message.text))
        page.on("pageerror", lambda fault: heard.append(str(fault)))
        return page

    def open_page(address: str, *, like: Page | None = None, width: int = 1280, **more) -> Page:
        site = "/".join(address.split("/")[:3])
        if like is not None:
            more["storage_state"] = like.context.storage_state()
        context = chromium.new_context(viewport={"width": width, "height": 800}, **more)
        contexts.append(context)
        page = listen(context.new_page(), site)
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
