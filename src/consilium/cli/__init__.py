"""The command line: ``consilium ask`` and the commands that look after a library."""

from __future__ import annotations

import sys


def main() -> None:
    """Run a command; every error becomes one message and the exit code of its branch."""
    from consilium.cli.app import app  # noqa: PLC0415 - keeps `import consilium.cli` light
    from consilium.errors import ConsiliumError  # noqa: PLC0415

    try:
        app()
    except ConsiliumError as error:
        sys.stderr.write(f"consilium: {error}\n")
        raise SystemExit(error.exit_code) from None
    except KeyboardInterrupt:
        sys.stderr.write("consilium: cancelled; nothing was changed.\n")
        raise SystemExit(130) from None
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None
