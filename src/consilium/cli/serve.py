"""``consilium serve`` and ``consilium work``: the site, with one command."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import Annotated

import typer

from consilium.errors import ConfigurationError

_HOST, _PORT = "127.0.0.1", 8000
_DEMO = (
    "What are the upper motor neuron (UMN) signs associated with back pain?",
    "Suspected cauda equina syndrome: which MRI?",
    "Does dexamethasone help in croup?",
    "Subclinical hypothyroidism, TSH 6, aged 50: levothyroxine?",
)


def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consilium.site.settings")
    try:
        import django  # noqa: PLC0415 - an extra
    except ImportError as fault:
        raise ConfigurationError("The site needs more packages: pip install 'consilium[site]'.") from fault
    django.setup()


def serve(
    host: Annotated[str, typer.Option(help="The address to listen at.")] = _HOST,
    port: Annotated[int, typer.Option(help="The port to listen at.")] = _PORT,
    workers: Annotated[int, typer.Option(help="How many processes answer questions.")] = 1,
    demo: Annotated[bool, typer.Option("--demo", help="Ask and publish a few questions first.")] = False,
) -> None:
    """Run the site: web and worker, one address.

    Examples:

        consilium serve --demo

        DATABASE_URL=postgresql://consilium@localhost/consilium consilium serve --port 8080
    """
    _django()
    _prepare()
    helpers = [_spawn("work") for _ in range(workers)]
    try:
        if demo:
            _ask_for_show()
        typer.echo(f"Consilium is at http://{host}:{port}/ (Ctrl-C ends it)")
        web = [sys.executable, "-m", "uvicorn", "consilium.site.asgi:application"]
        web += ["--host", host, "--port", str(port), "--log-level", "warning", "--no-server-header"]
        _keep(subprocess.Popen(web), helpers)  # noqa: S603 - our own interpreter
    finally:
        for process in helpers:
            process.send_signal(signal.SIGTERM)
        for process in helpers:
            process.wait(10)


def work() -> None:
    """Answer the questions that are waiting, until it is ended."""
    _django()
    from consilium.site.articles.worker import work as work_on  # noqa: PLC0415 - needs Django

    ended: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: ended.append(number))
    signal.signal(signal.SIGINT, lambda number, _: ended.append(number))
    work_on(lambda: bool(ended))


def _prepare() -> None:
    """Bring the database, the files and the library up to this version."""
    from django.core.management import call_command  # noqa: PLC0415 - needs Django

    from consilium.site.articles.writing import world  # noqa: PLC0415 - needs Django

    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    world()


def _spawn(command: str) -> subprocess.Popen[bytes]:
    call = f"import sys; from consilium.cli import main; sys.argv[1:] = ['{command}']; main()"
    return subprocess.Popen([sys.executable, "-c", call])  # noqa: S603 - our own interpreter


def _keep(web: subprocess.Popen[bytes], helpers: list[subprocess.Popen[bytes]]) -> None:
    """Wait for the web process; start a worker again that has died."""
    try:
        while web.poll() is None:
            for place, process in enumerate(helpers):
                if process.poll() is not None:
                    helpers[place] = _spawn("work")
            time.sleep(0.5)
    except KeyboardInterrupt:
        pass
    finally:
        web.send_signal(signal.SIGTERM)
        web.wait(10)


def _ask_for_show() -> None:
    """Ask the questions of the demonstration and publish their answers, once."""
    from consilium.site.articles.demo import publish_demo  # noqa: PLC0415 - needs Django

    publish_demo(_DEMO)
