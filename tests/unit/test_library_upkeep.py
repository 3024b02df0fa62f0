"""Looking after a library of works: figures, checks, export, removal, compaction, backup."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import tarfile

import pytest
import rispy
from tests.works import work

from consilium import wiring
from consilium.adapters.index.passages import Asked
from consilium.adapters.library import curation, export, ingest, upkeep, works_index
from consilium.adapters.library.folder import Folder
from consilium.adapters.library.given import file_of, found
from consilium.adapters.library.holdings import holdings
from consilium.adapters.library.soundness import check
from consilium.adapters.library.store import Store
from consilium.domain.evidence import SourceKind
from consilium.errors import LibraryError

OWN = work(
    "pmid-1",
    "Rest helps.",
    title="On rest",
    year=2021,
    journal="J Rest",
    authors="Meier A, Silva B",
    doi="10.1/x",
    language="eng",
)
CLOSED = work("croup-2024", "Offer calm.", kind="guideline", licence="All rights reserved", quoted=True)
RETRACTED = work("pmid-2", "Bleeding cures.", retracted=True, year=1999)


def _file(path, works):
    path.write_text("".join(json.dumps(item) + "\n" for item in works), "utf-8")
    return path


def _add(library, path, collection=None):
    given, _ = found([path], None)
    files = [file_of(item, {}, collection) for item in given]
    return ingest.ingest(library, files, wiring.refresher(library), lambda _: None, lambda _: None)


@pytest.fixture(scope="module")
def built(world, library_folder, tmp_path_factory):
    folder = Folder(tmp_path_factory.mktemp("upkeep") / "library")
    shutil.copytree(library_folder, folder.path)
    _add(folder, _file(folder.path.with_name("works.jsonl"), [OWN, CLOSED, RETRACTED]))
    return folder


@pytest.fixture
def library(built, tmp_path):
    shutil.copytree(built.path, tmp_path / "library")
    return Folder(tmp_path / "library")


@pytest.fixture
def store(library):
    opened = Store(library.database)
    yield opened
    opened.close()


def _found(library, name):
    index = works_index.opened(library.passages())
    return (
        [f.source for f in index.search((Asked(((name, 1.0),)),), (), tuple(SourceKind), 50)] if index else []
    )


def test_figures_count_works_beside_records(library, store):
    held = holdings(library, store)
    assert (held.works, held.passages, held.quoted, held.files, held.unfinished) == (3, 3, 1, 1, 0)
    assert held.collections == {"literature": 3}
    assert held.by["kind"]["study"] == sum(s.kind.value == "study" for s in store.sources()) + 2
    assert held.by["status"]["retracted"] == 1
    assert held.by["licence"]["All rights reserved"] == 1
    assert held.by["language"]["eng"] == 1
    assert held.bytes["index of passages"] > 0
    assert not held.behind


def test_a_sound_library_has_no_fault_and_names_what_was_retracted(library, store):
    findings = list(check(library, store, lambda _: None))
    assert [f.said for f in findings if f.is_fault] == []
    assert "pmid-2: retracted" in [f.said for f in findings]


def test_a_work_that_is_unsound_is_named(library, store):
    import zlib

    database = sqlite3.connect(library.database)
    broken = zlib.compress(json.dumps(OWN | {"kind": "rumour"}).encode())
    database.execute("update work_text set record = ? where number = 1", (broken,))
    database.commit()
    database.close()
    faults = [f.said for f in check(library, store, lambda _: None) if f.is_fault]
    assert faults == ["pmid-1: Its fields are not those of a work."]


def test_what_is_exported_can_be_added_again_but_for_text_that_may_not_be_shown(store, library, tmp_path):
    lines = list(export.lines(store, export.Form.JSONL, None))
    path = tmp_path / "out.jsonl"
    path.write_text("".join(lines), "utf-8")
    assert "Offer calm" not in "".join(lines)
    other = Folder(tmp_path / "other")
    shutil.copytree(library.path, other.path)
    curation.remove(other, [], "literature", wiring.refresher(other), lambda _: None)
    (outcome,) = _add(other, path)
    assert (outcome.tally.new, outcome.tally.read) == (2, 3)
    assert [why for why in outcome.tally.skipped if "left out" in why]
    again = Store(other.database)
    assert again.works.current("pmid-1")[0] == OWN
    again.close()


def test_reference_managers_read_what_is_exported(store):
    ris = "".join(export.lines(store, export.Form.RIS, "literature"))
    titles = [entry["title"] for entry in rispy.loads(ris)]
    assert titles == ["Title of croup-2024", "On rest", "Title of pmid-2"]
    csl = json.loads("".join(export.lines(store, export.Form.CSL, None)))
    (mine,) = [entry for entry in csl if entry["id"] == "pmid-1"]
    assert (mine["DOI"], mine["issued"]["date-parts"]) == ("10.1/x", [[2021]])
    assert mine["author"] == [{"family": "Meier", "given": "A."}, {"family": "Silva", "given": "B."}]


def test_nothing_that_ships_is_exported_unless_it_is_asked_for(store):
    assert len(list(export.lines(store, export.Form.JSONL, None))) == 3
    assert len(list(export.lines(store, export.Form.JSONL, "starter"))) == len(store.records("starter"))


def test_an_empty_collection_is_an_empty_list(store):
    assert json.loads("".join(export.lines(store, export.Form.CSL, "none"))) == []


def test_works_that_are_removed_are_found_no_more_and_can_still_be_cited(library):
    assert curation.remove(library, ["pmid-1"], None, wiring.refresher(library), lambda _: None) == (0, 1)
    assert (_found(library, "rest"), _found(library, "calm")) == ([], ["croup-2024"])
    store = Store(library.database)
    assert store.source("pmid-1") is None
    assert store.version("pmid-1", 1)[1]["pmid-1#1"].text == "Rest helps."
    store.close()


@pytest.mark.parametrize("name,why", [("nice-ng59", "ships with Consilium"), ("pmid-77", "has no pmid-77")])
def test_what_ships_or_is_not_held_cannot_be_removed_and_nothing_is(library, name, why):
    with pytest.raises(LibraryError, match=why):
        curation.remove(library, ["pmid-1", name], None, wiring.refresher(library), lambda _: None)
    assert _found(library, "rest") == ["pmid-1"]


def test_a_library_without_works_any_more_has_no_index_of_them(library):
    curation.remove(library, [], "literature", wiring.refresher(library), lambda _: None)
    assert library.passages() is None
    assert library.pointer.read_text("utf-8").count("\n") == 1


def test_records_of_ones_own_can_be_removed(library, store, tmp_path):
    record = next(iter(store.records("starter").values()))
    text = json.dumps(record).replace(record["id"], "our-own")
    (tmp_path / "own.json").write_text(text, "utf-8")
    curation.add(library, store, [tmp_path / "own.json"])
    assert curation.remove(library, ["our-own"], None, wiring.refresher(library), lambda _: None) == (1, 0)
    assert [c.kind.value for c in store.changes(0, 9)] == ["vanished"]
    assert wiring.world(library=library.path).library.source("our-own") is None


def _scores(library):
    index = works_index.opened(library.passages())
    kinds = tuple(SourceKind)
    return [index.search((Asked(((word, 1.0),)),), (), kinds, 50) for word in ("fact", "rest", "seven")]


def test_compacted_libraries_that_hold_the_same_give_the_same_scores(library, tmp_path):
    facts = [work(f"pmid-{n}", f"Fact {n} on rest." + " Seven." * (n % 5)) for n in range(100, 160)]
    other = Folder(tmp_path / "other")
    shutil.copytree(library.path, other.path)
    _add(library, _file(tmp_path / "a", facts))
    old = [work(f"pmid-{n}", "Seven seven rest.") for n in range(100, 140)]
    _add(other, _file(tmp_path / "b", old))
    _add(other, _file(tmp_path / "c", facts[::-1]))
    for place in (library, other):
        upkeep.compact(place, wiring.refresher(place), lambda _: None)
    strip = [[(f.passage, f.score) for f in found] for found in _scores(library)]
    assert [[(f.passage, f.score) for f in found] for found in _scores(other)] == strip
    assert len(list(other.works.glob("*"))) == 1
    assert wiring.world(library=other.path).library.source("pmid-100") is not None


def test_a_backup_is_restored_as_the_manual_says(library, tmp_path, run_cli):
    backup, restored = tmp_path / "backup.tar", tmp_path / "restored"
    assert upkeep.backup(library, backup) == backup.stat().st_size
    restored.mkdir()
    subprocess.run(["tar", "xf", str(backup), "-C", str(restored)], check=True)
    assert run_cli("library", "rebuild", library=restored).returncode == 0
    assert run_cli("library", "check", library=restored).returncode == 0
    assert _found(Folder(restored), "rest") == ["pmid-1"]


def test_a_backup_holds_one_moment_though_somebody_writes(library, tmp_path):
    writer = Store(library.database, write=True)
    writer._db.execute("begin immediate")
    writer._db.execute("update work set current = 0")
    try:
        upkeep.backup(library, tmp_path / "b.tar")
    finally:
        writer._db.rollback()
        writer.close()
    with tarfile.open(tmp_path / "b.tar") as tar:
        tar.extract("library.sqlite3", tmp_path, filter="data")
    store = Store(tmp_path / "library.sqlite3")
    assert sum(store.works.counted("collection").values()) == 3
    store.close()


def test_a_backup_that_cannot_be_written_leaves_nothing(library, tmp_path):
    with pytest.raises(LibraryError, match="could not be written"):
        upkeep.backup(library, tmp_path / "no" / "b.tar")


def test_the_commands_say_what_they_did(library, run_cli, tmp_path):
    def run(*args):
        done = run_cli("library", *args, library=library.path)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "3 works in their own words (literature 3), found by 3 passages" in run("info")
    assert json.loads(run("info", "--json"))["works"] == 3
    run("export", str(tmp_path / "out.ris"), "--format", "ris")
    assert (tmp_path / "out.ris").read_bytes().count(b"TY  - ") == 3
    assert "1 works" in run("remove", "pmid-2")
    assert "Compacted" in run("compact")
    assert "Wrote" in run("backup", str(tmp_path / "b.tar"))
    assert run_cli("library", "remove", library=library.path).returncode == 2


def test_adding_reports_as_text_and_as_json_and_a_dry_run_writes_nothing(library, run_cli, tmp_path):
    file = _file(tmp_path / "more.jsonl", [OWN, work("pmid-9", "New."), {"form": "work/1", "id": "#"}])
    dry = run_cli("library", "add", str(file), "--dry-run", library=library.path)
    assert "Kept 2 works: 1 new, 0 replaced, 1 the same as before." in dry.stdout
    assert "Skipped 1: Its id is missing" in dry.stdout
    assert "Nothing was written" in dry.stdout
    told = json.loads(run_cli("library", "add", str(file), "--json", library=library.path).stdout)
    assert (told["total"]["new"], told["total"]["same"], told["total"]["read"]) == (1, 1, 3)
    again = run_cli("library", "add", str(file), library=library.path)
    assert "Not read again: 1 file" in again.stdout


@pytest.mark.parametrize(
    "args,code,said",
    [
        (["none.jsonl"], 6, "cannot be read"),
        (["odd.bin"], 6, "not recognised"),
        (["odd.bin", "--collection", "starter"], 2, "of Consilium's own"),
        (["a.jsonl", "--year", "2020"], 2, "fits none of these files"),
        (["a.md", "b.md", "--title", "One"], 2, "is of one document"),
        (["a.md", "--year", "20"], 2, "a year in four digits"),
    ],
)
def test_wrong_use_is_told(library, run_cli, tmp_path, args, code, said):
    (tmp_path / "odd.bin").write_bytes(b"\x00\x01")
    _file(tmp_path / "a.jsonl", [OWN])
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text("# Rest\n\nOffer rest.\n", "utf-8")
    named = [str(tmp_path / arg) if "." in arg else arg for arg in args]
    done = run_cli("library", "add", *named, library=library.path)
    assert (done.returncode, "Traceback" in done.stderr) == (code, False)
    assert said in " ".join(done.stderr.replace("│", " ").split())
