"""Blocks become the sections of a work: headings its labels, lines its text, up to 250 words a passage."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from consilium.adapters.sources import recommendations
from consilium.adapters.sources.documents.blocks import Block, Shape
from consilium.adapters.sources.documents.leads import Line, lines_of
from consilium.adapters.sources.sentences import ends_of
from consilium.adapters.sources.works import Section
from consilium.domain.role import Role

PASSAGE_WORDS = 250
CELL_WORDS = 8  # a cell of a table up to here tells of the others in its row
MOST_KEPT = 60  # words of such cells that are said again
_UNREAD = re.compile(
    r"(?:\d[\d.]*\s*)?(?:(?:list of |further |selected )?references?|bibliography|literature cited|works cited|"
    r"acknowledge?ments?|(?:table of )?contents|index|(?:list of )?contributors|declarations? of interests?|"
    r"conflicts? of interests?|disclosures?|funding|footnotes?|copyright.*)\s*:?",
    re.IGNORECASE,
)
_METHODS = re.compile(
    r"\b(?:methods?|methodology|search strategy|literature search|how we (?:made|developed))\b", re.IGNORECASE
)
_AIM = re.compile(
    r"(?:aims?|purpose|scope|objectives?)(?: and (?:aims?|scope|objectives?|purpose))?", re.IGNORECASE
)
_RATIONALE = re.compile(
    r"\b(?:rationale|why the committee|evidence (?:summary|review|to decision)|justification)\b",
    re.IGNORECASE,
)


def sections_of(blocks: Sequence[Block], source: dict[str, Any]) -> list[Section]:
    """The sections of a document; lists of references, contents and the like are not among them."""
    sections: list[Section] = []
    passage = -1
    for path, under in _stretches(blocks, source["title"]):
        label = " > ".join(path) or None
        for lines in _passages(lines_of(under)):
            passage += 1
            for place, text in _by_place(lines):
                sections.append(_section(passage, label, place, text, source))
    return sections


def _stretches(blocks: Sequence[Block], title: str) -> Iterator[tuple[list[str], list[Block]]]:
    """Each heading's path with the blocks that stand right under it."""
    path: list[tuple[int, str]] = []
    under: list[Block] = []
    unread: int | None = None
    for block in blocks:
        if block.shape is not Shape.HEADING:
            if unread is None:
                under.append(block)
            continue
        if under:
            yield [name for _, name in path], under
            under = []
        if unread is not None and block.level > unread:
            continue
        unread = block.level if _UNREAD.fullmatch(block.text) else None
        path = [(level, name) for level, name in path if level < block.level]
        if block.text.casefold() != title.casefold() or path:
            path.append((block.level, block.text.rstrip(" :")))
    if under:
        yield [name for _, name in path], under


def _passages(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Lines in groups of at most 250 words; a longer line is split where a sentence ends."""
    group: list[Line] = []
    words = 0
    for line in (part for whole in lines for part in _parts(whole)):
        count = len(line.text.split())
        if group and words + count > PASSAGE_WORDS:
            yield group
            group, words = [], 0
        group.append(line)
        words += count
    if group:
        yield group


def _parts(line: Line) -> Iterator[Line]:
    """A line, in parts of a passage's length; every part of a row keeps its short cells, such as its grade."""
    if len(line.text.split()) <= PASSAGE_WORDS:
        yield line
        return
    cells = line.text.split(" | ")
    short = [cell for cell in cells if len(cell.split()) <= CELL_WORDS] if len(cells) > 1 else []
    if sum(len(cell.split()) for cell in short) > MOST_KEPT:
        short = []
    long = " | ".join(cell for cell in cells if cell not in short)
    kept = "".join(f"{cell} | " for cell in short)
    for text in _split(long, PASSAGE_WORDS - len(kept.split())):
        yield Line(kept + text, line.place)


def _split(text: str, most: int) -> Iterator[str]:
    start, kept = 0, 0
    for end in ends_of(text):
        if kept > start and len(text[start:end].split()) > most:
            yield text[start:kept].strip()
            start = kept
        kept = end
    yield from _chopped(text[start:].strip())


def _chopped(text: str) -> Iterator[str]:
    """A sentence that is longer than a passage (a table run together) in stretches of a passage's length."""
    words = text.split()
    for at in range(0, len(words), PASSAGE_WORDS):
        yield " ".join(words[at : at + PASSAGE_WORDS])


def _by_place(lines: Sequence[Line]) -> Iterator[tuple[str | None, str]]:
    texts: list[str] = []
    place: str | None = None
    for line in lines:
        if texts and line.place != place:
            yield place, "\n".join(texts)
            texts = []
        place = line.place
        texts.append(line.text)
    if texts:
        yield place, "\n".join(texts)


def _section(
    passage: int, label: str | None, place: str | None, text: str, source: dict[str, Any]
) -> Section:
    ends = recommendations.with_grades(text, _ends_by_line(text))
    section = Section(
        passage=passage, label=label, role=_role(label).value, text=text, ends=ends, place=place
    )
    advice = recommendations.advice_in(text, ends, label, source)
    if advice:
        section["advice"] = advice
    return section


def _ends_by_line(text: str) -> list[int]:
    ends: list[int] = []
    start = 0
    for line in text.split("\n"):
        ends += [start + end for end in ends_of(line)]
        start += len(line) + 1
    return ends


def _role(label: str | None) -> Role:
    names = (label or "").split(" > ")
    if any(_METHODS.search(name) for name in names):
        return Role.METHODS
    if _AIM.fullmatch(names[-1].strip()):
        return Role.AIM
    return Role.RATIONALE if _RATIONALE.search(names[-1]) else Role.OTHER
