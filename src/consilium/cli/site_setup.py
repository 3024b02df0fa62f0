"""What a command needs before it can use the site: its packages, its folder, its database."""

from __future__ import annotations

import importlib.util
import os
import tempfile
from pathlib import Path

from consilium.errors import ConfigurationError
from consilium.settings import from_environment

_PACKAGES = (
    "django",
    "allauth",
    "fido2",
    "qrcode",
    "csp",
    "django_htmx",
    "ninja",
    "whitenoise",
    "uvicorn",
    "argon2",
    "dj_database_url",
)


def site_that_exists() -> None:
    """Make the site's code usable over a database that is there; none is made.

    Raises:
        ConfigurationError: there is none yet, it does not fit this version, or cannot be used.
    """
    database = from_environment().data_dir / "site.sqlite3"
    if not os.environ.get("DATABASE_URL") and not _exists(database):
        raise ConfigurationError(
            f"There is no database of a site at {database}; `consilium serve` makes it. "
            "If the site is elsewhere, set CONSILIUM_DATA_DIR or DATABASE_URL as it does."
        )
    set_up_django()
    database_is_current()


def _exists(file: Path) -> bool:
    try:
        return file.exists()
    except OSError:
        return True  # in a folder that may not be looked into, as is told where it is tried


def set_up_django() -> None:
    """Make the site's code usable.

    Raises:
        ConfigurationError: a package is missing, a setting is wrong, the data folder cannot be written.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consilium.site.settings")
    for name in _PACKAGES:
        if not _there(name):
            raise ConfigurationError(
                f"The site needs more packages ({name} is not there): pip install 'consilium[site]'"
            )
    import django  # noqa: PLC0415 - an extra
    from django.conf import settings  # noqa: PLC0415

    _writable(settings.ENVIRONMENT.data_dir)
    django.setup()


def _there(name: str) -> bool:
    # Not imported: some of them read Django's settings at once.
    try:
        return importlib.util.find_spec(name) is not None
    except ImportError:
        return False


def _writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as fault:
        raise ConfigurationError(
            f"The data folder {folder} cannot be written: {fault.strerror or fault}. "
            "Give its owner the right to write, or choose another with CONSILIUM_DATA_DIR."
        ) from fault


def database_is_current() -> None:
    """See that the database fits this version.

    Raises:
        ConfigurationError: it does not, or cannot be used.
    """
    from django.db import DatabaseError, connection  # noqa: PLC0415 - needs Django
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    try:
        executor = MigrationExecutor(connection)
        left = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as fault:
        raise ConfigurationError(f"The database cannot be used: {' '.join(str(fault).split())}") from fault
    if left:
        raise ConfigurationError(
            "The database is of an earlier version; `consilium serve` brings it up to date."
        )
