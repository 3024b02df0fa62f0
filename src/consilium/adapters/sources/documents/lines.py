"""Lines of plain text, as in a text file or on the pages of a PDF, become blocks.

What a heading, a list or a paragraph is has to be told from the lines: capitals, bullets, numbers, blank lines,
and how full the line before was.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from consilium.adapters.sources.documents.blocks import DEEPEST, Block, Shape, spaced
from consilium.adapters.sources.documents.rows import row_of

_BULLET = re.compile(r"\s*([•■▪●◼◦○·・➢✓*▶►‣⁃\uf0b7]|[-–—](?=\s))\s*(?=\S)|\s*(o)\s{2,}(?=\S)")
_NUMBERED = re.compile(r"\s*(?:\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})\)|\d{1,2}\.|[a-z]\.)\s+(?=\S)")
_SECTION = re.compile(r"\s*(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+(?=\S)")
_TABLE = re.compile(r"\s*\|.*\|\s*$")
_RULE = re.compile(r"[\s|:+=_*~─│┌┐└┘├┤┬┴┼-]+")
_PAGE_NUMBER = re.compile(r"\W*(?:page|p\.)?\W*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?\W*", re.IGNORECASE)
_NAMED = re.compile(
    r"(?:(?:clinical|differential|differntial|non-?drug|drug|notable|adverse|general|supportive|surgical|treatment|"
    r"medical|risk|initial|further|other|first|second)[ -]*)*(?:introduction|background|definitions?|epidemiology|"
    r"a?etiology|causes|pathogenesis|pathophysiology|classification|types|staging|clinicla features|features|"
    r"presentation|signs|symptoms|factors|diagnos[ie]s|investigations?|complications?|treatment|management|therapy|"
    r"goals?|objectives|measures|prevention|prognosis|follow[- ]?up|referral|references|bibliography|precautions?|"
    r"recommendations?|rationale|contraindications?|prophylaxis|monitoring|surgery|summary|indications|notes?|"
    r"caution|(?:drug )?reactions,? (?:contra-?indications|complications),? and cautions?)"
    r"(?: (?:of|for|in|to) (?:\S+ ?){1,7})?\s*:?",
    re.IGNORECASE,
)
HEADING_WORDS = 10
WIDEST = 0.95  # of lines in order of length; where a word would not have fitted below this width, the line was full
NARROW = 40  # characters; below, lines are ended by whoever wrote them
EDGE_LINES = 3  # so many lines at the top and bottom of a page may be running headers and footers
_KEPT_HYPHEN = re.compile(
    r"(?:^|\W)(?:non|self|pre|post|anti|co|follow|long|short|high|low|well|re|sub|multi|beta|alpha|gastro|x|\w)-$",
    re.IGNORECASE,
)


def blocks_of_pages(pages: Sequence[str], *, numbered: bool) -> list[Block]:
    """The blocks of a document by its pages; each is placed on the page where it begins, if they are numbered."""
    texts = [page.splitlines() for page in pages]
    running = _running(texts)
    lines = [
        _Line(line, f"p. {number}" if numbered else None)
        for number, page in enumerate(texts, 1)
        for line in _body(page, running)
    ]
    return list(_Reader(lines).blocks())


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    place: str | None


def _running(pages: Sequence[Sequence[str]]) -> set[str]:
    """Lines that stand at the top or bottom of most pages, whatever number is in them."""
    if len(pages) < 3:
        return set()
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_shape(line) for line in _edges(page) if line.strip()})
    return {line for line, count in seen.items() if count >= max(3, len(pages) / 2)}


def _edges(page: Sequence[str]) -> list[str]:
    printed = [line for line in page if line.strip()]
    return [*printed[:EDGE_LINES], *printed[-EDGE_LINES:]]


def _shape(line: str) -> str:
    return re.sub(r"\d+", "#", " ".join(line.split()))


def _body(page: Sequence[str], running: set[str]) -> Iterator[str]:
    printed = [at for at, line in enumerate(page) if line.strip()]
    edges = {*printed[:EDGE_LINES], *printed[-EDGE_LINES:]}
    ends = {*printed[:1], *printed[-1:]}
    for at, line in enumerate(page):
        if at in edges and _shape(line) in running:
            continue
        if at in ends and len(printed) > 1 and _PAGE_NUMBER.fullmatch(line):
            continue
        yield line


class _Reader:
    """Reads lines one by one; a block is open until something shows that it has ended."""

    def __init__(self, lines: Sequence[_Line]) -> None:
        self._lines = lines
        lengths = sorted(len(line.text.rstrip()) for line in lines if line.text.strip())
        self._width = lengths[int(len(lengths) * WIDEST)] if lengths else 0
        self._next = _following(lines)
        self._markers: list[str] = []
        self._open: Block | None = None
        self._last = 0
        self._header: list[str] = []

    def blocks(self) -> Iterator[Block]:
        """The blocks in order."""
        for at, line in enumerate(self._lines):
            text = spaced(line.text)
            if not text or _RULE.fullmatch(text):
                yield from self._close(line, text)
                continue
            following = self._next[at]
            begun = self._begun(line, text, following)
            if begun is None and self._open is not None:
                self._open = replace(self._open, text=_mended(self._open.text, text))
            else:
                yield from self._flush()
                self._open = begun or Block(Shape.PARAGRAPH, text, place=line.place)
                if self._open.shape is Shape.HEADING:
                    yield from self._flush()
            self._last = len(line.text.rstrip())
        yield from self._flush()

    def _close(self, line: _Line, text: str) -> Iterator[Block]:
        """A blank line ends a block, unless the page was turned in the middle of a sentence."""
        if text or not (self._open and line.place != self._open.place and _unfinished(self._open.text)):
            yield from self._flush()
        self._last = 0

    def _flush(self) -> Iterator[Block]:
        if self._open is not None:
            yield self._open
        self._open = None

    def _begun(self, line: _Line, text: str, following: str) -> Block | None:
        """The block that a line begins, or None where it goes on with the one before."""
        if _TABLE.match(line.text):
            return self._row(line)
        self._header = []
        bullet = _BULLET.match(line.text)
        if bullet and not self._range_goes_on(line.text, bullet.end()):
            return self._item(line, bullet.end(), bullet.group(1) or "o")
        level = self._heading(text, following)
        if level:
            self._markers = []
            return Block(Shape.HEADING, text.rstrip(":"), level, line.place)
        return None if self._goes_on(text) else self._fresh(line, text)

    def _fresh(self, line: _Line, text: str) -> Block:
        """The numbered paragraph, numbered item or paragraph that a line begins."""
        section, numbered = _SECTION.match(line.text), _NUMBERED.match(line.text)
        if section and "." in section.group(1):
            return Block(Shape.PARAGRAPH, spaced(line.text[section.end() :]), place=line.place)
        if numbered:
            return self._item(line, numbered.end(), re.sub(r"\w+", "#", numbered.group().strip()))
        if not _connects(text):
            self._markers = []
        return Block(Shape.PARAGRAPH, text, place=line.place)

    def _item(self, line: _Line, at: int, marker: str) -> Block:
        if marker in self._markers:
            del self._markers[self._markers.index(marker) + 1 :]
        elif len(self._markers) < DEEPEST:
            self._markers.append(marker)
        return Block(Shape.ITEM, spaced(line.text[at:]), len(self._markers), line.place)

    def _row(self, line: _Line) -> Block:
        cells = [spaced(cell) for cell in line.text.strip().strip("|").split("|")]
        if not self._header:
            self._header = cells
        text = row_of([] if cells is self._header else self._header, cells)
        return Block(Shape.ROW, text, place=line.place)

    def _range_goes_on(self, text: str, at: int) -> bool:
        """Whether a line begins with the dash of a range that the line before began: "0.5" / "- 1 g"."""
        before = self._open.text if self._open and self._last else ""
        return text[at].isdigit() and re.search(r"\d\s*(?:mg|g|ml|mL)?$", before) is not None

    def _goes_on(self, text: str) -> bool:
        """Whether a line without a mark of its own belongs to the open block."""
        if self._open is None or self._open.shape is Shape.ROW:
            return False
        if _connects(text) or _connects(self._open.text):
            return False
        if text[0].islower() or text[0] in "-–" or text[0] in ")],;%" or _unfinished_bracket(self._open.text):
            return True
        if self._last + 1 + len(text.split(maxsplit=1)[0]) > self._width >= NARROW and self._last:
            return True
        return self._open.text.endswith((",", "-", "–", "&", "/", "and", "or", "of", "the", "with"))

    def _heading(self, text: str, following: str) -> int:
        """The level of a heading, 0 if it is none."""
        words = text.rstrip(":").split()
        if len(words) > HEADING_WORDS or text.endswith((".", ",", ";", "?")) or not text[0].isalnum():
            return 0
        section = _SECTION.match(text)
        if section and "." in section.group(1):
            named = text[section.end() :]
            return section.group(1).count(".") + 1 if _titled(named) and not self._goes_on(text) else 0
        if _shouted(text) and not (self._open and _unfinished_bracket(self._open.text)):
            return 1
        if _NAMED.fullmatch(text) and text[0].isupper():
            return 2
        if text.endswith(":") or len(words) > 7 or not text[0].isupper() or re.search(r"\d", text):
            return 0
        listed = _BULLET.match(following) is not None
        return 3 if listed and not self._goes_on(text) and not _connects(text) else 0


def _following(lines: Sequence[_Line]) -> list[str]:
    """For each line, the next one that is not blank."""
    following, after = [""] * len(lines), ""
    for at in range(len(lines) - 1, -1, -1):
        following[at] = after
        after = lines[at].text if lines[at].text.strip() else after
    return following


def _titled(text: str) -> bool:
    return len(text.split()) <= HEADING_WORDS and text[:1].isupper() and not text.endswith(".")


def _shouted(text: str) -> bool:
    """Whether a line is printed in capitals."""
    letters = [c for c in re.sub(r"\([^)]*\)", "", text) if c.isalpha()]
    return len(letters) >= 4 and sum(c.isupper() for c in letters) >= 0.9 * len(letters) and text[-1] != ","


def _connects(text: str) -> bool:
    return re.fullmatch(r"(?:or|and|plus|then|and/or)\s*[:.]?", text, re.IGNORECASE) is not None


def _unfinished(text: str) -> bool:
    return not text.endswith((".", "!", "?", ":"))


def _unfinished_bracket(text: str) -> bool:
    return text.count("(") > text.count(")")


def _mended(text: str, more: str) -> str:
    """Two lines in one; a word that was broken at the end of the first is whole again."""
    if re.search(r"[a-z]-$", text) and more[0].islower():
        return text + more if _KEPT_HYPHEN.search(text) else text[:-1] + more
    return f"{text} {more}"
