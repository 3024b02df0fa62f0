"""The shape of the code: floors, sizes, and what may import what."""

from __future__ import annotations

import ast
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "consilium"
MODULES = sorted(SOURCE.rglob("*.py"))
BANNED = {"utils", "helpers", "common", "manager", "handler", "process", "misc"}
PURE = ("errors.py", "ports.py", "domain", "lexicon", "pipeline")


def _lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def test_no_module_has_over_300_lines_and_the_median_is_at_most_130():
    sizes = {path: _lines(path) for path in MODULES}
    assert [str(p) for p, n in sizes.items() if n > 300] == []
    assert statistics.median(sizes.values()) <= 130


def test_no_function_has_over_40_lines_of_code():
    long = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                first = node.body[0]
                doc = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
                start = node.body[1].lineno if doc and len(node.body) > 1 else first.lineno
                if (node.end_lineno or 0) - start + 1 > 40:
                    long.append(f"{path.name}:{node.name}")
    assert long == []


def test_no_module_has_a_name_that_says_nothing():
    assert [path.name for path in MODULES if path.stem in BANNED] == []


def _pure_modules() -> list[Path]:
    return [p for p in MODULES if p.relative_to(SOURCE).parts[0] in PURE]


@pytest.mark.parametrize("path", _pure_modules(), ids=lambda p: str(p.relative_to(SOURCE)))
def test_the_core_imports_the_standard_library_only(path):
    foreign = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        for name in names:
            top = name.split(".")[0]
            if top != "consilium" and top not in sys.stdlib_module_names:
                foreign.add(top)
    assert foreign == set()


def test_importing_consilium_loads_nothing_heavy():
    code = "import consilium, sys; print(sorted({'tantivy','typer','rich','numpy'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": "/usr/bin:/bin"},
    )
    assert done.stdout.strip() == "[]"


def test_every_public_name_can_be_had():
    import consilium

    assert [name for name in consilium.__all__ if not hasattr(consilium, name)] == []


def test_no_two_files_of_tests_have_one_name():
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert sorted({name for name in names if names.count(name) > 1}) == []
