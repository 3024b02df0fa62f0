"""A database in a file of its own, in the place of the one that the other tests use."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

Opened = Callable[[Path], AbstractContextManager[None]]


@pytest.fixture(scope="session")
def opened(django_db_blocker) -> Opened:
    """Let the site use another SQLite file for a while."""
    if settings.ENVIRONMENT.database_url:
        pytest.skip("these files are of SQLite")

    @contextlib.contextmanager
    def use(path: Path) -> Iterator[None]:
        with django_db_blocker.unblock():
            before = connection.settings_dict["NAME"]
            connection.close()
            connection.settings_dict["NAME"] = str(path)
            try:
                yield
            finally:
                connection.close()
                connection.settings_dict["NAME"] = before

    return use


def load(dump: Path, path: Path) -> None:
    """Make the database that a dump tells of."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.executescript(dump.read_text("utf-8"))
