"""``consilium audit``: the log of what was done on the site; its head, its proof, its export."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from consilium.cli.common_options import say
from consilium.cli.site_setup import site_that_exists
from consilium.errors import AuditBroken, ConfigurationError

if TYPE_CHECKING:
    from consilium.site.audit.chain import Head


def head() -> None:
    """Print the number and the hash of the newest entry, to be kept elsewhere."""
    with _site():
        from consilium.site.audit import chain  # noqa: PLC0415 - needs Django

        typer.echo(str(chain.head()))


def verify(
    kept: Annotated[
        str | None,
        typer.Option(
            "--head", metavar="SEQ:HASH", help="A head that was kept elsewhere: it must be in the log."
        ),
    ] = None,
) -> None:
    """Recompute the whole log; name each entry that was changed, moved or taken away."""
    with _site():
        from consilium.site.audit.verifying import verify as verified  # noqa: PLC0415 - needs Django

        heads = [*([_parsed(kept)] if kept else []), *_anchored()]
        verdict = verified(heads)
    for name in verdict.unguarded:
        say(f"trigger {name}: not in place, so the database does not refuse to change the log")
    for fault in verdict.faults:
        say(str(fault))
    if verdict.faults:
        first, others = verdict.faults[0].where, len(verdict.faults) - 1
        more = f", the first of {others + 1} faults" if others else ""
        raise AuditBroken(f"The audit log does not hold: {first}{more}.")
    if verdict.unguarded:
        raise AuditBroken("The audit log holds, but its database does not guard it: triggers are missing.")
    typer.echo(f"The log holds: {verdict.entries} entries. Heads kept elsewhere that it fits: {len(heads)}.")
    typer.echo(f"Head: {verdict.head}")


def export(
    out: Annotated[
        Path | None, typer.Option(help="Write there instead of the terminal.", dir_okay=False)
    ] = None,
    since: Annotated[int, typer.Option(min=0, help="Only entries after this number.")] = 0,
) -> None:
    """Write the log as JSON Lines, one entry a line, as it was hashed and with its hash."""
    with _site():
        if out is None:
            _write(sys.stdout, since)
            return
        aside = out.with_name(out.name + ".part")
        try:
            with aside.open("w", encoding="utf-8") as file:
                _write(file, since)
            aside.replace(out)
        except OSError as fault:
            raise ConfigurationError(f"{out} cannot be written: {fault.strerror or fault}.") from fault
        finally:
            with contextlib.suppress(OSError):
                aside.unlink(missing_ok=True)


def anchor() -> None:
    """Append the head to the file that CONSILIUM_AUDIT_ANCHOR names, if it is new."""
    with _site():
        from django.conf import settings  # noqa: PLC0415 - an extra

        from consilium.site.audit.anchoring import anchor as anchored  # noqa: PLC0415 - needs Django

        path = settings.ENVIRONMENT.audit_anchor
        if path is None:
            raise ConfigurationError(
                "No file is set to keep heads in: set CONSILIUM_AUDIT_ANCHOR to a file on another disk, "
                "or keep what `consilium audit head` prints."
            )
        newest = anchored(now=True)
    typer.echo(f"{path} now ends with {newest}." if newest else f"{path} ends with the newest head already.")


@contextlib.contextmanager
def _site() -> Iterator[None]:
    """The site's code and database; a fault of the database becomes a sentence."""
    site_that_exists()
    from django.db import Error  # noqa: PLC0415 - an extra

    try:
        yield
    except Error as fault:
        raise ConfigurationError(f"The database cannot be used: {' '.join(str(fault).split())}") from fault


def _parsed(text: str) -> Head:
    from consilium.site.audit.chain import Head  # noqa: PLC0415 - needs Django

    try:
        return Head.parse(text)
    except ValueError:
        raise typer.BadParameter(
            "a head is SEQUENCE:sha256:HASH, as `consilium audit head` prints it", param_hint="--head"
        ) from None


def _anchored() -> list[Head]:
    """The heads in the anchor file, if one is set."""
    from django.conf import settings  # noqa: PLC0415 - an extra

    from consilium.site.audit.anchoring import kept_in  # noqa: PLC0415 - needs Django

    path = settings.ENVIRONMENT.audit_anchor
    if path is None:
        return []
    kept = kept_in(path)
    if kept is None:
        raise ConfigurationError(
            f"CONSILIUM_AUDIT_ANCHOR names {path}, which is not there; `consilium audit anchor` begins it. "
            "If it was there before, somebody has taken it away."
        )
    for number in kept.others:
        say(f"{path}, line {number}: no head; passed over")
    return [each.head for each in kept.anchors]


def _write(file: TextIO, since: int) -> None:
    from consilium.site.audit.exporting import lines  # noqa: PLC0415 - needs Django

    for sequence, line in lines(since):
        if line is None:
            raise AuditBroken(
                f"Entry {sequence} cannot be read; `consilium audit verify` lists what is wrong."
            )
        file.write(line + "\n")
