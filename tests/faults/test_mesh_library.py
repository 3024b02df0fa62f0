"""A library is widened by MeSH as a whole or not at all, whatever happens on the way."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest
from tests.mesh import document, heading, with_few_records

from consilium import wiring
from consilium.adapters.library import headings, mesh
from consilium.adapters.library.folder import Folder
from consilium.adapters.sources.mesh import MeshFile
from consilium.errors import LibraryError, MalformedSource
from consilium.lexicon import concepts
from consilium.lexicon.recognise import read

FIRST = document(heading(1, "Zymotic Fever", "Zymosis"), heading(2, "Quartan Zymotrope", tree="C99.100.200"))
NEWER = document(
    heading(1, "Zymotic Disease", "Zymotic Fever"), heading(3, "Tertian Zymotrope"), schema="desc2027.dtd"
)


_A_RECORD = "aad-acne-2024"
CLI = "from tests.mesh import with_few_records; with_few_records(); from consilium.cli import main; main()"


def _call(place, *args):
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return {"args": [sys.executable, "-c", CLI, *args, "--library", str(place)], "env": env}


@pytest.fixture(scope="module", autouse=True)
def _small_library():
    """A library of a dozen records is built in a moment, here and in the processes of ``run``."""
    put_back = with_few_records()
    yield
    put_back()


@pytest.fixture
def run():
    def run(*args, library):
        return subprocess.run(
            **_call(library, *args), capture_output=True, text=True, timeout=240, check=False
        )

    return run


def _add(place, file):
    refresh = wiring.refresher(place)
    return mesh.add(place, MeshFile(file), concepts.load(), refresh, lambda _: None, lambda _: None)


def _reads(place, text):
    return read(text, wiring.world(library=place.path).lexicon).concepts


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mesh")
    (folder / "desc2026.xml").write_text(FIRST, "utf-8")
    (folder / "desc2027.xml").write_text(NEWER, "utf-8")
    return folder


@pytest.fixture(scope="module")
def widened_once(files, tmp_path_factory):
    place = Folder(tmp_path_factory.mktemp("widened") / "library")
    _add(place, files / "desc2026.xml")
    return place


@pytest.fixture
def wide(widened_once, tmp_path):
    """A library that was widened, each test its own."""
    shutil.copytree(widened_once.path, tmp_path / "library")
    return Folder(tmp_path / "library")


def test_a_library_that_was_widened_says_so_and_knows_the_new_names(run, wide):
    told = run("library", "info", library=wide.path).stdout
    assert "MeSH 2026: 2 headings, 2 concepts" in told
    assert "from desc2026.xml (U.S. National Library of Medicine" in told
    explained = run("ask", "Zymosis with a cough?", "--explain", library=wide.path)
    assert "zymotic fever" in explained.stdout + explained.stderr


def test_the_same_file_again_changes_nothing(run, wide, files):
    before = wide.stamp()
    done = run("library", "add", "mesh", str(files / "desc2026.xml"), library=wide.path)
    assert done.returncode == 0, done.stderr
    assert "nothing changed" in done.stdout
    assert wide.stamp() == before


def test_a_newer_file_replaces_the_older_with_its_retired_headings(wide, files):
    now, before = _add(wide, files / "desc2027.xml")
    assert (now.year, before.year) == (2027, 2026)
    assert _reads(wide, "zymotic fever, zymotic disease") >= {"mesh-D1"}
    assert _reads(wide, "quartan zymotrope or zymosis") == frozenset()
    assert _reads(wide, "tertian zymotrope") == {"mesh-D3"}


def test_mesh_can_be_taken_out_again(run, wide):
    assert run("library", "remove", "mesh", library=wide.path).returncode == 0
    assert _reads(wide, "zymotic fever") == read("zymotic fever", concepts.load()).concepts
    assert "MeSH" not in run("library", "info", library=wide.path).stdout
    assert "no MeSH" in run("library", "remove", "mesh", library=wide.path).stdout


def test_a_bad_file_leaves_the_library_as_it_was(run, wide, tmp_path):
    (tmp_path / "bad.xml").write_text(FIRST[:-40], "utf-8")
    before = sorted(path.name for path in wide.mesh.iterdir()), wide.stamp()
    done = run("library", "add", "mesh", str(tmp_path / "bad.xml"), library=wide.path)
    assert done.returncode == 6
    assert "Traceback" not in done.stderr
    assert "Nothing was changed" in done.stderr
    assert (sorted(path.name for path in wide.mesh.iterdir()), wide.stamp()) == before
    assert _reads(wide, "zymosis") == {"mesh-D1"}


def test_an_index_that_cannot_be_built_leaves_the_library_as_it_was(wide, files):
    def broken(_):
        raise LibraryError("The disk is full.")

    with pytest.raises(LibraryError, match="full"):
        mesh.add(
            wide, MeshFile(files / "desc2027.xml"), concepts.load(), broken, lambda _: None, lambda _: None
        )
    assert _reads(wide, "quartan zymotrope") == {"mesh-D2"}
    assert [path for path in wide.mesh.iterdir() if path != wide.headings()] == []


@pytest.mark.parametrize("until", ["mesh/building-*", "index/building-*"])
def test_a_run_that_is_killed_leaves_the_earlier_state_whole(run, wide, tmp_path, until):
    big = tmp_path / "desc2028.xml"
    big.write_text(document(*(heading(i, f"Zymotic Fever Number {i}") for i in range(1, 3000))), "utf-8")
    before = wide.pointer.read_text("utf-8")
    call = _call(wide.path, "library", "add", "mesh", str(big))
    process = subprocess.Popen(**call, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while not list(wide.path.glob(until)) and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    assert wide.pointer.read_text("utf-8") == before
    assert _reads(wide, "quartan zymotrope") == {"mesh-D2"}
    assert run("library", "remove", "mesh", library=wide.path).returncode == 0
    assert list(wide.mesh.iterdir()) == []


def test_records_can_be_added_beside_mesh(run, wide, tmp_path):
    record = json.loads(json.dumps(wiring.store_of(wiring.world(library=wide.path)).record(_A_RECORD)))
    record["source"]["title"] += " (in zymosis)"
    (tmp_path / "own.json").write_text(json.dumps(record), "utf-8")
    done = run("library", "add", str(tmp_path / "own.json"), library=wide.path)
    assert done.returncode == 0, done.stderr
    assert wiring.world(library=wide.path).index.frequency("mesh-D1") > 0


def test_a_file_of_records_that_is_called_mesh_can_still_be_added(run, wide, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mesh").write_text("{not a record}", "utf-8")
    alone = run("library", "add", "mesh", library=wide.path)
    assert (alone.returncode, "./mesh" in alone.stderr) == (2, True)
    told = run("library", "add", "./mesh", library=wide.path)
    assert told.returncode == 6
    assert "MeSH descriptor" not in told.stderr


def test_headings_that_are_gone_are_told_with_what_to_do_and_can_be_taken_out(run, wide):
    wide.headings().write_bytes(b"no database" * 500)
    done = run("ask", "croup", library=wide.path)
    assert done.returncode == 6
    assert "consilium library remove mesh" in done.stderr
    assert run("library", "remove", "mesh", library=wide.path).returncode == 0
    assert run("library", "info", library=wide.path).returncode == 0


def test_another_version_compiles_the_headings_again_without_their_file(wide, monkeypatch):
    monkeypatch.setattr(headings, "rules", lambda: "those of another version")
    assert _reads(wide, "zymosis") == {"mesh-D1"}
    assert mesh.about(wide).year == 2026


def test_a_process_that_lives_long_learns_of_it_at_its_next_question(wide, files):
    kept = wiring.Kept(wide.path)
    assert read("tertian zymotrope", kept().lexicon).concepts == frozenset()
    _add(wide, files / "desc2027.xml")
    assert read("tertian zymotrope", kept().lexicon).concepts == {"mesh-D3"}


def test_a_file_that_names_nothing_of_use_is_refused_before_anything_is_locked(wide, tmp_path):
    with pytest.raises(MalformedSource, match="cannot be read"):
        _add(wide, tmp_path / "nowhere.xml")
    assert not list(wide.mesh.glob("building-*"))
