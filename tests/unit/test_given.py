"""What was named becomes files: in order, each with what it is and how it is read."""

from __future__ import annotations

import json

import pytest
from tests.works import work

from consilium.adapters.library.given import file_of, found
from consilium.adapters.sources.recognised import Form
from consilium.errors import MalformedSource


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "b.jsonl").write_text(json.dumps(work("w-1", "Rest.")) + "\n", "utf-8")
    (tmp_path / "a.txt").write_text("Offer rest to adults.\n", "utf-8")
    (tmp_path / "a.txt.about.yaml").write_text("title: Rest\norganisation: Us\nyear: 2024\n", "utf-8")
    (tmp_path / ".hidden.txt").write_text("x", "utf-8")
    (tmp_path / "odd.bin").write_bytes(b"\x00")
    return tmp_path


def test_a_folder_is_gone_through_in_the_order_of_names_and_what_is_not_known_is_told(folder):
    given, left = found([folder], None)
    assert [(item.path.name, item.form) for item in given] == [("a.txt", Form.TEXT), ("b.jsonl", Form.WORKS)]
    assert [path.name for path in left] == ["odd.bin"]


def test_whoever_says_what_files_are_is_believed(folder):
    given, _ = found([folder / "a.txt"], Form.MARKDOWN)
    assert given[0].form is Form.MARKDOWN


def test_a_file_that_is_named_must_be_something_known(folder):
    with pytest.raises(MalformedSource, match="not recognised"):
        found([folder / "odd.bin"], None)


def test_documents_and_literature_are_kept_apart_unless_a_collection_is_named(folder):
    given, _ = found([folder], None)
    assert [file_of(item, {}, None).collection for item in given] == ["guidelines", "literature"]
    assert {file_of(item, {}, "mine").collection for item in given} == {"mine"}


def test_a_document_is_read_again_when_something_else_is_told_of_it(folder):
    (document, literature), _ = found([folder], None)
    before = file_of(document, {}, None).how
    assert file_of(document, {"year": 2025}, None).how != before
    (folder / "a.txt.about.yaml").write_text("title: Rest\norganisation: Us\nyear: 2025\n", "utf-8")
    assert file_of(document, {}, None).how != before
    assert file_of(literature, {}, None).how == file_of(literature, {"year": 2025}, None).how


def test_a_document_becomes_a_work_with_what_its_side_car_says(folder):
    (document, _), _ = found([folder], None)
    (made,) = file_of(document, {"year": 2026}, None).read(lambda _: None)
    assert (made["source"]["title"], made["source"]["year"]) == ("Rest", 2026)
