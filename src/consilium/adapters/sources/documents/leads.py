"""Items of lists keep what they hang on: the lead-in ("Offer one of:"), the drug, the "or" between them.

An item that says nothing alone is given its lead-in in front ("Cefuroxime: Adult: 250 mg orally"); a short list
after a colon, and every list of conditions, becomes one line, so that no condition is parted from another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from consilium.adapters.sources.documents.blocks import Block, Shape

LIST_WORDS = 45  # a list up to here stands in one line after its colon
CONDITION_WORDS = 120  # conditions up to here are kept in one line
NOUN_WORDS = 6  # an item up to here without a verb or number may be the name of what follows
_CONNECTIVE = re.compile(r"(?:and/or|or|and|plus|then|followed by|either)\s*[:.,]?", re.I)
_OPENS_LIST = re.compile(r"(?::|\b(?:includ\w+|are|is|be|following|with|to|by|using|of|for))\s*[-–—]?$", re.I)
_CONDITIONS = re.compile(
    r"\b(?:if|when|unless|where|who|all of|both of|at least|any of|one or more|criteria|except|following)\b", re.I
)
_HANGS = re.compile(
    r"\(?(?:adults?|child(?:ren)?|infants?|neonat\w*|newborns?|p(?:a)?ediatric\w*|elderly|orally|intravenous(?:ly)?|"
    r"iv|im|maintenance|initially|initial dose|maximum|under|over|up to|(?:or\s+)?[<>≤≥]?\s*\d[\d.,]*\s*"
    r"(?:[-–]\s*\d[\d.,]*\s*)?(?:mg|g|mcg|µg|μg|ml|mls|units?|iu|%|years?|months?|weeks?|days?|kg)?)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a section: a paragraph, a row, or an item with what it hangs on."""

    text: str
    place: str | None


@dataclass(frozen=True, slots=True)
class _Lead:
    depth: float
    text: str


def lines_of(blocks: Sequence[Block]) -> list[Line]:
    """The lines that the blocks under one heading make."""
    lines: list[Line] = []
    leads: list[_Lead] = []
    waiting = ""
    at = 0
    while at < len(blocks):
        block, at = blocks[at], at + 1
        if _CONNECTIVE.fullmatch(block.text):
            waiting = block.text.rstrip(" :.,") + ": "
            continue
        depth = block.level if block.shape is Shape.ITEM else 0
        hangs = _HANGS.match(block.text) is not None
        leads = [lead for lead in leads if lead.depth < depth - (0 if hangs else 0.5)]
        block = replace(block, text=waiting + block.text)
        waiting = ""
        below = _below(blocks, at, depth)
        if below and _leads(block):
            whole = _whole(block, below)
            if whole:
                lines.append(Line(_led(leads, whole), block.place))
                at += len(below)
            else:
                leads.append(_Lead(depth, block.text))
        elif not below and _names_next(block, blocks[at : at + 1]):
            leads.append(_Lead(depth - 0.5, block.text))
        else:
            lines.append(Line(_led(leads, block.text), block.place))
    return lines


def _below(blocks: Sequence[Block], at: int, depth: int) -> list[Block]:
    """The items that stand under a block of this depth."""
    end = at
    while end < len(blocks) and blocks[end].shape is Shape.ITEM and blocks[end].level > depth:
        end += 1
    return list(blocks[at:end])


def _leads(block: Block) -> bool:
    if block.shape is Shape.ROW:
        return False
    if _OPENS_LIST.search(block.text):
        return True
    short = len(block.text.split()) <= 2 * NOUN_WORDS
    return block.shape is Shape.ITEM and short and not block.text.endswith((".", "!", "?"))


def _names_next(block: Block, following: Sequence[Block]) -> bool:
    """Whether an item only names what the next one, at the same depth, says more of ("Amoxicillin")."""
    if block.shape is not Shape.ITEM or not following:
        return False
    after = following[0]
    beside = after.shape is Shape.ITEM and after.level == block.level
    named = len(block.text.split()) <= NOUN_WORDS and not re.search(r"\d|[.;!?]$", block.text)
    return beside and named and _HANGS.match(after.text) is not None and _HANGS.match(block.text) is None


def _whole(lead: Block, below: Sequence[Block]) -> str | None:
    """Lead-in and list in one line, where they may not be parted or are short."""
    if len({item.level for item in below}) > 1 or not _OPENS_LIST.search(lead.text):
        return None
    words = len(lead.text.split()) + sum(len(item.text.split()) for item in below)
    most = CONDITION_WORDS if _CONDITIONS.search(lead.text) else LIST_WORDS
    sentences = any(re.search(r"[.!?]\s+\S", item.text) for item in below)
    if words > most or sentences:
        return None
    parts = [re.sub(r"[;,.]?\s*(\b(?:or|and))?[;,.]?$", r" \1", item.text).rstrip() for item in below]
    listed = [part if _CONNECTIVE.match(part[-3:].strip()) else f"{part};" for part in parts[:-1]]
    return " ".join([lead.text, *listed, parts[-1] + "."])


def _led(leads: Sequence[_Lead], text: str) -> str:
    told = [lead.text if lead.text.endswith((":", ",", "-", "–")) else f"{lead.text}:" for lead in leads]
    return " ".join([*told, text])
