"""What a file is is told by what it holds."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile

import pytest
from tests import literature as made

from consilium.adapters.sources import recognised
from consilium.adapters.sources.recognised import Form, files_in, form_of, reader_of
from consilium.errors import MalformedSource


def archive() -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w:gz") as file:
        info = tarfile.TarInfo("a.nxml")
        info.size = len(made.JATS.encode())
        file.addfile(info, io.BytesIO(made.JATS.encode()))
    return held.getvalue()


def docx() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        file.writestr("word/document.xml", "<w/>")
    return held.getvalue()


MESH = '<?xml version="1.0"?>\n<!DOCTYPE DescriptorRecordSet SYSTEM "x.dtd">\n<DescriptorRecordSet></DescriptorRecordSet>'
CASES = [
    ("a", made.pubmed(made.article()), Form.MEDLINE),
    ("a.gz", gzip.compress(made.pubmed(made.article())), Form.MEDLINE),
    ("a.txt", made.NBIB.encode(), Form.NBIB),
    ("a.bin", made.JATS.encode(), Form.JATS),
    ("a.xml", b"<!-- a comment --><pmc-articleset></pmc-articleset>", Form.JATS),
    ("a.tgz", archive(), Form.JATS_TAR),
    ("a.xml", MESH.encode(), Form.MESH),
    ("a.jsonl", b'{"_id": "1", "title": "t", "text": "x"}\n', Form.BEIR),
    ("a.jsonl", b'{"id": "x", "statements": []}\n', Form.RECORDS),
    ("a.json", b'[\n{"id": "x"}]', Form.RECORDS),
    ("a.yaml", b"id: x\nkind: study\n", Form.RECORDS),
    ("a", b"# a comment\nid: x\nstatements: []\n", Form.RECORDS),
    ("a.whatever", b"%PDF-1.7\n%\xe2\xe3", Form.PDF),
    ("a.aspx", b"\n<!DOCTYPE html>\n<html><p>x</html>", Form.HTML),
    ("a.html", b"plain words", Form.HTML),
    ("a.md", b"# Heading\n\nOffer walking.\n", Form.MARKDOWN),
    ("a", docx(), Form.DOCX),
]


@pytest.mark.parametrize("name,data,form", CASES, ids=[f"{form}-{name}" for name, _, form in CASES])
def test_a_file_is_known_by_its_content(tmp_path, name, data, form):
    path = tmp_path / name
    path.write_bytes(data)
    assert form_of(path) is form


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x02", b"<rss></rss>", b"just words", b"PK\x03\x04nothing"])
def test_what_is_none_of_them_says_how_to_say_it(tmp_path, data):
    path = tmp_path / "a"
    path.write_bytes(data)
    with pytest.raises(MalformedSource, match="--as records, works, medline"):
        form_of(path)


def test_every_form_of_literature_has_a_reader_and_documents_have_their_own():
    assert {form for form in Form if form in recognised._READERS} == {
        Form.MEDLINE, Form.NBIB, Form.JATS, Form.JATS_TAR, Form.BEIR, Form.WORKS,
    }  # fmt: skip
    assert all(callable(reader_of(form)) for form in recognised._READERS)
    assert [form.value for form in Form if form.is_document] == [
        "pdf",
        "html",
        "markdown",
        "docx",
        "text",
    ]


def test_a_folder_is_read_in_the_order_of_its_numbers(tmp_path):
    for name in ("pubmed26n0002.xml.gz", "pubmed26n0001.xml.gz", "pubmed26n0001.xml.gz.md5", ".hidden"):
        (tmp_path / name).write_bytes(b"x")
    assert [path.name for path in files_in(tmp_path)] == ["pubmed26n0001.xml.gz", "pubmed26n0002.xml.gz"]
