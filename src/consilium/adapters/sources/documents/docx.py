"""Word documents become blocks: headings by their styles, lists by depth, tables by row."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from consilium.adapters.sources.documents.blocks import DEEPEST, Block, Document, Shape, spaced
from consilium.adapters.sources.documents.extras import needs
from consilium.adapters.sources.documents.rows import is_names, row_of
from consilium.errors import MalformedSource

if TYPE_CHECKING:
    from docx.document import Document as Word
    from docx.table import Table
    from docx.text.paragraph import Paragraph

UNPACKED_MOST = 200 * 2**20  # bytes; a guideline with its pictures is far below
RATIO_MOST = 150  # how far a part may be packed; running text packs about ten to one
PARTS_MOST = 5000
_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
_LIST = re.compile(r"list (?:bullet|number|paragraph)\s*(\d)?", re.IGNORECASE)
_TYPED = re.compile(r"[•■▪●◦○·–-]\s+(?=\S)")


def read_docx(data: bytes, name: str) -> Document:
    """The document that a Word file is.

    Raises:
        MalformedSource: it is no Word file, or unpacks to more than a document would.
        ConfigurationError: the readers of documents are not installed.
    """
    with needs("python-docx"):
        import docx  # noqa: PLC0415 - optional extra
    _weigh(data, name)
    try:
        word = docx.Document(io.BytesIO(data))
        return Document(tuple(_blocks(word)), _facts(word))
    except MalformedSource:
        raise
    except Exception as fault:  # the library lets any fault of the XML through
        raise MalformedSource(
            f"{name}: not a Word document that can be read; save it again as .docx."
        ) from fault


def _weigh(data: bytes, name: str) -> None:
    """Refuse what unpacks to far more than it is."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as fault:
        raise MalformedSource(f"{name}: not a Word document (.docx); save it again as .docx.") from fault
    size = sum(part.file_size for part in parts)
    bomb = any(part.file_size > 2**20 and part.file_size > RATIO_MOST * part.compress_size for part in parts)
    if size > UNPACKED_MOST or bomb or len(parts) > PARTS_MOST:
        raise MalformedSource(
            f"{name}: unpacks to {size // 2**20} MB, more than a document does; it was not opened."
        )


def _facts(word: Word) -> dict[str, Any]:
    about = word.core_properties
    facts = {"title": about.title, "language": about.language}
    return {key: spaced(value) for key, value in facts.items() if value and value.strip()}


def _blocks(word: Word) -> Iterator[Block]:
    from docx.table import Table  # noqa: PLC0415 - optional extra

    number = 0
    for inner in word.iter_inner_content():
        if isinstance(inner, Table):
            yield from _table(inner, f"para. {max(1, number)}")
            continue
        text = spaced(inner.text)
        if text:
            number += 1
            yield _block(inner, text, f"para. {number}")


def _block(paragraph: Paragraph, text: str, place: str) -> Block:
    style = (paragraph.style.name if paragraph.style is not None else None) or ""
    heading, listed = _HEADING.match(style), _LIST.match(style)
    if heading or style == "Title":
        return Block(Shape.HEADING, text, int(heading.group(1)) if heading else 1, place)
    depth = _depth(paragraph)
    typed = _TYPED.match(text)
    if depth is not None or listed or typed:
        level = depth if depth is not None else int((listed and listed.group(1)) or 1)
        return Block(Shape.ITEM, text[typed.end() :] if typed else text, min(max(1, level), DEEPEST), place)
    return Block(Shape.PARAGRAPH, text, place=place)


def _depth(paragraph: Paragraph) -> int | None:
    """How many lists a numbered or bulleted paragraph is in."""
    properties: Any = paragraph._p.pPr  # noqa: SLF001 - the library has no other way to the list
    numbering = properties.numPr if properties is not None else None
    if numbering is None:
        return None
    return 1 + (numbering.ilvl.val if numbering.ilvl is not None else 0)


def _table(table: Table, place: str) -> Iterator[Block]:
    header: list[str] = []
    for row in table.rows:
        cells = [spaced(cell.text) for cell in row.cells]
        if not header and len(cells) > 1:
            header = cells
            if is_names(cells):
                continue
        text = row_of([] if cells is header else header, cells)
        if text:
            yield Block(Shape.ROW, text, place=place)
