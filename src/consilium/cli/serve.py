"""``consilium serve`` and ``consilium work``: the site, with one command."""

from __future__ import annotations

import importlib.util
import os
import signal
import socket
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from consilium.cli.common_options import say
from consilium.cli.crew import Crew, ended_by_signals
from consilium.errors import ConfigurationError

_HOST, _PORT = "127.0.0.1", 8000
_PACKAGES = (
    "django",
    "allauth",
    "csp",
    "django_htmx",
    "ninja",
    "whitenoise",
    "uvicorn",
    "argon2",
    "dj_database_url",
)
_DEMO = (
    "What are the upper motor neuron (UMN) signs associated with back pain?",
    "Suspected cauda equina syndrome: which MRI?",
    "Does dexamethasone help in croup?",
    "Subclinical hypothyroidism, TSH 6, aged 50: levothyroxine?",
)


def serve(
    host: Annotated[str, typer.Option(help="The address to listen at.")] = _HOST,
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen at.")] = _PORT,
    workers: Annotated[int, typer.Option(min=1, help="How many processes answer questions.")] = 1,
    demo: Annotated[bool, typer.Option("--demo", help="Ask and publish a few questions first.")] = False,
) -> None:
    """Run the site: web and worker, one address.

    Examples:

        consilium serve --demo

        DATABASE_URL=postgresql://consilium@localhost/consilium consilium serve --port 8080
    """  # noqa: D412 - a blank line makes it a list of commands in --help
    _free(host, port)
    _django()
    _prepare()
    crew = Crew(say)
    with ended_by_signals():
        try:
            crew.start_workers(workers)
            if demo:
                _ask_for_show()
            crew.start_web(host, port)
            say(f"Consilium is at http://{f'[{host}]' if ':' in host else host}:{port}/ (Ctrl-C ends it)")
            crew.keep()
        except KeyboardInterrupt:
            say("Ending …")
        finally:
            crew.end()


def work() -> None:
    """Answer the questions that are waiting, until it is ended."""
    _django()
    _database_is_current()
    from consilium.site.articles.worker import work as work_on  # noqa: PLC0415 - needs Django

    ended: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: ended.append(number))
    work_on(lambda: bool(ended))


def _free(host: str, port: int) -> None:
    """Find out before anything is built that the address cannot be had."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except OSError as fault:
        raise ConfigurationError(
            f"Nothing can listen at {host}, port {port}: {fault.strerror or fault}. "
            f"If another program uses the port, choose another: consilium serve --port {port % 65535 + 1}"
        ) from fault


def _django() -> None:
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


def _prepare() -> None:
    """Bring the database, the files and the library up to this version."""
    from django.core.management import call_command  # noqa: PLC0415 - needs Django
    from django.db import DatabaseError  # noqa: PLC0415

    from consilium import wiring  # noqa: PLC0415 - opens the library

    say("Preparing the database …")
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except DatabaseError as fault:
        raise ConfigurationError(f"The database cannot be used: {' '.join(str(fault).split())}") from fault
    call_command("collectstatic", interactive=False, verbosity=0)
    wiring.world(report=say)


def _database_is_current() -> None:
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


def _ask_for_show() -> None:
    """Ask the questions of the demonstration and publish their answers, once."""
    from consilium.site.articles.demo import publish_demo  # noqa: PLC0415 - needs Django

    say("Answering the questions of the demonstration …")
    publish_demo(_DEMO)
