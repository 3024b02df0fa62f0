"""What is not documented does not exist: commands, settings, errors."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest
import typer.main

from consilium import errors
from consilium.cli.app import app

ROOT = Path(__file__).resolve().parents[2]
CLI = (ROOT / "docs/reference/cli.md").read_text("utf-8")


def _commands(group, prefix=""):
    for name, command in sorted(group.commands.items()):
        if hasattr(command, "commands"):
            yield from _commands(command, f"{prefix}{name} ")
        else:
            yield f"{prefix}{name}", command


COMMANDS = list(_commands(typer.main.get_command(app)))


@pytest.mark.parametrize("name,command", COMMANDS, ids=[name for name, _ in COMMANDS])
def test_every_command_and_option_is_documented(name, command):
    assert f"consilium {name}" in CLI
    options = [o for p in command.params for o in p.opts if o.startswith("--") and o != "--help"]
    assert [o for o in options if o not in CLI] == []


def test_every_setting_is_documented():
    settings = (ROOT / "docs/reference/settings.md").read_text("utf-8")
    code = "\n".join(p.read_text("utf-8") for p in (ROOT / "src").rglob("*.py"))
    named = set(re.findall(r"CONSILIUM_[A-Z_]+[A-Z]", code))
    assert [name for name in sorted(named) if name not in settings] == []


def test_every_error_is_documented_with_its_exit_code():
    page = (ROOT / "docs/reference/exit-codes.md").read_text("utf-8")
    for name, error in inspect.getmembers(errors, inspect.isclass):
        if issubclass(error, errors.ConsiliumError):
            assert name in page, name
            assert str(error.exit_code) in page, name


def test_the_readme_shows_its_two_commands_by_line_20():
    head = (ROOT / "README.md").read_text("utf-8").splitlines()[:20]
    assert any(line.startswith("make ask") for line in head)
    assert any(line.startswith("make test") for line in head)
