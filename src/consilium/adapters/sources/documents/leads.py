"""Items of lists keep what they hang on: the lead-in ("Offer one of:"), the drug, the "or" between them.

An item that says nothing alone is given its lead-in in front ("Cefuroxime: Adult: 250 mg orally"); a short list
after a colon, and every list of conditions, becomes one line, so that no condition is parted from another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from consilium.adapters.sources.documents.blocks import Block, Shape
from consilium.adapters.sources.recommendations import opens_conditions, opens_with_imperative

LIST_WORDS = 45  # a list up to here stands in one line after its colon
CONDITION_WORDS = 120  # conditions up to here are kept in one line
NAME_WORDS = 3  # a lead-in up to here is a name or a title ("Metronidazole:"), and each item is led by it
NOUN_WORDS = 6  # an item up to here without a verb or number may be the name of what follows
_CONNECTIVE = re.compile(r"(?:and/or|or|and|plus|then|followed by|either)\s*[:.,]?", re.IGNORECASE)
_OPENS_LIST = re.compile(
    r"(?::|\b(?:includ\w+|are|is|be|following|with|to|by|using|of|for))\s*[-–—]?$", re.IGNORECASE
)
_HANGS = re.compile(
    r"\(?(?:adults?|child(?:ren)?|infants?|neonat\w*|newborns?|p(?:a)?ediatric\w*|elderly|orally|intravenous(?:ly)?|"
    r"iv|im|maintenance|initially|initial dose|maximum|under|over|up to|(?:or\s+)?[<>≤≥]?\s*\d[\d.,]*\s*"
    r"(?:[-–]\s*\d[\d.,]*\s*)?(?:mg|g|mcg|µg|μg|ml|mls|units?|iu|%|years?|months?|weeks?|days?|kg)?)\b",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    r"\W*(?:adults?|child(?:ren)?|infants?|neonat\w*|newborns?|p(?:a)?ediatric\w*|elderly)\b", re.IGNORECASE
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
    return _Hanging().lines(blocks)


class _Hanging:
    """Goes through the blocks, with the lead-ins that hold where it stands."""

    def __init__(self) -> None:
        self._leads: list[_Lead] = []
        self._sure: dict[int, bool] = {}

    def lines(self, blocks: Sequence[Block]) -> list[Line]:
        """The lines in order."""
        lines: list[Line] = []
        waiting, at = "", 0
        while at < len(blocks):
            block, at = blocks[at], at + 1
            if _CONNECTIVE.fullmatch(block.text):
                waiting = block.text.rstrip(" :.,") + ": "
                continue
            depth = block.level if block.shape is Shape.ITEM else 0
            sure = self._descend(block, depth)
            block, waiting = replace(block, text=waiting + block.text), ""
            below = _below(blocks, at, depth)
            whole = _whole(block, below) if below and _leads(block) else None
            if whole:
                lines.append(Line(self._led(whole, sure), block.place))
                at += len(below)
            elif below and _leads(block):
                self._leads.append(_Lead(depth, block.text))
            elif not below and _names_next(block, blocks[at : at + 1]):
                self._leads.append(_Lead(depth - 0.5, block.text))
                self._sure[depth] = True
            else:
                lines.append(Line(self._led(block.text, sure), block.place))
        return lines

    def _descend(self, block: Block, depth: int) -> bool:
        """Leave the lead-ins that no longer hold; whether those left are surely what the block hangs on.

        "Under 6 months: 10 mg" after "Give zinc to children" hangs on that, which is no lead-in: then it is
        not given a lead-in of farther off, with which it would say something else.
        """
        hangs = _HANGS.match(block.text) is not None
        people = _PEOPLE.match(block.text) is not None
        self._leads = [lead for lead in self._leads if _still(lead, depth, hangs, people)]
        self._sure = {level: sure for level, sure in self._sure.items() if level <= depth}
        sure = not hangs or self._sure.get(depth, True)
        self._sure[depth] = sure and hangs
        return sure

    def _led(self, text: str, sure: bool) -> str:
        leads = self._leads if sure else []
        told = [lead.text if lead.text.endswith((":", ",", "-", "–")) else f"{lead.text}:" for lead in leads]
        return " ".join([*told, text])


def _still(lead: _Lead, depth: int, hangs: bool, people: bool) -> bool:
    """Whether a lead-in still holds for a block of this depth: "Child:" does not for "Adult: 250 mg"."""
    if lead.depth < depth - 0.5:
        return True
    return lead.depth < depth and hangs and not (people and _PEOPLE.match(lead.text))


def _below(blocks: Sequence[Block], at: int, depth: int) -> list[Block]:
    """The items that stand under a block of this depth."""
    end = at
    while end < len(blocks) and blocks[end].shape is Shape.ITEM and blocks[end].level > depth:
        if blocks[end].group != blocks[at].group:
            break
        end += 1
    return list(blocks[at:end])


def _leads(block: Block) -> bool:
    """Whether what is listed under a block hangs on it; a sentence of its own is no lead-in."""
    if block.shape is Shape.ROW:
        return False
    if _OPENS_LIST.search(block.text):
        return True
    named = len(block.text.split()) <= NOUN_WORDS and not re.search(r"[\d:]|[.!?;]$", block.text)
    return block.shape is Shape.ITEM and named and not opens_with_imperative(block.text)


def _names_next(block: Block, following: Sequence[Block]) -> bool:
    """Whether an item only names what the next one, at the same depth, says more of ("Amoxicillin")."""
    if block.shape is not Shape.ITEM or not following:
        return False
    after = following[0]
    beside = after.shape is Shape.ITEM and after.level == block.level
    named = len(block.text.split()) <= NOUN_WORDS and not re.search(r"\d|[.;!?]$", block.text)
    alone = _HANGS.match(block.text) is None or (block.text.endswith(":") and not _PEOPLE.match(after.text))
    return beside and named and alone and _HANGS.match(after.text) is not None


def _whole(lead: Block, below: Sequence[Block]) -> str | None:
    """Lead-in and list in one line, where they may not be parted or are short."""
    if len({item.level for item in below}) > 1 or not _OPENS_LIST.search(lead.text):
        return None
    words = len(lead.text.split()) + sum(len(item.text.split()) for item in below)
    conditions = opens_conditions(lead.text)
    name = len(lead.text.split()) <= NAME_WORDS and not opens_with_imperative(lead.text)
    if name and not conditions:
        return None
    most = CONDITION_WORDS if conditions else LIST_WORDS
    sentences = any(re.search(r"[.!?]\s+\S", item.text) for item in below)
    if words > most or sentences:
        return None
    parts = [re.sub(r"[;,.]?\s*(\b(?:or|and))?[;,.]?$", r" \1", item.text).rstrip() for item in below]
    listed = [part if _CONNECTIVE.match(part[-3:].strip()) else f"{part};" for part in parts[:-1]]
    return " ".join([lead.text, *listed, parts[-1] + "."])
