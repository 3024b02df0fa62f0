"""``consilium serve`` and ``consilium work``: the site, with one command."""

from __future__ import annotations

import os
import signal
import socket
from typing import Annotated

import typer

from consilium.cli.common_options import say
from consilium.cli.crew import Crew, ended_by_signals
from consilium.cli.site_setup import database_is_current, set_up_django
from consilium.errors import ConfigurationError, EditorialError

_HOST, _PORT = "127.0.0.1", 8000
_DEMO = (
    "What are the upper motor neuron (UMN) signs associated with back pain?",
    "Subclinical hypothyroidism, TSH 6, aged 50: levothyroxine?",
    "Does dexamethasone help in croup?",
    "Suspected cauda equina syndrome: which MRI?",
    "Community-acquired pneumonia: how long to treat?",
    "Acute low back pain: is an X-ray needed?",
)
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def serve(
    host: Annotated[str, typer.Option(help="The address to listen at.")] = _HOST,
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen at.")] = _PORT,
    workers: Annotated[int, typer.Option(min=1, help="How many processes answer questions.")] = 1,
    demo: Annotated[
        bool, typer.Option("--demo", help="Fill in answers, an invented board and its work first.")
    ] = False,
) -> None:
    """Run the site: web and worker, one address.

    Examples:

        consilium serve --demo

        DATABASE_URL=postgresql://consilium@localhost/consilium consilium serve --port 8080
    """  # noqa: D412 - a blank line makes it a list of commands in --help
    _free(host, port)
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    if not os.environ.get("CONSILIUM_ADDRESS") and not os.environ.get("CONSILIUM_HOSTS"):
        # Tried out on this machine: links in mails lead to where the site is.
        os.environ["CONSILIUM_ADDRESS"] = address
    if demo and host in _LOOPBACK:
        # Tried out on this machine, by invented people who have no telephone.
        os.environ.setdefault("CONSILIUM_MFA", "optional")
    set_up_django()
    _prepare()
    _found_the_board()
    crew = Crew(say)
    with ended_by_signals():
        try:
            crew.start_workers(workers)
            if demo:
                _fill_for_show(host)
            crew.start_web(host, port)
            say(f"Consilium is at {address}/ (Ctrl-C ends it)")
            crew.keep()
        except KeyboardInterrupt:
            say("Ending …")
        finally:
            crew.end()


def operator_link(
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Although there is an operator, who cannot sign in any more.")
    ] = False,
) -> None:
    """Make the link by which somebody becomes an operator; it works once, for a day.

    Examples:

        consilium operator-link
    """  # noqa: D412 - a blank line makes it a list of commands in --help
    set_up_django()
    database_is_current()
    from consilium.site.accounts import joining  # noqa: PLC0415 - needs Django

    if joining.operator_can_sign_in() and not anyway:
        raise EditorialError(
            "There is an operator already; they invite others on the page of people. "
            "If none of them can sign in: consilium operator-link --anyway"
        )
    typer.echo(joining.new_operator_link())


def work() -> None:
    """Answer the questions that are waiting, until it is ended."""
    set_up_django()
    database_is_current()
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


def _found_the_board() -> None:
    """On a new database, say once how somebody becomes the first operator."""
    from consilium.site.accounts import joining  # noqa: PLC0415 - needs Django

    if link := joining.first_operator_link():
        say(f"Become the operator of this site; this link works once, for a day: {link}")


def _fill_for_show(host: str) -> None:
    """Ask the questions of the demonstration, publish their answers, and let an invented board work on them."""
    from consilium.site.articles.demo import publish_demo  # noqa: PLC0415 - needs Django
    from consilium.site.editorial import demo  # noqa: PLC0415

    say("Answering the questions of the demonstration …")
    publish_demo(_DEMO)
    say("Letting an invented board review them …")
    if word := demo.fill(_DEMO, may_sign_in=host in _LOOPBACK):
        say(f"Sign in as one of {', '.join(demo.addresses())}; the password of all is {word}")
