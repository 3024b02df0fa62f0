"""Markdown becomes blocks: headings with their anchors, lists by depth, tables by row, the rest paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from consilium.adapters.sources.documents.blocks import DEEPEST, Block, Document, Shape, spaced
from consilium.adapters.sources.documents.rows import is_names, row_of

_HEADING = re.compile(r" {0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_UNDERLINE = re.compile(r" {0,3}(=+|-{2,})\s*$")
_ITEM = re.compile(r"(\s*)(?:[-*+•]|\d{1,9}[.)])\s+(?=\S)")
_FENCE = re.compile(r" {0,3}(```|~~~)")
_RULE = re.compile(r" {0,3}(?:[-*_]\s*){3,}$")
_DIVIDER = re.compile(r"\s*\|?[\s:|-]*-[\s:|-]*\|?\s*$")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_IMAGE = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)")
_LINK = re.compile(r"\[([^\[\]\n]*)\]\([^()\n]*\)")
_MARKS = re.compile(r"(\*{1,3}|_{2,3}|`+|~~)(?=\S)(.+?)(?<=\S)\1")
INDENT = 2  # so many spaces more are a list within a list


def read_markdown(text: str) -> Document:
    """The document that a Markdown text is."""
    lines = _COMMENT.sub("", text).splitlines()
    if lines and lines[0].strip() == "---" and "---" in (line.strip() for line in lines[1:]):
        closed = next(at for at, line in enumerate(lines[1:], 1) if line.strip() == "---")
        lines = lines[closed + 1 :]
    return Document(tuple(_Reader().blocks(lines)))


class _Reader:
    """Reads line by line; a paragraph or item is open until a line shows that it has ended."""

    def __init__(self) -> None:
        self._place: str | None = None
        self._open: tuple[Shape, list[str], int] | None = None
        self._indents: list[int] = []
        self._header: list[str] = []
        self._names: dict[str, int] = {}

    def blocks(self, lines: list[str]) -> Iterator[Block]:
        """The blocks in order."""
        fenced = False
        for line in lines:
            if _FENCE.match(line):
                fenced = not fenced
                yield from self._flush()
            elif not line.strip() or (_RULE.match(line) and not self._underlined(line)):
                yield from self._flush()
                self._header = [] if not line.strip() else self._header
            elif fenced:
                self._take(Shape.PARAGRAPH, line, 0)
                yield from self._flush()
            else:
                yield from self._line(line)
        yield from self._flush()

    def _underlined(self, line: str) -> bool:
        return self._open is not None and self._open[0] is Shape.PARAGRAPH and bool(_UNDERLINE.match(line))

    def _line(self, line: str) -> Iterator[Block]:
        heading, item = _HEADING.match(line), _ITEM.match(line)
        if heading:
            yield from self._flush()
            yield from self._head(heading.group(2), len(heading.group(1)))
        elif self._underlined(line) and self._open:
            text, self._open = " ".join(self._open[1]), None
            yield from self._head(text, 1 if "=" in line else 2)
        elif line.lstrip().startswith("|"):
            yield from self._flush()
            yield from self._row(line)
        elif item:
            yield from self._flush()
            self._take(Shape.ITEM, line[item.end() :], self._level(len(item.group(1).expandtabs(4))))
        elif self._open:
            self._open[1].append(line.lstrip(" >"))
        else:
            if not line[0].isspace():
                self._indents = []
            self._take(Shape.PARAGRAPH, line.lstrip(" >"), 0)

    def _head(self, text: str, level: int) -> Iterator[Block]:
        shown = _plain(text)
        self._indents = []
        if shown:
            self._place = self._anchor(shown)
            yield Block(Shape.HEADING, shown, level, self._place)

    def _anchor(self, heading: str) -> str:
        """The anchor that sites which show Markdown give a heading, numbered where it comes again."""
        name = re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
        count = self._names[name] = self._names.get(name, -1) + 1
        return f"#{name}-{count}" if count else f"#{name}"

    def _row(self, line: str) -> Iterator[Block]:
        if _DIVIDER.match(line):
            return
        cells = [_plain(cell) for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
        if not self._header:
            self._header = cells
            if is_names(cells):
                return
        text = row_of([] if cells is self._header else self._header, cells)
        if text:
            yield Block(Shape.ROW, text, place=self._place)

    def _level(self, indent: int) -> int:
        while self._indents and indent < self._indents[-1]:
            self._indents.pop()
        if not self._indents or (indent >= self._indents[-1] + INDENT and len(self._indents) < DEEPEST):
            self._indents.append(indent)
        return len(self._indents)

    def _take(self, shape: Shape, text: str, level: int) -> None:
        self._open = (shape, [text], level)

    def _flush(self) -> Iterator[Block]:
        if self._open:
            shape, lines, level = self._open
            text = _plain(" ".join(lines))
            if text:
                yield Block(shape, text, level, self._place)
        self._open = None


def _plain(text: str) -> str:
    """A text without marks, links, pictures and tags."""
    bare = _TAG.sub("", _LINK.sub(r"\1", _IMAGE.sub("", text)))
    bare = _MARKS.sub(r"\2", _MARKS.sub(r"\2", bare))
    return spaced(re.sub(r"\\([\\`*_{}\[\]()#+.!|>-])", r"\1", bare))
