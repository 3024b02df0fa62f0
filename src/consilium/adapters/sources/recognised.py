"""Tell what a file of literature is by what it holds, and which reader reads it."""

from __future__ import annotations

import importlib
import re
import zlib
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

from consilium.adapters.sources.markup import root_of
from consilium.adapters.sources.opened import GZIP, told
from consilium.adapters.sources.readings import Reading
from consilium.errors import MalformedSource

_HEAD = 1 << 16
_TAR = slice(257, 262)
_HTML = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html)\b", re.IGNORECASE | re.DOTALL)
_RECORD = re.compile(rb"^(?:- )?id:|^\s+statements:|^statements:", re.MULTILINE)


class Form(StrEnum):
    """What a file may be; the value is what ``--as`` takes."""

    RECORDS = "records"
    WORKS = "works"
    MEDLINE = "medline"
    NBIB = "nbib"
    JATS = "jats"
    JATS_TAR = "jats-tar"
    BEIR = "beir"
    MESH = "mesh"
    PDF = "pdf"
    HTML = "html"
    MARKDOWN = "markdown"
    DOCX = "docx"
    TEXT = "text"

    @property
    def is_document(self) -> bool:
        """Whether it is a guideline document, which needs to be told what it is."""
        return self in {Form.PDF, Form.HTML, Form.MARKDOWN, Form.DOCX, Form.TEXT}


_ROOTS = {
    "PubmedArticleSet": Form.MEDLINE,
    "PubmedBookArticleSet": Form.MEDLINE,
    "article": Form.JATS,
    "pmc-articleset": Form.JATS,
    "DescriptorRecordSet": Form.MESH,
    "html": Form.HTML,
}
# Where no byte tells, the name has to.
_NAMES = {
    ".yaml": Form.RECORDS, ".yml": Form.RECORDS, ".json": Form.RECORDS, ".jsonl": Form.RECORDS,
    ".txt": Form.TEXT, ".md": Form.MARKDOWN, ".markdown": Form.MARKDOWN, ".html": Form.HTML, ".htm": Form.HTML,
}  # fmt: skip
_READERS = {
    Form.WORKS: "consilium.adapters.sources.work_lines:read",
    Form.MEDLINE: "consilium.adapters.sources.medline.pubmed:read",
    Form.NBIB: "consilium.adapters.sources.medline.nbib:read",
    Form.JATS: "consilium.adapters.sources.jats.reading:read",
    Form.JATS_TAR: "consilium.adapters.sources.jats.reading:read_packed",
    Form.BEIR: "consilium.adapters.sources.beir:read",
}
# Checksums and lists of files, which stand beside what they are of.
_PASSED_OVER = (".md5", ".csv")


def form_of(path: Path) -> Form:
    """What a file is.

    Raises:
        MalformedSource: it cannot be read, or is none of what is known.
    """
    head, packed = _head_of(path)
    form = _told(head, path, packed=packed)
    if form is None:
        raise MalformedSource(
            f"{path} is not recognised. It may be said what it is by --as {', '.join(Form)}; "
            "a guideline document is a PDF, HTML, Markdown, DOCX or text file."
        )
    return form


def reader_of(form: Form) -> Callable[..., Iterator[Reading]]:
    """The reader ``read(path, tick)`` of the works in a file of this form.

    Raises:
        KeyError: records, vocabularies and guideline documents are read by readers of their own.
    """
    module, name = _READERS[form].split(":")
    found: Any = getattr(importlib.import_module(module), name)
    reader: Callable[..., Iterator[Reading]] = found
    return reader


def files_in(folder: Path) -> list[Path]:
    """The files of a folder and of those within it, in the order of their names; what stands beside them is left out.

    Baseline and update files of MEDLINE are numbered through, so this is the order in which they apply.
    """
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and not path.name.lower().endswith(_PASSED_OVER)
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def _head_of(path: Path) -> tuple[bytes, bool]:
    with told(path), path.open("rb") as file:
        head = file.read(_HEAD)
        if not head.startswith(GZIP):
            return head, False
        # Only so much is unpacked: what is packed may be made to unpack without end.
        return zlib.decompressobj(wbits=31).decompress(head, _HEAD), True


def _told(head: bytes, path: Path, *, packed: bool) -> Form | None:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    suffix = path.suffix.lower()
    if head.startswith(b"%PDF-"):
        form: Form | None = Form.PDF
    elif head.startswith(b"PK\x03\x04"):
        form = Form.DOCX if b"word/" in head or suffix == ".docx" else None
    elif head[_TAR] == b"ustar":
        form = Form.JATS_TAR
    elif not text or b"\x00" in text:
        form = None
    elif text.startswith(b"<"):
        form = Form.HTML if _HTML.match(text) else _ROOTS.get(root_of(text) or "")
    elif text.startswith((b"{", b"[")):
        form = _json(text)
    elif text.startswith(b"PMID-") or b"\nPMID- " in text:
        form = Form.NBIB
    elif _RECORD.search(text) and not packed and suffix in {".yaml", ".yml", ""}:
        form = Form.RECORDS
    else:
        form = _NAMES.get(suffix)
    return form


def _json(text: bytes) -> Form:
    line = text.split(b"\n", 1)[0]
    if b'"form": "work/' in line:
        return Form.WORKS
    document = b'"_id"' in line and (b'"text"' in line or b'"sections"' in line or b'"title"' in line)
    return Form.BEIR if document else Form.RECORDS
