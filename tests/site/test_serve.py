"""``consilium serve``: real processes on a free port of this machine."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request

import psutil
import pytest

from consilium.cli.crew import Crew

# The site is spoken to through sockets of this machine; no other host may be.
pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1", "localhost"])]

COMMAND = "import sys; from consilium.cli import main; sys.argv = ['consilium', *sys.argv[1:]]; main()"


def _environment(folder, **more):
    return {**os.environ, "CONSILIUM_DATA_DIR": str(folder), "PYTHONPATH": os.pathsep.join(sys.path), **more}


def _consilium(folder, *arguments, **more):
    return subprocess.run(
        [sys.executable, "-c", COMMAND, *arguments],
        env=_environment(folder, **more),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


class Site:
    """A site of its own processes."""

    def __init__(self, folder, *arguments, **more):
        self.port = _free_port()
        self.log = folder / "log"
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-c", COMMAND, "serve", "--port", str(self.port), *arguments],
                env=_environment(folder, **more),
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def get(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return answer.read().decode()

    def until_up(self, seconds=90):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            assert self.process.poll() is None, self.log.read_text()
            with contextlib.suppress(OSError):
                return self.get("/healthz")
            time.sleep(0.2)
        raise AssertionError(self.log.read_text())

    def children(self):
        return psutil.Process(self.process.pid).children(recursive=True)


@pytest.fixture
def serve(tmp_path, world, library_folder):
    """Start a site in this test's folder; over a library that is built already, unless told otherwise."""
    sites = []

    def start(*arguments, built=True):
        if built:
            shutil.copytree(library_folder, tmp_path, dirs_exist_ok=True)
        sites.append(Site(tmp_path, *arguments))
        return sites[-1]

    yield start
    for site in sites:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(site.process.pid, signal.SIGKILL)
        site.process.wait()


def _until(true, seconds=20.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.1)
    return False


def test_a_newcomer_lands_on_a_living_site_and_ctrl_c_leaves_nothing(serve):
    site = serve("--demo", "--workers", "2", built=False)
    site.until_up()
    told = site.log.read_text()
    for line in ("Preparing the database", "Building the library (once)", "Answering", f":{site.port}/"):
        assert line in told
    path = re.search(r"/articles/[0-9a-f-]{36}/", site.get("/articles/"))[0]
    assert "References" in site.get(path)
    children = site.children()
    assert len(children) == 3
    # As a terminal does: everybody in the group hears of it.
    start = time.monotonic()
    os.killpg(site.process.pid, signal.SIGINT)
    assert site.process.wait(10) == 0
    assert time.monotonic() - start < 10
    assert [c for c in children if c.is_running()] == []
    assert "Traceback" not in site.log.read_text()


def test_a_worker_that_dies_is_started_again_and_sigterm_ends_all(serve):
    site = serve()
    site.until_up()
    worker = next(c for c in site.children() if "consilium.site.web" not in c.cmdline())
    worker.kill()
    assert _until(lambda: "started again" in site.log.read_text())
    assert _until(lambda: len([c for c in site.children() if c.status() != "zombie"]) == 2)
    children = site.children()
    site.process.send_signal(signal.SIGTERM)
    assert site.process.wait(10) == 0
    assert [c for c in children if c.is_running()] == []


def test_the_link_of_the_first_operator_is_printed_once_and_made_anew_by_a_command(serve, tmp_path):
    for printed in (1, 0):
        site = serve()
        site.until_up()
        link = f"http://127.0.0.1:{site.port}/board/operator/"
        assert site.log.read_text().count(link) == printed
        site.process.send_signal(signal.SIGTERM)
        site.process.wait(10)
    done = _consilium(tmp_path, "operator-link", CONSILIUM_HOSTS="answers.example.org", CONSILIUM_SECURE="1")
    assert re.fullmatch(r"https://answers\.example\.org/board/operator/[\w-]{43}/\n", done.stdout)
    with contextlib.closing(sqlite3.connect(tmp_path / "site.sqlite3")) as kept:
        ((digest,),) = kept.execute("SELECT digest FROM accounts_operatorlink").fetchall()
        assert digest not in done.stdout
        person = "INSERT INTO accounts_user (id, email, password, is_superuser, is_staff, is_active, first_name, last_name, date_joined, post)"
        kept.execute(f"{person} VALUES (1, 'ada@example.org', '!', 0, 0, 1, '', '', '2026-01-01', 'never')")
        kept.execute(
            "INSERT INTO accounts_membership (user_id, role, since) VALUES (1, 'operator', '2026-01-01')"
        )
        kept.commit()
    refused = _consilium(tmp_path, "operator-link")
    assert refused.returncode == 8
    assert "--anyway" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    assert "/board/operator/" in _consilium(tmp_path, "operator-link", "--anyway").stdout


def test_a_request_that_is_half_sent_does_not_keep_the_site_from_ending(serve):
    site = serve()
    site.until_up()
    with socket.create_connection(("127.0.0.1", site.port)) as open_connection:
        open_connection.sendall(b"POST /ask/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf")
        start = time.monotonic()
        site.process.send_signal(signal.SIGTERM)
        assert site.process.wait(10) == 0
        assert time.monotonic() - start < 10


def _ended(process) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return not process.is_running() or process.status() == "zombie"
    return True


def test_neither_workers_nor_web_outlive_a_site_that_was_killed(serve):
    site = serve()
    site.until_up()
    children = site.children()
    assert len(children) == 2
    site.process.kill()
    assert _until(lambda: all(map(_ended, children)))


STUBBORN = """
import signal, sys, time
from consilium.site.parentage import end_with
signal.signal(signal.SIGTERM, signal.SIG_IGN)
end_with(int(sys.argv[1]), 0.5)
print("ready", flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("dies", ["later", "before the child looks"])
def test_a_process_ends_by_force_with_a_parent_that_is_gone(tmp_path, dies):
    parent = os.getpid() if dies == "later" else 2**22 + 1  # no process of this machine has that number
    middle = (
        "import os, subprocess, sys\n"
        "given = sys.argv[2] if len(sys.argv) > 2 else str(os.getpid())\n"
        "child = subprocess.Popen([sys.executable, '-c', sys.argv[1], given], stdout=subprocess.PIPE)\n"
        "child.stdout.readline(); print(child.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    arguments = [STUBBORN] if dies == "later" else [STUBBORN, str(parent)]
    done = subprocess.run(
        [sys.executable, "-c", middle, *arguments],
        env=_environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    with contextlib.suppress(psutil.NoSuchProcess):
        child = psutil.Process(int(done.stdout))
        assert _until(lambda: _ended(child), 10)


def test_the_end_of_the_web_process_is_told_and_ends_the_rest(serve):
    site = serve()
    site.until_up()
    children = site.children()
    web = next(c for c in children if "consilium.site.web" in c.cmdline())
    web.kill()
    assert site.process.wait(10) == 4
    assert "The web process ended" in site.log.read_text()
    assert [c for c in children if c.is_running()] == []


def test_a_port_that_is_taken_is_told_before_anything_is_built(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = _consilium(tmp_path, "serve", "--port", port)
    assert done.returncode == 4
    assert f"port {port}" in done.stderr
    assert "--port" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_an_address_that_is_not_of_this_machine_is_told(tmp_path):
    done = _consilium(tmp_path, "serve", "--host", "203.0.113.1", "--port", str(_free_port()))
    assert done.returncode == 4
    assert "203.0.113.1" in done.stderr


@pytest.mark.parametrize("name", ["django", "allauth", "csp", "whitenoise", "uvicorn", "dj_database_url"])
@pytest.mark.parametrize("command", ["serve", "work"])
def test_a_missing_package_is_told_with_what_to_do(tmp_path, name, command):
    block = (
        "import sys\n"
        "class Gone:\n"
        "    def find_spec(self, wanted, *_):\n"
        f"        if wanted.split('.')[0] == {name!r}: raise ModuleNotFoundError(wanted)\n"
        "sys.meta_path.insert(0, Gone())\n"
    )
    arguments = [command, "--port", str(_free_port())] if command == "serve" else [command]
    done = subprocess.run(
        [sys.executable, "-c", block + COMMAND, *arguments],
        env=_environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 4
    assert done.stderr.splitlines() == [
        f"consilium: The site needs more packages ({name} is not there): pip install 'consilium[site]'"
    ]


@pytest.mark.parametrize("secret", [{}, {"CONSILIUM_SECRET_KEY": "k" * 60}], ids=["made", "given"])
def test_a_data_folder_that_cannot_be_written_is_told(tmp_path, secret):
    (tmp_path / "file").write_text("not a folder")
    done = _consilium(tmp_path / "file" / "data", "serve", "--port", str(_free_port()), **secret)
    assert done.returncode == 4
    assert "data folder" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_file_that_is_no_database_is_told(tmp_path):
    (tmp_path / "site.sqlite3").write_bytes(b"this is no database" * 400)
    done = _consilium(tmp_path, "serve", "--port", str(_free_port()))
    assert done.returncode == 4
    assert "The database cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_worker_does_not_start_on_an_old_database_and_serve_brings_it_up_to_date(tmp_path, serve):
    manage = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    environment = _environment(tmp_path, DJANGO_SETTINGS_MODULE="consilium.site.settings")
    subprocess.run([*manage, "accounts", "0001"], env=environment, check=True)
    subprocess.run([*manage, "articles", "0001"], env=environment, check=True)
    with sqlite3.connect(tmp_path / "site.sqlite3") as old:
        old.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
        kept = "INSERT INTO accounts_user (email, password, is_superuser, is_staff, is_active, first_name, last_name, date_joined)"
        old.execute(f"{kept} VALUES ('ada@example.org', '!', 0, 0, 1, '', '', '2026-01-01')")
    old.close()
    done = _consilium(tmp_path, "work")
    assert done.returncode == 4
    assert "consilium serve" in done.stderr
    serve().until_up()
    subprocess.run([*manage, "--check"], env=environment, check=True)
    with contextlib.closing(sqlite3.connect(tmp_path / "site.sqlite3")) as new:
        assert new.execute("SELECT email FROM accounts_user").fetchall() == [("ada@example.org",)]


def test_workers_that_die_at_once_are_started_again_more_and_more_seldom(monkeypatch):
    told, now = [], [1000.0]
    crew = Crew(told.append)
    dead = subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"])
    dead.wait()
    monkeypatch.setattr("consilium.cli.crew.time.monotonic", lambda: now[0])
    monkeypatch.setattr("consilium.cli.crew._python", lambda *_: dead)
    crew.start_workers(2)
    for _ in range(240):
        crew._revive()
        now[0] += 0.25
    # At 0, 1, 3, 7, 15, 31 and at most every 30 seconds after.
    assert len(told) == 6
    assert told[0] == "A worker ended (code 3); it is started again."
