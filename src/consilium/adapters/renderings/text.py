"""An article for the terminal: wrapped to its width, plain unless colour is asked for."""

from __future__ import annotations

import io

from rich.box import SIMPLE
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from consilium.adapters.renderings.outline import outline
from consilium.adapters.renderings.parts import (
    Block,
    Comparison,
    Entry,
    Page,
    Points,
    Prose,
    References,
    Statement,
    Statements,
    TurnedAway,
)
from consilium.adapters.renderings.wording import Json

_WIDTH = 88
_NARROW = 70


def as_text(article: Json, *, width: int | None = None, colour: bool = False) -> str:
    """The article as text of at most ``width`` columns."""
    page = outline(article)
    columns = max(20, width or _WIDTH)
    file = io.StringIO()
    console = Console(
        file=file, width=columns, force_terminal=colour, force_interactive=False, legacy_windows=False,
        color_system="standard" if colour else None, markup=False, emoji=False, highlight=False,
        _environ={},
    )  # fmt: skip
    for line in _head(page):
        console.print(line)
    for part in page.parts:
        console.print()
        console.print(Text(part.title.upper(), style="bold cyan"))
        for block in part.blocks:
            for line in _block(block, narrow=columns < _NARROW):
                console.print(line)
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines()) + "\n"


def _head(page: Page) -> list[RenderableType]:
    lines: list[RenderableType] = []
    if page.notice:
        lines.append(Panel(Text(page.notice, style="bold"), title="URGENT", border_style="red"))
    lines.append(Text(page.title, style="bold"))
    if page.steps:
        steps = [(f"{s.name} (now)", "bold") if s.now else (s.name, "dim") for s in page.steps]
        lines.append(Text(" → ").join(Text(name, style=style) for name, style in steps))
        lines.append(Text(f"{page.standing}."))
    lines += [Text(caution, style="yellow") for caution in page.cautions]
    if page.readers:
        lines.append(Text(page.readers))
    return [*lines, Text(" · ".join(page.facts), style="dim")]


def _block(block: Block, *, narrow: bool) -> list[RenderableType]:
    match block:
        case Prose():
            return [Text(block.text)]
        case Points():
            heading: list[RenderableType] = [Text(block.title, style="bold")] if block.title else []
            return heading + [_bullet(Text(item)) for item in block.items]
        case TurnedAway():
            return [_bullet(Text(item)) for item in block.short]
        case Statements():
            apart = [_statement(item, strong=block.strong) for item in block.items]
            return [line for lines in apart for line in (*lines, Text())][:-1]
        case Comparison():
            return _listed(block) if narrow else _table(block)
        case References():
            return [line for entry in block.entries for line in _entry(entry)]


def _bullet(text: Text, mark: str = "•", indent: int = 2) -> Table:
    grid = Table.grid(padding=0)
    grid.add_column(width=indent, no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(mark, text)
    return grid


def _marks(numbers: tuple[int, ...]) -> Text:
    return Text(" " + "".join(f"[{number}]" for number in numbers), style="cyan")


def _statement(item: Statement, *, strong: bool) -> list[RenderableType]:
    text = Text(f"{item.label}. " if item.label else "", style="bold")
    text = Text.assemble(text, Text(item.sentence, style="bold" if strong else ""), _marks(item.marks))
    if item.grade:
        text.append(f" [{item.grade}]")
    lines: list[RenderableType] = [_bullet(text)]
    if item.notes:
        lines.append(_under(f"{'. '.join(item.notes)}.", "italic"))
    return lines + [_under(f"{term}: {gloss}", "dim") for term, gloss in item.glosses]


def _under(words: str, style: str, indent: int = 4) -> Padding:
    return Padding(Text(words, style=style, overflow="fold"), (0, 0, 0, indent))


def _table(block: Comparison) -> list[RenderableType]:
    table = Table(title=block.about.capitalize(), title_justify="left", box=SIMPLE, title_style="bold")
    for name in ("Who", "Country", "Year", "What", "How strong"):
        table.add_column(name, overflow="fold", ratio=3 if name == "What" else None)
    for p in block.positions:
        what = Text.assemble(p.what.text, _marks(p.what.marks))
        if p.what.notes:
            what.append(f"\n{'. '.join(p.what.notes)}.", style="italic")
        table.add_row(p.who, p.country, p.year, what, p.how_strong)
    return [table]


def _listed(block: Comparison) -> list[RenderableType]:
    lines: list[RenderableType] = [Text(block.about.capitalize(), style="bold")]
    for p in block.positions:
        who = f"{p.who} ({p.country}, {p.year}): {p.what.text}"
        lines.append(_bullet(Text.assemble(who, _marks(p.what.marks))))
        lines += [_under(f"{note}.", "italic") for note in p.what.notes]
        lines.append(_under(f"How strong: {p.how_strong}", ""))
    return lines


def _entry(entry: Entry) -> list[RenderableType]:
    mark = f"[{entry.number}]"
    lines: list[RenderableType] = [_bullet(Text(entry.text), mark, 5)]
    lines.append(_under(f"{'; '.join(entry.facts)}.", "dim", 5))
    lines += [_under(f"{line}.", "dim", 5) for line in entry.read]
    return lines + [_under(url, "blue", 5) for _, url in entry.links]
