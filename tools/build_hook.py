"""Hatch build hook: compile the data under ``data/`` before a wheel is made."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class DataHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs ``compile_data.py``; where only the compiled files are (a source archive), does nothing."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Compile before files are collected."""
        script = Path(self.root) / "tools" / "compile_data.py"
        if script.exists():
            subprocess.run([sys.executable, str(script)], check=True)  # noqa: S603
