"""The list of OWASP ASVS 5.0.0 is whole, names what there is, and is what its page says."""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOML = tomllib.loads((ROOT / "docs/reference/asvs.toml").read_text("utf-8"))
PAGE = (ROOT / "docs/reference/asvs.md").read_text("utf-8")
LEVELS: dict[str, list[str]] = TOML["levels"]
KEPT: dict[str, dict] = TOML["requirement"]
# How many requirements the standard has of each level (5.0.0, "level" of its list).
PUBLISHED = {"1": 70, "2": 183}
# By status: what an entry has to say, and what it may say beside its title.
SAYS = {
    "test": ({"tests"}, {"why"}),
    "design": ({"where", "why"}, {"operator"}),
    "does not apply": ({"why"}, set()),
    "not met": ({"why", "needed"}, set()),
}
TOLD = {
    "test": "met, and a test shows it",
    "design": "met by a setting, a place in the code or a page, for a reason",
    "does not apply": "the site has nothing of the kind",
    "not met": "not met",
}


@cache
def names_in(path: str) -> frozenset[str]:
    """The names of a file's tests, read without running it."""
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in tree.body if isinstance(node, kinds) and node.name[:5] == "test_")


def counted(status: str, level: str) -> int:
    return sum(KEPT[number]["status"] == status for number in LEVELS[level])


def test_every_requirement_of_both_levels_is_there_once_and_nothing_else():
    listed = [number for numbers in LEVELS.values() for number in numbers]
    assert {level: len(numbers) for level, numbers in LEVELS.items()} == PUBLISHED
    assert len(set(listed)) == len(listed)
    assert set(KEPT) == set(listed)
    assert [number for number in listed if not re.fullmatch(r"\d{1,2}\.\d\.\d{1,2}", number)] == []


@pytest.mark.parametrize("number", KEPT)
def test_an_entry_says_what_its_status_asks_for(number):
    entry = KEPT[number]
    needed, welcome = SAYS[entry["status"]]
    said = set(entry) - {"title", "status"}
    assert needed <= said <= needed | welcome
    assert entry["title"].strip()
    assert all(entry[name] for name in needed)
    assert all(len(entry.get(name, "a reason").strip()) > 3 for name in ("why", "needed"))


@pytest.mark.parametrize("number", [number for number, entry in KEPT.items() if entry["status"] == "test"])
def test_every_test_that_is_named_exists(number):
    for named in KEPT[number]["tests"]:
        path, _, name = named.partition("::")
        assert path.startswith("tests/")
        assert (ROOT / path).is_file(), named
        assert name in names_in(path), named


def test_every_file_that_is_named_exists():
    named = {path for entry in KEPT.values() for path in entry.get("where", [])}
    assert named
    assert sorted(path for path in named if not (ROOT / path).is_file()) == []


def test_every_section_that_is_named_exists():
    page = (ROOT / "docs/explanation/security.md").read_text("utf-8")
    sections = set(re.findall(r"^## (.+)$", page, re.MULTILINE))
    named = {
        found for e in KEPT.values() for found in re.findall(r"Section ([A-Z][a-z ]+)", e.get("why", ""))
    }
    assert named
    assert {name for name in named if name.strip() not in sections} == set()


@pytest.mark.parametrize("status", SAYS)
def test_the_page_counts_what_is_in_the_list(status):
    row = f"| {status} | {TOLD[status]} | {counted(status, '1')} | {counted(status, '2')} |"
    assert row in PAGE


def test_the_page_counts_what_rests_on_the_operator():
    resting = sum(entry.get("operator", False) for entry in KEPT.values())
    assert f"{resting} rest on whoever runs the site" in PAGE


def test_the_page_tells_of_everything_that_is_not_met():
    for level, numbers in LEVELS.items():
        for number in numbers:
            entry = KEPT[number]
            row = f"| {number} | {level} | {entry['title']} | {entry['why']} | " if "why" in entry else "-"
            row += f"{entry.get('needed')} |"
            assert (row in PAGE) == (entry["status"] == "not met"), number
