"""A cited source is retracted after the fact: out of the next answer, and the earlier one says so."""

from __future__ import annotations

import json
import shutil
import sqlite3
import time

import pytest
from tests.unit.test_notices_of_registers import SHARED, watch_csv

from consilium import wiring
from consilium.api import encoded, outcome_of
from consilium.domain.evidence import SourceStatus
from consilium.domain.question import Audience, Question

ASKED = "What is the treatment of gout?"


@pytest.fixture
def own(world, library_folder, tmp_path):
    """A library of one's own."""
    shutil.copytree(library_folder, tmp_path / "library")
    return tmp_path / "library"


def asked(library):
    world = wiring.world(library=library)
    return encoded(outcome_of(Question(ASKED, Audience.CLINICIAN), world), world)


def cited(article):
    return {reference["source"] for reference in article["content"].get("references", ())}


def notice_of(source, **more):
    return {
        "OriginalPaperPubMedID": source.pmid or "0",
        "OriginalPaperDOI": source.doi or "unavailable",
        **more,
    }


@pytest.fixture
def first(own):
    """A source that the answer cites, known by its DOI or PMID."""
    library = wiring.world(library=own).library
    held = [library.source(name) for name in sorted(cited(asked(own)))]
    return next(source for source in held if source.doi or source.pmid)


@pytest.fixture
def retract(own, run_cli, tmp_path):
    def told(*rows):
        done = run_cli(
            "library", "add", "retractions", str(watch_csv(tmp_path / "rw.csv", *rows)), library=own
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return told


def test_a_source_that_is_retracted_is_out_of_the_next_answer(own, first, retract):
    said = retract(notice_of(first, RetractionDate="2/6/2026 0:00", Reason="+Falsification;"))
    assert f"{first.id}: Retracted on 2026-02-06, says Retraction Watch, read on " in said
    again = asked(own)
    assert first.id not in cited(again)
    assert first.id not in json.dumps(again["content"])


def test_the_answer_says_that_it_left_the_source_out_and_by_whose_word(own, first, retract):
    retract(notice_of(first, RetractionDate="2/6/2026 0:00"))
    told = json.dumps(asked(own)["run"]["excluded"])
    assert "retracted" in told.lower()
    assert "says Retraction Watch" in told


def test_a_process_that_has_the_library_open_learns_of_it(own, first, retract):
    library = wiring.world(library=own).library
    assert library.source(first.id).status is not SourceStatus.RETRACTED
    retract(notice_of(first))
    judged = library.source(first.id)
    assert (judged.status, judged.retraction_checked) == (SourceStatus.RETRACTED, True)


def test_the_replay_of_the_earlier_article_says_so(own, first, retract, run_cli, tmp_path):
    file = tmp_path / "replay.json"
    run_cli("ask", ASKED, "--replay", str(file), library=own)
    assert run_cli("replay", str(file), library=own).returncode == 0
    retract(notice_of(first, RetractionDate="2/6/2026 0:00"))
    done = run_cli("replay", str(file), library=own)
    assert done.returncode == 10
    assert "generation of retractions none → 1" in done.stdout
    assert "retracted" in done.stdout.lower()
    assert first.id in done.stdout


def test_the_ledger_has_the_retraction_and_check_lists_the_source(own, first, retract, run_cli):
    retract(notice_of(first))
    changes = wiring.world(library=own).library.changes(0, 100)
    assert [(change.source, change.kind.value, change.now) for change in changes] == [
        (first.id, "retracted", "retracted")
    ]
    checked = run_cli("library", "check", library=own)
    assert f"{first.id}: Retracted, says Retraction Watch" in checked.stdout
    assert checked.returncode == 0


def test_the_same_file_again_changes_nothing(own, first, retract):
    retract(notice_of(first))
    assert "was read before" in retract(notice_of(first))
    assert len(wiring.world(library=own).library.changes(0, 100)) == 1


def test_a_newer_file_with_the_same_notice_tells_nobody_again(own, first, retract):
    retract(notice_of(first))
    said = retract(notice_of(first), {"OriginalPaperPubMedID": "1"})
    assert "1 new notices, 1 known" in said
    assert len(wiring.world(library=own).library.changes(0, 100)) == 1


def test_a_source_that_is_reinstated_is_in_use_again(own, first, retract):
    retract(notice_of(first, RetractionDate="2/6/2020 0:00"))
    retract(notice_of(first, RetractionDate="2/6/2021 0:00", RetractionNature="Reinstatement"))
    assert first.id in cited(asked(own))
    kinds = [change.kind.value for change in wiring.world(library=own).library.changes(0, 100)]
    assert kinds == ["retracted", "restored"]


def test_an_expression_of_concern_warns_and_does_not_bar(own, first, retract):
    retract(notice_of(first, RetractionNature="Expression of concern", RetractionDate="2/6/2026 0:00"))
    again = asked(own)
    (reference,) = [r for r in again["content"]["references"] if r["source"] == first.id]
    assert "expression of concern" in reference["status_note"].lower()


def test_a_work_that_is_added_after_its_retraction_is_retracted_from_the_first(
    own, retract, run_cli, tmp_path
):
    retract({"OriginalPaperPubMedID": "90000001"})
    from tests.outside.records import pubmed_xml

    (tmp_path / "p.xml").write_bytes(pubmed_xml(["90000001"]))
    done = run_cli("library", "add", str(tmp_path / "p.xml"), library=own)
    assert done.returncode == 0, done.stderr
    work = wiring.world(library=own).library.source("pmid-90000001")
    assert work.status is SourceStatus.RETRACTED


def test_a_work_that_is_held_and_then_retracted_is_in_the_ledger(own, retract, run_cli, tmp_path):
    from tests.outside.records import pubmed_xml

    (tmp_path / "p.xml").write_bytes(pubmed_xml(["90000001"]))
    run_cli("library", "add", str(tmp_path / "p.xml"), library=own)
    said = retract({"OriginalPaperDOI": "10.5555/MADE.90000001"})
    assert "pmid-90000001: Retracted" in said
    assert wiring.world(library=own).library.changes(0, 100)[-1].source == "pmid-90000001"


@pytest.mark.parametrize("said", [b"", b"a,b\n1,2\n", b"<x/>", b"Record ID,RetractionNature\n1,Retraction\n"])
def test_a_file_of_no_register_changes_nothing(own, run_cli, tmp_path, said):
    (tmp_path / "x.csv").write_bytes(said)
    done = run_cli("library", "add", "retractions", str(tmp_path / "x.csv"), library=own)
    assert (done.returncode, done.stdout) == (6, "")
    assert "Traceback" not in done.stderr
    assert wiring.world(library=own).library.generations() == {"starter": 1}


def test_a_file_that_is_not_there_is_named(own, run_cli, tmp_path):
    done = run_cli("library", "add", "retractions", str(tmp_path / "nothing.csv"), library=own)
    assert done.returncode == 6
    assert "nothing.csv" in done.stderr


def test_no_file_at_all_is_wrong_usage(own, run_cli):
    assert run_cli("library", "add", "retractions", library=own).returncode == 2


def test_a_write_that_fails_half_way_leaves_nothing(own, first, tmp_path):
    from consilium.adapters.library.notices import Read
    from consilium.adapters.library.store import Store
    from consilium.domain.notice import Notice, NoticeKind

    store = Store(own / "library.sqlite3", write=True)

    def notices():
        yield Notice(NoticeKind.RETRACTED, "R", first.pmid or "", (first.doi or "").lower())
        raise sqlite3.OperationalError("database or disk is full")

    with pytest.raises(Exception, match="nothing was changed"):
        store.take_notices(notices(), Read("x", "y", "2026-01-01"))
    store.close()
    assert wiring.world(library=own).library.source(first.id).status is first.status


@pytest.mark.alone
@pytest.mark.skipif(not SHARED.is_dir(), reason="the public data are not here")
def test_all_that_is_public_of_retractions_is_read_in_20_seconds(own, run_cli):
    files = (
        SHARED / "retractions/open_retractions_2020.jsonl.gz",
        SHARED / "fixtures/retractionwatch-sample.csv",
    )
    started = time.monotonic()
    done = run_cli("library", "add", "retractions", *map(str, files), library=own)
    took = time.monotonic() - started
    assert done.returncode == 0, done.stderr
    assert "114,531 new notices" in done.stdout
    assert took < 20
