"""What the library notes of changes, and which answers they touch."""

from __future__ import annotations

import copy
import dataclasses
import json
import shutil
import sqlite3

import pytest

from consilium.adapters.library.store import Store
from consilium.domain.change import ChangeKind, StatusChange
from consilium.errors import LibraryError
from consilium.pipeline.affected import affected

K = ChangeKind


def record(name="nice-ng59", **source):
    return {"id": name, "kind": "guideline", "topics": [], "mesh": [], "reuse": {"license": "own_work"},
            "source": {"title": f"Title of {name}", "publication_type": "Guideline", "status": "current",
                       "organisation": ["NICE"], "year": 2016, **source},
            "statements": [{"id": f"{name}#1", "kind": "finding", "text": "It helps.", "strength": {},
                            "certainty": {}, "verification": {"level": "primary"}}]}  # fmt: skip


@pytest.fixture
def store(tmp_path):
    made = Store(tmp_path / "library.sqlite3", write=True)
    made.replace("starter", [record()], "one")
    yield made
    made.close()


def noted(store):
    return [(c.source, c.kind, c.was, c.now) for c in store.changes(0, 100)]


def test_the_first_records_of_a_library_change_nothing(store):
    assert noted(store) == []


@pytest.mark.parametrize(
    "source,kind,was,now",
    [
        ({"status": "superseded"}, K.SUPERSEDED, "current", "superseded"),
        ({"status": "partly_superseded"}, K.SUPERSEDED, "current", "partly_superseded"),
        ({"status": "expired_by_issuer_policy"}, K.EXPIRED, "current", "expired"),
        ({"status": "withdrawn"}, K.WITHDRAWN, "current", "withdrawn"),
        ({"retracted": True}, K.RETRACTED, "current", "retracted"),
        ({"concern": "The editors are concerned."}, K.CONCERN, None, "The editors are concerned."),
        ({"errata": ["Table 2 corrected"]}, K.CORRECTED, None, "Table 2 corrected"),
    ],
)
def test_a_change_of_standing_is_noted(source, kind, was, now, store):
    store.add("starter", [record(**source)], "two")
    assert noted(store) == [("nice-ng59", kind, was, now)]


def test_a_change_that_no_reader_need_know_is_not_noted(store):
    store.add("starter", [record(status="living", url="https://example.org")], "two")
    assert noted(store) == []


def test_a_source_that_comes_back_into_use_is_restored(store):
    store.add("starter", [record(status="withdrawn")], "two")
    store.add("starter", [record()], "three")
    assert noted(store)[1] == ("nice-ng59", K.RESTORED, "withdrawn", "current")


def test_a_source_that_is_held_no_longer_has_vanished_and_can_come_back(store):
    store.replace("starter", [], "two")
    store.replace("starter", [record()], "three")
    assert [row[1] for row in noted(store)] == [K.VANISHED, K.RESTORED]


def test_a_statement_that_reads_differently_is_noted_with_both_readings(store):
    changed = record()
    changed["statements"][0]["text"] = "It harms."
    store.add("starter", [changed], "two")
    (change,) = store.changes(0, 10)
    assert (change.kind, change.sentence, change.version) == (K.TEXT_CHANGED, "nice-ng59#1", 2)
    assert change.was.startswith("It helps.")
    assert change.now.startswith("It harms.")


def test_a_grade_that_changed_is_a_changed_statement(store):
    changed = record()
    changed["statements"][0]["strength"] = {"normalized": "strong", "native": "Strong"}
    store.add("starter", [changed], "two")
    assert [c.why for c in store.changes(0, 10)] == ["Its grade or conditions read differently."]


@pytest.mark.parametrize("said", ["nice-ng59", "NICE NG59 (2016)"])
def test_an_edition_that_says_it_supersedes_another_is_noted_on_the_older(said, store):
    store.add("local", [record("nice-ng300", year=2026, supersedes=[said])], "one")
    (change,) = store.changes(0, 10)
    assert (change.source, change.kind, change.now) == ("nice-ng59", K.NEW_EDITION, "nice-ng300")
    assert change.why == "“Title of nice-ng300” (2026) says that it supersedes it."


def test_an_edition_is_noted_once_however_often_its_record_is_renewed(store):
    for year in (2026, 2027):
        store.add("local", [record("nice-ng300", year=year, supersedes=["nice-ng59"])], str(year))
    assert [row[1] for row in noted(store)] == [K.NEW_EDITION]


def test_two_editions_that_come_together_replace_nothing_that_was_held(store):
    both = [record("b-2", supersedes=["b-1"]), record("b-1", status="superseded")]
    store.add("local", both, "one")
    assert noted(store) == []


def test_what_is_not_added_is_not_noted(store):
    def broken():
        yield record(status="withdrawn")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        store.add("starter", broken(), "two")
    assert noted(store) == []
    assert store.source("nice-ng59").version == 1


def test_entries_are_read_by_cursor(store):
    for number, status in enumerate(("withdrawn", "current", "superseded")):
        store.add("starter", [record(status=status)], str(number))
    first = store.changes(0, 2)
    assert [c.id for c in first] == [1, 2]
    assert [c.id for c in store.changes(first[-1].id, 2)] == [3]
    assert store.changes(3, 2) == ()


def _before_the_ledger(path):
    store = Store(path, write=True)
    store.replace("starter", [record()], "one")
    store.close()
    db = sqlite3.connect(path)
    db.execute("drop table status_changes")
    db.execute("pragma user_version = 1")
    db.close()


def test_a_store_of_before_the_ledger_is_read_as_it_is(tmp_path):
    _before_the_ledger(tmp_path / "old.sqlite3")
    store = Store(tmp_path / "old.sqlite3")
    assert store.source("nice-ng59").version == 1
    assert store.changes(0, 10) == ()
    store.close()


def test_the_next_writer_brings_an_old_store_up_and_loses_nothing(tmp_path):
    _before_the_ledger(tmp_path / "old.sqlite3")
    store = Store(tmp_path / "old.sqlite3", write=True)
    assert store.version("nice-ng59", 1)[0].title == "Title of nice-ng59"
    assert store.generations() == {"starter": 1}
    store.add("starter", [record(status="withdrawn")], "two")
    assert noted(store) == [("nice-ng59", K.WITHDRAWN, "current", "withdrawn")]
    store.close()


def test_a_store_of_a_newer_version_is_refused_and_left_as_it_is(tmp_path):
    path = tmp_path / "new.sqlite3"
    db = sqlite3.connect(path)
    db.execute("pragma user_version = 99")
    db.close()
    with pytest.raises(LibraryError, match="newer Consilium"):
        Store(path, write=True)
    db = sqlite3.connect(path)
    assert db.execute("pragma user_version").fetchone() == (99,)
    db.close()


@pytest.fixture(scope="module")
def article(answered):
    return answered("Suspected cauda equina syndrome: which MRI?")


def change(article, kind=K.NEW_EDITION, **more):
    reference = article["content"]["references"][0]
    facts = {"source": reference["source"], "version": reference["version"] + 1, "sentence": None, **more}
    return StatusChange(7, "2026-11-30T12:00:00Z", kind=kind, was=None, now=None, why="It says so.", **facts)


@pytest.mark.parametrize("kind", list(K))
def test_an_answer_that_cites_the_source_is_affected_and_told_so(kind, article):
    said = affected(article, change(article, kind))
    assert "cited here" in said
    assert "2026-11-30." in said


def test_the_reader_is_told_body_number_year_and_date(article):
    cites = copy.deepcopy(article)
    cites["content"]["references"][0].update(source="nice-ng59", organisation=["NICE"], year=2016, version=1)
    assert affected(cites, change(cites)) == (
        "NICE NG59 (2016), cited here, was replaced by a new edition on 2026-11-30."
    )


def test_a_source_of_which_a_part_stands_is_not_called_superseded(article):
    said = affected(article, dataclasses.replace(change(article, K.SUPERSEDED), now="partly_superseded"))
    assert "was partly superseded on" in said


def test_an_answer_that_does_not_cite_the_source_is_not_affected(article):
    assert affected(article, change(article, source="nice-ng999")) is None


def test_an_answer_made_from_the_changed_version_is_not_affected(article):
    version = article["content"]["references"][0]["version"]
    assert affected(article, change(article, K.SUPERSEDED, version=version)) is None


def test_a_changed_statement_affects_the_answers_that_cite_that_statement(article):
    source = article["content"]["references"][0]["source"]
    cited = next(s["id"] for s in _sentences(article) if s["id"].startswith(f"{source}#"))
    assert affected(article, change(article, K.TEXT_CHANGED, sentence=cited)).startswith("A statement of ")
    assert affected(article, change(article, K.TEXT_CHANGED, sentence=f"{source}#999")) is None


def _sentences(article):
    return [
        s
        for claim in article["content"]["claims"].values()
        for c in claim["citations"]
        for s in c["sentences"]
    ]


def test_an_abstention_cites_nothing(answered):
    refused = answered("How do I change a bicycle tyre?")
    assert (
        affected(refused, StatusChange(1, "2026-11-30T12:00:00Z", "a", 2, K.RETRACTED, None, None, ""))
        is None
    )


def test_the_ledger_of_a_command_is_shown_as_text_and_as_json(run_cli, library_folder, tmp_path):
    library, file = shutil.copytree(library_folder, tmp_path / "library"), tmp_path / "one.json"
    from consilium.adapters.starter import records

    held = next(iter(records()))
    held["source"] |= {"status": "withdrawn", "status_note": "Withdrawn by its issuer."}
    file.write_text(json.dumps(held), "utf-8")
    assert run_cli("library", "changes", library=library).stdout == "Nothing has changed.\n"
    added = run_cli("library", "add", str(file), library=library)
    assert added.returncode == 0, added.stderr
    text = run_cli("library", "changes", library=library).stdout
    assert text.endswith(f"{held['id']}: withdrawn. Withdrawn by its issuer.\n")
    shown = json.loads(run_cli("library", "changes", "--format", "json", library=library).stdout)
    assert (shown["id"], shown["source"], shown["kind"]) == (1, held["id"], "withdrawn")
    assert run_cli("library", "changes", "--since", "1", "--format", "json", library=library).stdout == ""
