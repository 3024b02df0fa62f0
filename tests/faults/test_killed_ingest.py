"""Ingests that are killed, crowded, given broken files or a full disk: nothing lost, nothing doubled."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.works import work

from consilium import wiring
from consilium.adapters.index.passages import Asked
from consilium.adapters.library import ingest as engine
from consilium.adapters.library import reading, works_index
from consilium.adapters.library.folder import Folder
from consilium.adapters.library.given import file_of, found
from consilium.adapters.library.store import Store
from consilium.domain.evidence import SourceKind
from consilium.errors import IndexMismatch, LibraryError

ALL = tuple(SourceKind)


@pytest.fixture
def library(world, library_folder, tmp_path):
    """A library of its own, built."""
    shutil.copytree(library_folder, tmp_path / "library")
    return Folder(tmp_path / "library")


def write(path, numbers, text="Zymosis"):
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as file:
        for number in numbers:
            # Random digits keep the file long enough to be read by a process beside.
            noise = " ".join(f"{hash((number, n)) & 0xFFFFFF:x}" for n in range(60))
            file.write(json.dumps(work(f"w-{number:06}", f"{text} {number} is rare. {noise}")) + "\n")
    return path


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    for part in range(3):
        write(folder / f"part-{part}.jsonl.gz", range(part * 4000, part * 4000 + 4000))
    return folder


def start(library, *what):
    code = "from consilium.cli import main; main()"
    env = {**os.environ, "CONSILIUM_DATA_DIR": str(library.path), "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(
        [sys.executable, "-c", code, "library", "add", *map(str, what), "--json"],
        env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def ended(process, code=0):
    out, said = process.communicate(timeout=240)
    assert process.returncode == code, said
    assert "Traceback" not in said
    return json.loads(out) if out else None, said


def held(library):
    store = Store(library.database)
    versions = {item["id"]: version for version, item in store.works.all()}
    store.close()
    return versions


def passages(library, word="zymosis"):
    index = works_index.opened(library.passages())
    return [f.source for f in index.search((Asked(((word, 1.0),)),), (), ALL, 100_000)] if index else []


@pytest.mark.parametrize("after", [0, 4000, 10_000], ids=lambda n: f"after {n}")
def test_an_ingest_that_is_killed_goes_on_where_it_stopped(library, files, after):
    process = start(library, files)
    store = Store(library.database)
    deadline = time.monotonic() + 60
    while store.works.change[0] < after / 2000 and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.002)
    store.close()
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    told, _ = ended(start(library, files))
    assert (told["total"]["new"], told["total"]["replaced"]) == (12_000, 0) or told["files"][0]["read_before"]
    assert held(library) == {f"w-{number:06}": 1 for number in range(12_000)}
    assert sorted(passages(library)) == sorted(held(library))
    assert list(library.works.glob("building-*")) == []


def test_what_was_read_before_a_kill_is_not_read_again(library, files):
    process = start(library, files)
    store = Store(library.database)
    while store.works.change[0] < 3 and process.poll() is None:
        time.sleep(0.002)
    store.close()
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    told, _ = ended(start(library, files))
    assert told["files"][0]["read_before"]
    assert sum(file["resumed_after"] for file in told["files"][1:]) >= 1000


def test_two_ingests_at_once_both_end_well_one_after_the_other(library, files, tmp_path):
    other = write(tmp_path / "other.jsonl.gz", range(11_000, 14_000))
    both = [start(library, files), start(library, other)]
    said = [ended(process)[1] for process in both]
    assert any("Another process is writing this library; waiting for it" in words for words in said)
    assert held(library) == {f"w-{number:06}": 1 for number in range(14_000)}
    assert len(passages(library)) == 14_000


def test_a_broken_file_among_others_is_told_and_the_others_are_read(run_cli, library, files, tmp_path):
    whole = (files / "part-1.jsonl.gz").read_bytes()
    (files / "part-1.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    told, _ = ended(start(library, files), 6)
    first, broken, last = told["files"]
    assert (first["fault"], last["fault"]) == (None, None)
    assert "cannot be unpacked" in broken["fault"]
    assert 0 < broken["new"] < 4000
    assert len(held(library)) == 8000 + broken["new"]
    done = run_cli("library", "check", library=library.path)
    assert done.returncode == 0, done.stderr
    (files / "part-1.jsonl.gz").write_bytes(whole)
    ended(start(library, files))
    assert held(library) == {f"w-{number:06}": 1 for number in range(12_000)}


def _ingest(library, path, tell=lambda _: None):
    given, _ = found([path], None)
    place = [file_of(item, {}, None) for item in given]
    return engine.ingest(library, place, wiring.refresher(library), lambda _: None, tell)


@pytest.fixture
def small(tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "_BATCH", 20)
    monkeypatch.setattr(reading, "_RECORDS", 10)
    return write(tmp_path / "small.jsonl.gz", range(400))


def test_a_full_disk_keeps_what_was_read_and_the_next_run_goes_on(library, small, monkeypatch):
    opened = Store._open

    def on_a_small_disk(path, write):
        database = opened(path, write)
        if write:
            pages = database.execute("pragma page_count").fetchone()[0]
            database.execute(f"pragma max_page_count = {pages + 25}")
        return database

    current = library.pointer.read_text()
    monkeypatch.setattr(Store, "_open", staticmethod(on_a_small_disk))
    with pytest.raises(LibraryError, match=r"full.*What was read until then is kept"):
        _ingest(library, small)
    monkeypatch.undo()
    kept = held(library)
    assert 0 < len(kept) < 400
    assert library.pointer.read_text() == current
    (outcome,) = _ingest(library, small)
    assert outcome.resumed == len(kept)
    assert held(library) == {f"w-{number:06}": 1 for number in range(400)}
    assert len(passages(library)) == 400


def test_an_index_that_cannot_be_written_leaves_the_one_in_use_and_is_caught_up_with(
    library, small, tmp_path, monkeypatch
):
    _ingest(library, write(tmp_path / "first.jsonl.gz", range(1000, 1010)))
    before = library.passages()

    def full(*_):
        raise IndexMismatch("The index of passages could not be written: no space left.")

    monkeypatch.setattr("consilium.adapters.index.passage_generation.Generation.finish", full)
    with pytest.raises(IndexMismatch, match="no space left"):
        _ingest(library, small)
    monkeypatch.undo()
    assert (library.passages(), len(passages(library))) == (before, 10)
    assert list(library.works.glob("building-*")) == []
    (outcome,) = _ingest(library, small)
    assert outcome.known
    assert len(passages(library)) == 410


def test_readers_are_not_kept_waiting_and_see_the_library_as_it_was(library, small, tmp_path):
    _ingest(library, write(tmp_path / "first.jsonl.gz", range(1000, 1010)))
    seen = []

    def look(_):
        begun = time.monotonic()
        world = wiring.world(library=library.path)
        seen.append((len(passages(library)), world.library.source("w-001000").id, time.monotonic() - begun))

    _ingest(library, small, look)
    assert {(count, name) for count, name, _ in seen} == {(10, "w-001000")}
    assert max(seconds for *_, seconds in seen) < 20
    assert len(passages(library)) == 410


def test_a_store_of_the_earlier_layout_is_read_as_it_is_and_brought_up_by_its_next_writer(library, small):
    database = sqlite3.connect(library.database)
    for table in ("work", "work_text", "work_change", "work_collection", "journal"):
        database.execute(f"drop table {table}")
    database.execute("pragma user_version = 2")
    database.commit()
    database.close()
    world = wiring.world(library=library.path)
    assert world.library.source("nice-ng59") is not None
    assert world.library.source("w-000001") is None
    assert world.library.generations() == {"starter": 1}
    _ingest(library, small)
    assert len(held(library)) == 400


def test_a_reader_beside_ends_when_nobody_asks_any_more(library, files):
    process = start(library, files)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    beside: list[Path] = []
    while not beside and process.poll() is None:
        beside = [Path("/proc", pid) for pid in children.read_text("ascii").split()]
        time.sleep(0.01)
    time.sleep(0.5)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    deadline = time.monotonic() + 20
    while any(one.exists() for one in beside) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [one for one in beside if one.exists()] == []
