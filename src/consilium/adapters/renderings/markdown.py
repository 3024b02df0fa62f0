"""An article in Markdown that GitHub shows as it is meant; citations link to the references."""

from __future__ import annotations

import re

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

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~$#])")


def as_markdown(article: Json) -> str:
    """The article as Markdown."""
    page = outline(article)
    lines = _head(page)
    for part in page.parts:
        lines += [f"## {escaped(part.title)}", ""]
        for block in part.blocks:
            lines += [*_block(block), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def escaped(text: str) -> str:
    """Text that Markdown prints letter for letter."""
    text = _SPECIAL.sub(r"\\\1", text.replace("&", "&amp;"))
    return re.sub(r"^(\d+)([.)])(?=\s)|^([-+=])(?=\s|$)", _unlisted, text)


def _unlisted(match: re.Match[str]) -> str:
    return f"{match[1]}\\{match[2]}" if match[1] else f"\\{match[3]}"


def _head(page: Page) -> list[str]:
    lines = ["> [!CAUTION]", f"> **{escaped(page.notice)}**", ""] if page.notice else []
    lines += [f"# {escaped(page.title)}", ""]
    if page.steps:
        steps = " → ".join(f"**{s.name}** (now)" if s.now else s.name for s in page.steps)
        lines += [f"{steps}  ", f"{escaped(page.standing or '')}.", ""]
    for caution in page.cautions:
        lines += [f"> **{escaped(caution)}**", ""]
    if page.readers:
        lines += [escaped(page.readers), ""]
    return [*lines, " · ".join(escaped(fact) for fact in page.facts), ""]


def _block(block: Block) -> list[str]:
    match block:
        case Prose():
            return [escaped(block.text)]
        case Points():
            heading = [f"### {escaped(block.title)}", ""] if block.title else []
            return heading + [f"- {escaped(item)}" for item in block.items]
        case TurnedAway():
            return [f"- {escaped(item)}" for item in block.short]
        case Statements():
            return [line for item in block.items for line in _statement(item, strong=block.strong)]
        case Comparison():
            return _comparison(block)
        case References():
            return [line for entry in block.entries for line in _entry(entry)]


def _marks(numbers: tuple[int, ...]) -> str:
    return " ".join(f"[\\[{number}\\]](#ref-{number})" for number in numbers)


def _statement(item: Statement, *, strong: bool) -> list[str]:
    label = f"**{escaped(item.label)}.** " if item.label else ""
    words = f"**{escaped(item.sentence)}**" if strong else escaped(item.sentence)
    grade = f" \\[{escaped(item.grade)}\\]" if item.grade else ""
    lines = [f"- {label}{words} {_marks(item.marks)}{grade}"]
    if item.notes:
        lines.append(f"  <br>*{escaped('. '.join(item.notes))}.*")
    lines += [f"  <br><sub>{escaped(term)}: {escaped(gloss)}</sub>" for term, gloss in item.glosses]
    return lines


def _comparison(block: Comparison) -> list[str]:
    rows = [f"### {escaped(block.about.capitalize())}", ""]
    rows += ["| Who | Country | Year | What | How strong |", "| --- | --- | --- | --- | --- |"]
    for position in block.positions:
        what = f"{escaped(position.what.text)} {_marks(position.what.marks)}"
        if position.what.notes:
            what += f"<br>*{escaped('. '.join(position.what.notes))}.*"
        who, country = escaped(position.who), escaped(position.country)
        rows.append(f"| {who} | {country} | {position.year} | {what} | {escaped(position.how_strong)} |")
    return rows


def _entry(entry: Entry) -> list[str]:
    links = " · ".join(f"[{label}](<{url}>)" for label, url in entry.links)
    lines = [f'{entry.number}. <a id="ref-{entry.number}"></a>{escaped(entry.text)}']
    lines.append(f"   <br>{escaped('; '.join(entry.facts))}.{' ' + links if links else ''}")
    return lines + [f"   <br><sub>{escaped(line)}.</sub>" for line in entry.read]
