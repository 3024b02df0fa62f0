"""What every reader of documents makes of a file: blocks in reading order, and what the file says of itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

DEEPEST = 6  # lists within lists beyond here count as this deep


class Shape(StrEnum):
    """What a block is on the page."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph, list item or table row.

    Attributes:
        level: of a heading, 1 for the outermost; of an item, how many lists it is in, from 1.
        place: where a reader finds it: "p. 12", "#treatment", "para. 7".
        group: of an item, the number of the outermost list, where the file tells lists apart.
    """

    shape: Shape
    text: str
    level: int = 0
    place: str | None = None
    group: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """A document as read: its blocks, its own title, issuer, year and language, and what could not be read.

    Attributes:
        facts: named as in a side-car; only what the file itself says.
        missing: what of it has no text, each in a sentence.
    """

    blocks: tuple[Block, ...]
    facts: dict[str, Any] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


def spaced(text: str) -> str:
    """A text on one line, without soft hyphens, zero-width and control characters."""
    kept = "".join(c for c in text if c.isprintable() or c.isspace())
    return " ".join(kept.replace("\u00ad", "").split())
