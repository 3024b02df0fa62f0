"""The answer as Markdown that renders on GitHub."""

from __future__ import annotations

import re

from consilium.adapters.renderings.outline import Line, Outline, Part

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|~])")


def as_markdown(page: Outline) -> str:
    """The page as Markdown."""
    lines = [f"> **{_plain(page.notice)}**", ""] if page.notice else []
    lines += [f"# {_plain(page.title)}", ""]
    if page.steps:
        lines += [" → ".join(f"**{n}**" if now else n for n, now in page.steps), ""]
    lines += [" · ".join(part for part in (page.audience, *page.about) if part), ""]
    if page.caution:
        lines += [f"> **Caution.** {page.caution}", ""]
    for part in page.parts:
        lines += _part(part)
    lines += ["---", "", f"*{_plain(page.disclaimer)}*"]
    if page.follow_ups:
        lines += ["", "**Ask next**", "", *(f"- {_plain(q)}" for q in page.follow_ups)]
    return "\n".join(lines)


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _part(part: Part) -> list[str]:
    lines = [f"## {part.title}", ""]
    if part.table:
        lines += [_row(part.table[0]), "|" + "---|" * len(part.table[0])]
        lines += [_row(row) for row in part.table[1:]]
    for line in part.lines:
        lines += _reference(line) if part.id == "references" else _claim(line, part.id)
    return [*lines, ""]


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(_plain(cell) for cell in cells) + " |"


def _claim(line: Line, part: str) -> list[str]:
    text = _plain(line.text)
    if line.lead or part == "in_short":
        text = f"**{text}**"
    frame = f"*{_plain(line.frame)}:* " if line.frame else ""
    marks = "".join(f" [\\[{n}\\]](#ref-{n})" for n in line.numbers)
    small = [f"issuer's grade: {line.grade}"] if line.grade else []
    small += line.notes
    small += [f"{term}: {gloss}" for term, gloss in line.glosses]
    return [f"- {frame}{text}{marks}", *(f"  - <sub>{_plain(s)}</sub>" for s in small)]


def _reference(line: Line) -> list[str]:
    links = " · ".join(f"[{name}]({address})" for name, address in line.links)
    number = line.numbers[0]
    note = "; ".join(line.notes)
    return [f'{number}. <a id="ref-{number}"></a>{_plain(line.text)} *{_plain(note)}* {links}'.rstrip()]
