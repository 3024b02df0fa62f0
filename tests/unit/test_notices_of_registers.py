"""What registers say of works: read in their four forms, and the one notice that decides."""

from __future__ import annotations

import contextlib
import csv
import gzip
import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.outside.crossref import _work as crossref_work
from tests.outside.records import BY_PMID, RECORDS, pubmed_xml

from consilium.adapters.sources.retractions.identities import doi_of, pmid_of
from consilium.adapters.sources.retractions.reading import read
from consilium.domain.notice import Notice, NoticeKind, deciding
from consilium.errors import MalformedSource

SHARED = Path(__file__).resolve().parents[3] / "shared/data"
RETRACTED, CONCERN, CORRECTED, REINSTATED = (
    NoticeKind.RETRACTED, NoticeKind.CONCERN, NoticeKind.CORRECTED, NoticeKind.REINSTATED,
)  # fmt: skip
COLUMNS = (
    "Record ID", "Title", "RetractionDate", "RetractionDOI", "RetractionPubMedID", "OriginalPaperDate",
    "OriginalPaperDOI", "OriginalPaperPubMedID", "RetractionNature", "Reason", "Notes",
)  # fmt: skip


def watch_csv(path, *rows):
    """A file of Retraction Watch with these rows."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for number, row in enumerate(rows):
            writer.writerow({"Record ID": number, "RetractionNature": "Retraction", **row})
    return path


def found(path):
    return [item for item in read(path) if isinstance(item, Notice)]


def skipped(path):
    return [item for item in read(path) if not isinstance(item, Notice)]


def test_a_row_of_retraction_watch_is_a_notice(tmp_path):
    row = {
        "RetractionDate": "2/6/2010 0:00", "RetractionDOI": "10.1/N", "RetractionPubMedID": "11",
        "OriginalPaperDOI": "10.1016/S0140-6736(97)11096-0", "OriginalPaperPubMedID": "9500320",
        "Reason": "+Falsification of Data;+Investigation;",
    }  # fmt: skip
    (notice,) = found(watch_csv(tmp_path / "rw.csv", row))
    assert (notice.kind, notice.pmid, notice.doi) == (RETRACTED, "9500320", "10.1016/s0140-6736(97)11096-0")
    assert (notice.day, notice.notice, notice.why) == (
        "2010-02-06",
        "pmid:11",
        "Falsification of Data; Investigation",
    )


@pytest.mark.parametrize(
    "nature,kind",
    [("Expression of concern", CONCERN), ("correction", CORRECTED), (" Reinstatement ", REINSTATED)],
)
def test_the_nature_of_a_notice_is_read(tmp_path, nature, kind):
    row = {"OriginalPaperPubMedID": "1", "RetractionNature": nature}
    assert [n.kind for n in found(watch_csv(tmp_path / "rw.csv", row))] == [kind]


@pytest.mark.parametrize(
    "row",
    [
        {"OriginalPaperDOI": "unavailable", "OriginalPaperPubMedID": "0"},
        {"OriginalPaperPubMedID": "1", "RetractionNature": "Rumour"},
        {},
    ],
)
def test_a_row_that_says_nothing_of_a_known_work_is_skipped_with_its_line(tmp_path, row):
    (left,) = skipped(watch_csv(tmp_path / "rw.csv", {"OriginalPaperPubMedID": "7"}, row))
    assert left.place == "line 3"


def test_a_day_that_cannot_be_is_left_out(tmp_path):
    row = {"OriginalPaperPubMedID": "7", "RetractionDate": "13/45/2010"}
    assert [n.day for n in found(watch_csv(tmp_path / "rw.csv", row))] == [""]


def lines(path, *rows):
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows))
    return path


def opened(type_, *, retracted=False, doi="10.5555/a"):
    updates = [{"timestamp": 1591760408044, "identifier": {"doi": "10.5555/B"}, "type": type_}]
    return {"retracted": retracted, "updates": updates, "identifier": {"doi": doi}}


@pytest.mark.parametrize(
    "type_,kind",
    [
        ("retraction", RETRACTED), ("Retraction", RETRACTED), ("retration", RETRACTED), ("err", CORRECTED),
        ("withdrawal", NoticeKind.WITHDRAWN), ("removal", NoticeKind.WITHDRAWN), ("Corrigendum", CORRECTED),
        ("expression-of-concern", CONCERN), ("expression_of_concern", CONCERN), ("corrected-article", CORRECTED),
    ],
)  # fmt: skip
def test_the_type_of_a_notice_is_read_as_publishers_write_it(tmp_path, type_, kind):
    assert [n.kind for n in found(lines(tmp_path / "o.jsonl", opened(type_)))] == [kind]


def test_a_work_that_is_said_to_be_retracted_is_so_under_whatever_type(tmp_path):
    (notice,) = found(lines(tmp_path / "o.jsonl", opened("erratum", retracted=True)))
    assert (notice.kind, notice.doi, notice.notice) == (RETRACTED, "10.5555/a", "doi:10.5555/b")


@pytest.mark.parametrize(
    "row", ["{", "[1]", '{"identifier": 3, "updates": []}', json.dumps(opened("comment")), '{"a":' * 5_000]
)
def test_a_line_that_is_no_notice_is_skipped_and_the_rest_is_read(tmp_path, row):
    file = lines(tmp_path / "o.jsonl", opened("retraction"), row, opened("retraction"))
    assert len(found(file)) == 2
    assert [left.place for left in skipped(file)] == ["line 2"]


def test_a_packed_file_is_read(tmp_path):
    (tmp_path / "o.jsonl.gz").write_bytes(gzip.compress(json.dumps(opened("retraction")).encode()))
    assert len(found(tmp_path / "o.jsonl.gz")) == 1


def test_pubmed_says_so_of_the_work_itself_and_of_another(tmp_path):
    (tmp_path / "p.xml").write_bytes(pubmed_xml(BY_PMID))
    kinds = {(n.kind, n.pmid, n.notice) for n in found(tmp_path / "p.xml")}
    assert kinds == {(RETRACTED, "90000003", "pmid:90000004")}
    assert len(found(tmp_path / "p.xml")) == 2


def test_a_retracted_publication_without_its_notice_is_retracted(tmp_path):
    body = pubmed_xml(["90000001"]).replace(b">Practice Guideline<", b">Retracted Publication<")
    (tmp_path / "p.xml").write_bytes(body)
    assert [(n.kind, n.pmid, n.doi) for n in found(tmp_path / "p.xml")] == [
        (RETRACTED, "90000001", "10.5555/made.90000001")
    ]


@pytest.mark.parametrize(
    "wrapped", [lambda w: {"message": w}, lambda w: {"message": {"items": [w]}}, lambda w: [w]]
)
def test_crossref_says_which_work_a_notice_updates(tmp_path, wrapped):
    file = lines(tmp_path / "c.json", json.dumps(wrapped(crossref_work(RECORDS[3])), indent=1))
    (notice,) = found(file)
    assert (notice.kind, notice.doi, notice.day) == (RETRACTED, "10.5555/made.90000003", "2013-05-06")
    assert (notice.register, notice.notice) == ("Crossref", "doi:10.5555/made.90000004")


def test_crossref_says_what_a_work_was_updated_by(tmp_path):
    by = [{"DOI": "10.5555/N", "type": "expression_of_concern", "source": "retraction-watch"}]
    (notice,) = found(lines(tmp_path / "c.json", {"DOI": "10.5555/W", "updated-by": by}))
    assert (notice.kind, notice.doi, notice.register) == (CONCERN, "10.5555/w", "Retraction Watch")


@pytest.mark.parametrize(
    "said",
    [
        b"", b"id: a record\n", b"%PDF-1.7", b"<html></html>", b"<PubmedArticleSet><Pubmed", b'{"message": 3}', b"{",
        b'Record ID,RetractionNature\n1,"', b"\x1f\x8bnot packed",
    ],
)  # fmt: skip
def test_a_file_of_no_register_is_a_clear_error(tmp_path, said):
    (tmp_path / "x").write_bytes(said)
    with pytest.raises(MalformedSource, match="x"):
        list(read(tmp_path / "x"))


@given(st.binary(max_size=400))
def test_no_file_whatever_makes_another_error(tmp_path_factory, said):
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(said)
    with contextlib.suppress(MalformedSource):
        list(read(path))


@pytest.mark.parametrize(
    "told,doi",
    [
        ("10.5555/A", "10.5555/a"), ("https://doi.org/10.5555/A", "10.5555/a"), ("doi: 10.5555/A", "10.5555/a"),
        ("unavailable", ""), ("Unavailable", ""), ("", ""), (None, ""), (10.5, ""), ("10.5555/", ""), ("10.5555/a b", ""),
    ],
)  # fmt: skip
def test_a_doi_is_made_comparable(told, doi):
    assert doi_of(told) == doi


@pytest.mark.parametrize(
    "told,pmid", [("9500320", "9500320"), (12, "12"), ("0", ""), ("", ""), ("PMC1", ""), (None, "")]
)
def test_a_pmid_of_nothing_is_none(told, pmid):
    assert pmid_of(told) == pmid


def said(kind, day="", register="R"):
    return Notice(kind, register, "1", "", day)


@pytest.mark.parametrize(
    "notices,kind",
    [
        ([], None),
        ([said(CORRECTED)], None),
        ([said(CONCERN), said(RETRACTED), said(CORRECTED)], RETRACTED),
        ([said(NoticeKind.WITHDRAWN), said(CONCERN)], NoticeKind.WITHDRAWN),
        ([said(RETRACTED, "2010-01-01"), said(REINSTATED, "2011-01-01")], None),
        ([said(RETRACTED, "2012-01-01"), said(REINSTATED, "2011-01-01")], RETRACTED),
        ([said(RETRACTED), said(REINSTATED, "2011-01-01"), said(CONCERN, "2012-01-01")], CONCERN),
    ],
)
def test_the_gravest_notice_that_was_not_taken_back_decides(notices, kind):
    assert (found := deciding(notices)) is None or found.kind is kind
    assert (found and found.kind) is kind


def test_of_several_retractions_the_first_with_a_day_is_told():
    assert (
        deciding([said(RETRACTED), said(RETRACTED, "2011"), said(RETRACTED, "2010-02-06")]).day
        == "2010-02-06"
    )


def test_a_notice_is_told_with_who_says_so_and_when_it_was_read():
    notice = Notice(RETRACTED, "PubMed", "1", "", "2010-02-06", "pmid:2", "J Made 2010", "2026-11-30")
    assert notice.told() == "Retracted on 2010-02-06 (pmid:2), says PubMed, read on 2026-11-30: J Made 2010"


def test_what_a_register_wrote_is_told_short_and_without_markup():
    notice = Notice(
        RETRACTED, "R", "1", "", "", "doi:10.1/a<b>", "<b>Fraud</b>\x00 see https://x.test/ " + "x " * 300
    )
    assert notice.told().startswith("Retracted, says R: b Fraud /b see x x")
    assert len(notice.told()) < 230


@pytest.mark.skipif(not SHARED.is_dir(), reason="the public data are not here")
def test_the_registers_that_are_public_are_read_to_their_end():
    watch = Counter(n.kind for n in found(SHARED / "fixtures/retractionwatch-sample.csv"))
    assert watch == {RETRACTED: 9, CORRECTED: 3, CONCERN: 1}
    public = list(read(SHARED / "retractions/open_retractions_2020.jsonl.gz"))
    assert len(public) == 114_615
    assert sum(isinstance(item, Notice) for item in public) == 114_537
