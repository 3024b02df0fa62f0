"""Works are taken in from files: once, whole, in versions, and with a report of what came of each."""

from __future__ import annotations

import json
from functools import partial

import pytest
from tests.works import work

from consilium.adapters.index.passages import Asked
from consilium.adapters.library import curation, works_index
from consilium.adapters.library import ingest as engine
from consilium.adapters.library.folder import Folder
from consilium.adapters.library.reading import File
from consilium.adapters.library.store import Store
from consilium.adapters.sources.readings import Deleted, Skipped
from consilium.domain.evidence import SourceKind
from consilium.errors import MalformedSource


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path / "library")


def given(path, readings, *, how="test/1", collection="literature"):
    """A file that is read as these readings; its bytes only tell it from others."""
    path.write_text(json.dumps([str(r) for r in readings]), "utf-8")
    return File(path, partial(_readings, readings), how, collection)


def _readings(readings, _tick):
    for reading in readings:
        if isinstance(reading, BaseException):
            raise reading
        yield reading


def take(folder, *files, **more):
    def refresh(_):
        store = Store(folder.database)
        passages = works_index.brought_up(folder, store)
        folder.switch("g-none", None, passages)
        store.close()

    return engine.ingest(folder, files, refresh, lambda _: None, lambda _: None, **more)


def held(folder):
    store = Store(folder.database)
    found = {work["id"]: version for version, work in store.works.all()}
    store.close()
    return found


def found(folder, word):
    index = works_index.opened(folder.passages())
    return [f.source for f in index.search((Asked(((word, 1.0),)),), (), tuple(SourceKind), 100)]


def test_works_of_a_file_are_held_and_found(folder, tmp_path):
    (outcome,) = take(
        folder, given(tmp_path / "a", [work("pmid-1", "Rest helps."), work("pmid-2", "It harms.")])
    )
    assert (outcome.tally.read, outcome.tally.new) == (2, 2)
    assert held(folder) == {"pmid-1": 1, "pmid-2": 1}
    assert found(folder, "rest") == ["pmid-1"]


def test_sources_and_sentences_of_works_are_read_from_the_store(folder, tmp_path):
    take(folder, given(tmp_path / "a", [work("pmid-1", "Rest helps. It does.", year=2020)]))
    store = Store(folder.database)
    assert store.source("pmid-1").year == 2020
    assert [s.text for s in store.sentences("pmid-1")] == ["Rest helps.", "It does."]
    assert store.generations() == {"literature": 1}
    assert (list(store.sources()), list(store.everything()), store.digests()) == ([], [], {})
    store.close()


def test_the_same_work_again_changes_nothing(folder, tmp_path):
    take(folder, given(tmp_path / "a", [work("pmid-1", "Rest helps.")]))
    before = folder.passages()
    (outcome,) = take(folder, given(tmp_path / "b", [work("pmid-1", "Rest helps.")], how="test/2"))
    assert (outcome.tally.same, outcome.tally.new) == (1, 0)
    assert held(folder) == {"pmid-1": 1}
    assert folder.passages() == before


def test_a_file_that_was_read_is_not_read_again_under_any_name(folder, tmp_path):
    readings = [work("pmid-1", "Rest helps.")]
    take(folder, given(tmp_path / "a", readings))
    (outcome,) = take(folder, given(tmp_path / "renamed", readings))
    assert outcome.known
    (outcome,) = take(folder, given(tmp_path / "renamed", readings), again=True)
    assert (outcome.known, outcome.tally.same) == (False, 1)


def test_a_file_is_read_again_for_another_collection_or_once_its_own_was_removed(folder, tmp_path):
    readings = [work("pmid-1", "Rest helps.")]
    take(folder, given(tmp_path / "a", readings))
    (outcome,) = take(folder, given(tmp_path / "a", readings, collection="mine"))
    assert (outcome.known, held(folder)) == (False, {"pmid-1": 2})
    curation.remove(folder, [], "mine", lambda _: None, lambda _: None)
    assert held(folder) == {}
    (outcome,) = take(folder, given(tmp_path / "a", readings, collection="mine"))
    assert (outcome.known, held(folder)) == (False, {"pmid-1": 3})


def test_a_work_that_differs_becomes_the_current_version_and_the_earlier_one_stays(folder, tmp_path):
    take(folder, given(tmp_path / "a", [work("pmid-1", "Rest helps.")]))
    (outcome,) = take(folder, given(tmp_path / "b", [work("pmid-1", "Exercise helps.")]))
    assert outcome.tally.replaced == 1
    store = Store(folder.database)
    assert store.version("pmid-1", 1)[1]["pmid-1#1"].text == "Rest helps."
    assert store.sentence("pmid-1#1").text == "Exercise helps."
    assert [(c.kind.value, c.sentence) for c in store.changes(0, 9)] == [("text_changed", "pmid-1#1")]
    store.close()
    assert (found(folder, "rest"), found(folder, "exercise")) == ([], ["pmid-1"])


def test_a_sentence_that_only_moved_has_not_changed(folder, tmp_path):
    take(folder, given(tmp_path / "a", [work("pmid-1", "Rest helps.")]))
    take(folder, given(tmp_path / "b", [work("pmid-1", "Yes. Rest helps.")]))
    store = Store(folder.database)
    assert store.changes(0, 9) == ()
    store.close()


def test_a_work_that_is_taken_back_is_found_no_more_and_can_still_be_read(folder, tmp_path):
    take(folder, given(tmp_path / "a", [work("pmid-1", "Rest helps."), work("pmid-2", "Rest harms.")]))
    (outcome,) = take(folder, given(tmp_path / "b", [Deleted("pmid-1"), Deleted("pmid-9")]))
    assert (outcome.tally.asked, outcome.tally.deleted) == (2, 1)
    assert found(folder, "rest") == ["pmid-2"]
    store = Store(folder.database)
    assert store.source("pmid-1") is None
    assert store.version("pmid-1", 1) is not None
    assert [c.kind.value for c in store.changes(0, 9)] == ["vanished"]
    store.close()


def test_a_retraction_is_noted(folder, tmp_path):
    take(folder, given(tmp_path / "a", [work("pmid-1", "Rest helps.")]))
    take(folder, given(tmp_path / "b", [work("pmid-1", "Rest helps.", retracted=True)]))
    store = Store(folder.database)
    assert [(c.kind.value, c.now) for c in store.changes(0, 9)] == [("retracted", "retracted")]
    store.close()


def test_what_is_skipped_is_counted_by_reason_with_the_first_places(folder, tmp_path):
    skipped = [Skipped(f"PMID {n}", "It has no title.") for n in range(9)]
    (outcome,) = take(folder, given(tmp_path / "a", [*skipped, work("pmid-1", "Rest helps.")]))
    assert outcome.tally.skipped == {
        "It has no title.": (9, ("PMID 0", "PMID 1", "PMID 2", "PMID 3", "PMID 4"))
    }
    assert outcome.tally.read == outcome.tally.kept + 9


def test_a_file_that_breaks_off_keeps_what_stood_before_and_the_others_are_read(folder, tmp_path):
    broken = given(tmp_path / "a", [work("pmid-1", "Rest helps."), MalformedSource("It ends here.")])
    whole = given(tmp_path / "b", [work("pmid-2", "Rest helps.")])
    first, second = take(folder, broken, whole)
    assert (first.fault, first.tally.new, second.fault) == ("It ends here.", 1, None)
    assert held(folder) == {"pmid-1": 1, "pmid-2": 1}
    assert not take(folder, broken)[0].known


def test_a_slip_of_a_reader_is_told_and_costs_only_the_rest_of_its_file(folder, tmp_path):
    slipped = given(tmp_path / "a", [work("pmid-1", "Rest helps."), ZeroDivisionError("oh")])
    first, second = take(folder, slipped, given(tmp_path / "b", [work("pmid-2", "Rest.")]))
    assert "its reader failed (ZeroDivisionError: oh)" in first.fault
    assert (second.fault, held(folder)) == (None, {"pmid-1": 1, "pmid-2": 1})


def test_a_run_that_was_broken_off_goes_on_where_it_stopped(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "_BATCH", 10)
    monkeypatch.setattr("consilium.adapters.library.reading._RECORDS", 5)
    readings = [work(f"pmid-{n}", f"Fact {n}.") for n in range(50)]
    with pytest.raises(KeyboardInterrupt):
        take(folder, given(tmp_path / "a", [*readings[:33], KeyboardInterrupt(), *readings[33:]]))
    assert len(held(folder)) == 30
    again = given(tmp_path / "b", readings)
    again.path.write_bytes((tmp_path / "a").read_bytes())
    (outcome,) = take(folder, again)
    assert (outcome.resumed, outcome.tally.read, outcome.tally.new) == (30, 50, 50)
    assert len(held(folder)) == 50
    assert len(found(folder, "fact")) == 50


def test_long_works_are_written_before_many_of_them_fill_the_memory(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "_BYTES", 20_000)
    monkeypatch.setattr("consilium.adapters.library.reading._BYTES", 10_000)
    take(folder, given(tmp_path / "a", [work(f"pmc-{n}", "Rest helps. " * 1000) for n in range(8)]))
    store = Store(folder.database)
    assert store.works.change[0] == 4
    store.close()


def test_editions_are_noted_across_works_and_records(folder, tmp_path):
    take(folder, given(tmp_path / "a", [work("old", "Rest.", kind="guideline")]))
    take(folder, given(tmp_path / "b", [work("new", "Move.", kind="guideline", supersedes=["old"])]))
    store = Store(folder.database)
    assert [(c.source, c.kind.value, c.now) for c in store.changes(0, 9)] == [("old", "new_edition", "new")]
    store.close()


def test_an_evidence_record_is_not_replaced_by_a_work_of_its_id(folder, tmp_path):
    folder.path.mkdir()
    store = Store(folder.database, write=True)
    record = _record("nice-ng1")
    store.replace("starter", [record], "digest")
    store.close()
    (outcome,) = take(folder, given(tmp_path / "a", [work("nice-ng1", "Rest.")]))
    assert outcome.tally.kept == 0
    assert [count for count, _ in outcome.tally.skipped.values()] == [1]


def _record(name):
    return {"id": name, "kind": "study", "topics": [], "mesh": [], "reuse": {"license": "own_work"},
            "source": {"title": name, "publication_type": "Review", "status": "current"},
            "statements": []}  # fmt: skip


def test_a_dry_run_counts_and_writes_nothing(folder, tmp_path):
    take(folder, given(tmp_path / "a", [work("pmid-1", "Rest."), work("pmid-2", "Rest.")]))
    readings = [work("pmid-1", "Rest."), work("pmid-2", "Move."), work("pmid-3", "Rest.")]
    (outcome,) = engine.tried(folder, [given(tmp_path / "b", readings)], lambda _: None)
    assert (outcome.tally.same, outcome.tally.replaced, outcome.tally.new) == (1, 1, 1)
    assert held(folder) == {"pmid-1": 1, "pmid-2": 1}


def test_an_index_that_no_longer_fits_the_store_is_not_gone_on_from(folder, tmp_path):
    take(folder, given(tmp_path / "a", [work("pmid-1", "Rest.")]))
    earlier = folder.database.read_bytes()
    take(folder, given(tmp_path / "b", [work("pmid-2", "Rest.")]))
    for name in ("library.sqlite3-wal", "library.sqlite3-shm"):
        (folder.path / name).unlink(missing_ok=True)
    folder.database.write_bytes(earlier)
    take(folder, given(tmp_path / "c", [work("pmid-3", "Rest.")]))
    assert found(folder, "rest") == ["pmid-1", "pmid-3"]


def test_what_the_index_lacks_is_known_without_reading_the_works(folder, tmp_path):
    take(folder, given(tmp_path / "a", [work("pmid-1", "Rest.")]))
    store = Store(folder.database, write=True)
    assert not works_index.is_behind(folder, store)
    from consilium.adapters.library.journal import Entry
    from consilium.adapters.library.works import prepared

    store.take([([prepared(work("pmid-2", "Rest."))], Entry("d", "h", "literature", "f"))])
    assert works_index.is_behind(folder, store)
    store.close()
