"""One library for the whole run, and ways to ask it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings

from consilium import wiring
from consilium.api import encoded, outcome_of
from consilium.domain.question import Audience, Question
from consilium.pipeline.answer import World
from tests import LIBRARY

# How long an example takes says how busy the machine is; what must be quick says so in its own test.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

Answered = Callable[..., dict[str, Any]]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Let a process that tests beside this one make its own data folder before Django reads which it is."""
    node.gateway.remote_exec("import os; os.environ.pop('DJANGO_SETTINGS_MODULE', None)").waitclose()


@pytest.fixture(scope="session")
def library_folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("library")


@pytest.fixture(scope="session")
def world(library_folder) -> World:
    """The library, built by the first process of the run that needs it and copied by the others."""
    with FileLock(f"{LIBRARY}.lock"):
        if LIBRARY.exists():
            shutil.copytree(LIBRARY, library_folder, dirs_exist_ok=True)
        made = wiring.world(library=library_folder)
        if not LIBRARY.exists():
            shutil.copytree(library_folder, LIBRARY)
    return made


@pytest.fixture(scope="session")
def answered(world) -> Answered:
    def ask(text: str, audience: str = "clinician", **more: Any) -> dict[str, Any]:
        return encoded(outcome_of(Question(text, Audience(audience), **more), world), world)

    return ask


@pytest.fixture
def run_cli(world, library_folder) -> Run:
    """Run the command in a process of its own, over the shared library unless told otherwise."""

    def run(*args: str, library: Path | None = None, stdin: str = "", **env: str):
        environment = {
            **os.environ,
            "CONSILIUM_DATA_DIR": str(library or library_folder),
            "PYTHONPATH": os.pathsep.join(sys.path),
            **env,
        }
        return subprocess.run(
            [sys.executable, "-c", "from consilium.cli import main; main()", *args],
            input=stdin,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run
