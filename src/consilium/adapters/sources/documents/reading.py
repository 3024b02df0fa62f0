"""Read guideline documents from files: PDF, web pages, Markdown, Word, plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from consilium.adapters.sources.documents import about
from consilium.adapters.sources.documents.blocks import Document, Shape
from consilium.adapters.sources.documents.docx import read_docx
from consilium.adapters.sources.documents.html import read_html
from consilium.adapters.sources.documents.lines import blocks_of_pages
from consilium.adapters.sources.documents.markdown import read_markdown
from consilium.adapters.sources.documents.pdf import read_pdf
from consilium.adapters.sources.documents.sections import sections_of
from consilium.adapters.sources.readings import Reading, Skipped
from consilium.adapters.sources.sentences import VERSION
from consilium.adapters.sources.works import FORM, Work
from consilium.errors import MalformedSource

ENDINGS = frozenset({".pdf", ".html", ".htm", ".xhtml", ".md", ".markdown", ".docx", ".txt"})
HEAD = 1024
BYTES_MOST = 64 * 2**20  # a PDF is opened by a process of its own and may be larger
_PAGE = re.compile(rb"\s*(?:<!--[^>]*-->\s*)*<(?:!doctype html|html)\b", re.IGNORECASE)


def is_document(path: Path) -> bool:
    """Whether a file is a document by its name; side-cars are not."""
    return path.suffix.lower() in ENDINGS


def read(path: Path, told: Mapping[str, Any] | None = None) -> Iterator[Reading]:
    """The work that a document is, after what of it could not be read.

    Args:
        path: the file; what is known of it may stand beside it, in ``<file>.about.yaml``.
        told: what is known of it, by the names of a side-car; stronger than the side-car.

    Raises:
        MalformedSource: it cannot be read, or title, organisation or year are nowhere said.
        ConfigurationError: the readers of documents are not installed.
    """
    facts = about.side_car_of(path) | about.checked(dict(told or {}), path.name)
    document = _document(path)
    for missing in document.missing:
        place, _, reason = missing.partition(": ")
        yield Skipped(f"{path.name}, {place}", reason)
    yield work_of(document, facts, path.name)


def work_of(document: Document, told: Mapping[str, Any], name: str) -> Work:
    """The work that a document is, with what was told of it.

    Raises:
        MalformedSource: there is no text in it, or title, organisation or year are nowhere said.
    """
    if not any(block.shape is not Shape.HEADING for block in document.blocks):
        raise MalformedSource(f"{name}: no text was found in it; nothing was added.")
    first = next((block.text for block in document.blocks if block.shape is Shape.HEADING), None)
    facts = about.completed(told, document.facts, first, name)
    source = about.source_of(facts)
    sections = sections_of(document.blocks, source)
    if not sections:
        raise MalformedSource(f"{name}: only references, contents and the like were found in it.")
    return Work(
        form=FORM,
        id=about.id_of(facts),
        kind="guideline",
        source=source,
        licence=facts.get("licence"),
        quoted=about.is_quoted(facts),
        topics=facts.get("topics", []),
        mesh=facts.get("mesh", []),
        splitter=VERSION,
        sections=sections,
    )


def _document(path: Path) -> Document:
    """The document, by how the file begins and, where that does not tell, by its name."""
    head = _data(path, most=None)
    ending = path.suffix.lower()
    if ending == ".pdf" or b"%PDF-" in head:
        return read_pdf(path)
    data = _data(path, most=BYTES_MOST)
    if ending == ".docx" or data.startswith(b"PK\x03\x04"):
        return read_docx(data, path.name)
    if ending in {".html", ".htm", ".xhtml"} or _PAGE.match(data):
        return read_html(data, path.name)
    text = _decoded(data, path.name)
    if ending in {".md", ".markdown"}:
        return read_markdown(text)
    return Document(tuple(blocks_of_pages(text.split("\f"), numbered=False)))


def _data(path: Path, most: int | None) -> bytes:
    """The bytes of a file of at most this size, or only how it begins; a fault where it cannot be opened."""
    try:
        if most is None:
            with path.open("rb") as file:
                return file.read(HEAD)
        if path.stat().st_size > most:
            raise MalformedSource(
                f"{path.name}: over {most // 2**20} MB, more than a document has. Split it."
            )
        return path.read_bytes()
    except OSError as fault:
        raise MalformedSource(f"{path.name}: cannot be opened ({fault.strerror}).") from fault


def _decoded(data: bytes, name: str) -> str:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as fault:
        raise MalformedSource(
            f"{name}: not UTF-8 text (byte {fault.start + 1}). Save it as UTF-8, then add it again."
        ) from fault
