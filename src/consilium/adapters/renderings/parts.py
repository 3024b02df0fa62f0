"""What a page is made of: the parts that every rendering lays out, in words ready to print."""

from __future__ import annotations

from dataclasses import dataclass

# How many of the sources that were turned away a short form names.
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Cited:
    """One sentence that a claim rests on, with where its words come from.

    Attributes:
        origin: whose words they are, for a reader.
        checked: how they were checked, for a reader; empty where the origin says it all.
        url: the original, or None.
    """

    reference: int
    sentence: str
    text: str
    origin: str
    checked: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Statement:
    """One claim at one place of the page.

    Attributes:
        key: names the place; unique on the page.
        label: what the claim does there ("Lead recommendation"), or None.
        marks: numbers of the references cited, in order.
        grade: the issuer's own grade and certainty, or None.
        notes: the conditions, population, setting and status that stay with the claim.
        glosses: terms and what they mean.
    """

    key: str
    claim: str
    label: str | None
    frame: str | None
    text: str
    marks: tuple[int, ...]
    grade: str | None
    notes: tuple[str, ...]
    glosses: tuple[tuple[str, str], ...]
    cited: tuple[Cited, ...]

    @property
    def sentence(self) -> str:
        """The frame and the words, as printed."""
        return f"{self.frame}: {self.text}" if self.frame else self.text


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Points:
    """A plain list, under a heading of its own or none."""

    title: str | None
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """Sources considered and not used, of which a short form shows the first few.

    Attributes:
        total: how many there were, listed or not.
    """

    items: tuple[str, ...]
    total: int

    @property
    def beyond(self) -> str | None:
        """The words for those that are not listed at all."""
        return self._rest(len(self.items))

    @property
    def short(self) -> tuple[str, ...]:
        """The first few, and how many more there are."""
        rest = self._rest(SHOWN)
        return (*self.items[:SHOWN], *([rest] if rest else []))

    def _rest(self, shown: int) -> str | None:
        more = self.total - min(shown, len(self.items))
        return f"and {more} more" if more > 0 else None


@dataclass(frozen=True, slots=True)
class Statements:
    """Claims one below the other; ``strong`` ones are printed bold."""

    items: tuple[Statement, ...]
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Position:
    """Where one body stands in a disagreement."""

    who: str
    country: str
    year: str
    what: Statement
    how_strong: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Bodies that disagree about one thing."""

    about: str
    positions: tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One reference: its text, what is known of its standing, how it was read, and links."""

    number: int
    text: str
    facts: tuple[str, ...]
    read: tuple[str, ...]
    links: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class References:
    """The numbered list at the end."""

    entries: tuple[Entry, ...]


Block = Prose | Points | TurnedAway | Statements | Comparison | References


@dataclass(frozen=True, slots=True)
class Part:
    """A titled part of the page; ``id`` is its anchor."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the review; ``now`` marks where the article stands."""

    name: str
    now: bool


@dataclass(frozen=True, slots=True)
class Page:
    """The whole page, from top to bottom."""

    notice: str | None
    title: str
    steps: tuple[Step, ...]
    standing: str | None
    cautions: tuple[str, ...]
    readers: str | None
    facts: tuple[str, ...]
    parts: tuple[Part, ...]
