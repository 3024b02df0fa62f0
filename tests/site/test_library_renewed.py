"""Processes that live long see what another process adds to the library."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading

import pytest

from consilium import wiring
from consilium.adapters.library import curation
from consilium.adapters.library.folder import Folder
from consilium.adapters.starter import records

SITE = """
import django, sys
django.setup()
from consilium.site.articles import knowledge
for line in sys.stdin:
    library = knowledge.world().library
    print(library.source(line.strip()).status.value, library.generations().get("local", 0), flush=True)
"""
PYTHON = """
import sys
from consilium.api import ask
for line in sys.stdin:
    print(ask("How is croup treated?")["run"]["generations"].get("local", 0), flush=True)
"""


@pytest.fixture
def folder(world, library_folder, tmp_path):
    return shutil.copytree(library_folder, tmp_path / "library")


@pytest.fixture
def living(folder):
    """Start a process that answers a line for a line, and end it afterwards."""
    started = []

    def start(code):
        environment = {
            **os.environ,
            "CONSILIUM_DATA_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "consilium.site.settings",
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        child = subprocess.Popen(
            [sys.executable, "-c", code], env=environment, text=True, stdin=-1, stdout=-1, bufsize=1
        )
        started.append(child)

        def ask(line):
            child.stdin.write(line + "\n")
            child.stdin.flush()
            return child.stdout.readline().split()

        return ask

    yield start
    for child in started:
        child.communicate(timeout=30)


def _withdraw_first(folder):
    held = next(iter(records()))
    held["source"]["status"] = "withdrawn"
    file = folder / "one.json"
    file.write_text(json.dumps(held), "utf-8")
    curation.add(Folder(folder), wiring.store_of(wiring.world(library=folder)), [file])
    wiring.world(library=folder)
    return held["id"]


def test_the_site_sees_what_another_process_added_without_a_restart(folder, living):
    ask, name = living(SITE), next(iter(records()))["id"]
    assert ask(name) == ["current", "0"]
    _withdraw_first(folder)
    assert ask(name) == ["withdrawn", "1"]


def test_a_program_that_asks_sees_what_another_process_added(folder, living):
    ask = living(PYTHON)
    assert ask("") == ["0"]
    _withdraw_first(folder)
    assert ask("") == ["1"]


def test_nothing_is_opened_again_while_nothing_changes(folder):
    kept = wiring.Kept(folder)
    assert kept() is kept()


def test_a_world_that_was_taken_before_can_still_be_read(folder):
    kept = wiring.Kept(folder)
    before = kept()
    name = _withdraw_first(folder)
    assert kept() is not before
    assert before.index.size > 0
    assert before.library.source(name) is not None


def test_a_generation_of_another_version_is_left_alone(folder):
    kept = wiring.Kept(folder)
    before, pointer = kept(), Folder(folder).pointer
    Folder(folder).index.joinpath("g-of-another-version").mkdir()
    pointer.with_suffix(".new").write_text("g-of-another-version\n", "utf-8")
    pointer.with_suffix(".new").replace(pointer)
    assert kept() is before
    assert pointer.read_text("utf-8") == "g-of-another-version\n"


def test_a_folder_that_is_gone_for_a_moment_changes_nothing(folder):
    kept = wiring.Kept(folder)
    before = kept()
    Folder(folder).pointer.unlink()
    assert kept() is before


def test_threads_that_come_at_once_open_it_once(folder):
    kept = wiring.Kept(folder)
    kept()
    _withdraw_first(folder)
    seen = []
    threads = [threading.Thread(target=lambda: seen.append(kept())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(world) for world in seen}) == 1
