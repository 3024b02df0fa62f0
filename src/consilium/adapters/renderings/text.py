"""The answer in a terminal: width-aware, plain when it is piped."""

from __future__ import annotations

import io

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from consilium.adapters.renderings.outline import Line, Outline, Part

_NUMBERED = {"references"}


def as_text(page: Outline, width: int, *, colour: bool) -> str:
    """The page as text of ``width`` columns; with ANSI styles only if ``colour``."""
    out = Console(
        file=io.StringIO(), width=width, force_terminal=colour, no_color=not colour,
        highlight=False, markup=False, emoji=False, color_system="standard" if colour else None,
    )  # fmt: skip
    if page.notice:
        out.print(Text(page.notice, style="bold red"), "")
    out.print(Text(page.title, style="bold"))
    if page.steps:
        out.print(Text(" → ".join(f"[{n}]" if now else n for n, now in page.steps), style="dim"))
    out.print(Text(" · ".join(part for part in (page.audience, *page.about) if part), style="dim"))
    if page.caution:
        out.print(Text(page.caution, style="yellow"))
    for part in page.parts:
        _part(out, part)
    out.print("", Text(page.disclaimer, style="dim"))
    if page.follow_ups:
        out.print("", Text("Ask next", style="bold"))
        for follow_up in page.follow_ups:
            out.print(Padding(Text(f"- {follow_up}"), (0, 0, 0, 1)))
    written = out.file.getvalue()  # type: ignore[attr-defined]
    return "\n".join(line.rstrip() for line in written.splitlines())


def _part(out: Console, part: Part) -> None:
    style = "bold red" if part.id == "act_now" else "bold cyan"
    out.print("", Text(part.title.upper(), style=style))
    if part.table:
        table = Table(*part.table[0], show_edge=False, box=None, pad_edge=False)
        for row in part.table[1:]:
            table.add_row(*row)
        out.print(table)
    for line in part.lines:
        out.print(Padding(_line(line, part.id), (0, 0, 0, 2)))
        for small in _small(line):
            out.print(Padding(Text(small, style="dim"), (0, 0, 0, 4)))


def _line(line: Line, part: str) -> Text:
    marks = "".join(f"[{number}]" for number in line.numbers)
    if part in _NUMBERED:
        return Text(f"{marks} {line.text}")
    text = Text("• ")
    if line.frame:
        text.append(f"{line.frame}: ", style="italic")
    text.append(line.text, style="bold" if line.lead or part == "in_short" else "")
    return text.append(f" {marks}" if marks else "")


def _small(line: Line) -> list[str]:
    small = [f"issuer's grade: {line.grade}"] if line.grade else []
    small += line.notes
    small += [f"{term}: {gloss}" for term, gloss in line.glosses]
    return small + [f"{name}: {address}" for name, address in line.links]
