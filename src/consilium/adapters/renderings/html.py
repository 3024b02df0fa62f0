"""An article as one self-contained page: no script, nothing fetched, readable by everybody.

A citation leads to the exact sentence that the claim rests on, inside the claim's own
``<details>``, which a browser opens by itself when a link leads into it.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape
from importlib import resources

from consilium.adapters.renderings.outline import outline
from consilium.adapters.renderings.parts import (
    Block,
    Cited,
    Comparison,
    Entry,
    Page,
    Part,
    Points,
    Prose,
    References,
    Statement,
    Statements,
    TurnedAway,
)
from consilium.adapters.renderings.wording import READ_ORIGINAL, Json

_CLOSING = ("disclaimer", "follow_ups")
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title} – Consilium</title>
<style>
{style}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the answer</a>
<header>
{head}
</header>
<main id="main" tabindex="-1">
{main}
</main>
<footer>
{footer}
</footer>
</body>
</html>
"""


def as_html(article: Json) -> str:
    """The article as an HTML page."""
    page = outline(article)
    return _PAGE.format(
        title=escape(page.title),
        style=_style(),
        head=_head(page),
        main="\n".join(_part(part) for part in page.parts if part.id not in _CLOSING),
        footer="\n".join(_part(part) for part in page.parts if part.id in _CLOSING),
    )


@lru_cache(maxsize=1)
def _style() -> str:
    return (resources.files("consilium.adapters.renderings") / "page.css").read_text("utf-8")


def _head(page: Page) -> str:
    lines = []
    if page.notice:
        lines.append(f'<div class="notice" role="alert"><p>{escape(page.notice)}</p></div>')
    lines.append(f"<h1>{escape(page.title)}</h1>")
    if page.steps:
        now = ' aria-current="step"'
        steps = "".join(
            f"<li{now if s.now else ''}>{s.name}{' (now)' if s.now else ''}</li>" for s in page.steps
        )
        lines.append(f'<ol class="steps" aria-label="Review">{steps}</ol>')
        lines.append(f'<p class="standing">{escape(page.standing or "")}.</p>')
    lines += [f'<div class="caution" role="note"><p>{escape(c)}</p></div>' for c in page.cautions]
    if page.readers:
        lines.append(f'<p class="readers">{escape(page.readers)}</p>')
    facts = " ".join(f"<li>{escape(fact)}</li>" for fact in page.facts)
    return "\n".join([*lines, f'<ul class="facts">{facts}</ul>'])


def _part(part: Part) -> str:
    heading = f'<h2 id="h-{part.id}">{escape(part.title)}</h2>'
    blocks = "\n".join(_block(block) for block in part.blocks)
    return f'<section id="{part.id}" class="{part.id}" aria-labelledby="h-{part.id}">\n{heading}\n{blocks}\n</section>'


def _block(block: Block) -> str:
    match block:
        case Prose():
            return f"<p>{escape(block.text)}</p>"
        case Points():
            return (f"<h3>{escape(block.title)}</h3>\n" if block.title else "") + _list(block.items)
        case TurnedAway():
            beyond = block.beyond
            listed = (*block.items, *([beyond] if beyond else []))
            shown = f"Show {len(block.items)} of them and why" if beyond else "Show them and why"
            return f"<details><summary>{shown}</summary>{_list(listed)}</details>"
        case Statements():
            items = "\n".join(_statement(item, strong=block.strong) for item in block.items)
            return f'<ul class="claims">\n{items}\n</ul>'
        case Comparison():
            return _comparison(block)
        case References():
            return "<ol>\n" + "\n".join(_entry(entry) for entry in block.entries) + "\n</ol>"


def _list(items: tuple[str, ...]) -> str:
    return '<ul class="plain">' + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>"


def _statement(item: Statement, *, strong: bool) -> str:
    label = f'<span class="label">{escape(item.label)}.</span> ' if item.label else ""
    frame = f'<span class="frame">{escape(item.frame)}:</span> ' if item.frame else ""
    words = f"{frame}{escape(item.text)}"
    words = f'<strong class="strong">{words}</strong>' if strong else words
    grade = f" [{escape(item.grade)}]" if item.grade else ""
    kind = "claim lead" if item.label else "claim"
    return "\n".join(
        (
            f'<li class="{kind}" id="{item.key}" data-claim="{escape(item.claim)}">',
            f"<p>{label}{words} {_marks(item)}{grade}</p>",
            *_notes(item),
            _glosses(item),
            _why(item),
            "</li>",
        )
    )


def _marks(item: Statement) -> str:
    return " ".join(
        f'<a class="cite" href="#{item.key}-{n}" aria-label="Source {n}: the sentence cited">[{n}]</a>'
        for n in item.marks
    )


def _notes(item: Statement) -> list[str]:
    return [f'<p class="note">{escape(". ".join(item.notes))}.</p>'] if item.notes else []


def _glosses(item: Statement) -> str:
    if not item.glosses:
        return ""
    pairs = "".join(f"<div><dt>{escape(t)}</dt> <dd>{escape(g)}</dd></div>" for t, g in item.glosses)
    return f'<dl class="gloss">{pairs}</dl>'


def _why(item: Statement) -> str:
    blocks, seen = [], set[int]()
    for cited in item.cited:
        anchor = "" if cited.reference in seen else f' id="{item.key}-{cited.reference}"'
        seen.add(cited.reference)
        blocks.append(_cited(cited, anchor))
    noun = "sentence" if len(item.cited) == 1 else f"{len(item.cited)} sentences"
    return (
        f'<details class="why"><summary>Show the {noun} cited</summary>\n' + "\n".join(blocks) + "</details>"
    )


def _cited(cited: Cited, anchor: str) -> str:
    origin = escape(cited.origin)
    links = [f'<a href="#ref-{cited.reference}">Reference {cited.reference}</a>']
    if cited.url:
        name = "Read the original"
        if cited.origin.endswith(READ_ORIGINAL):
            origin = escape(cited.origin.removesuffix(READ_ORIGINAL))
            name = READ_ORIGINAL.removeprefix("; ")
            origin += f"; {_out(cited.url, name)}"
        else:
            links.append(_out(cited.url, name))
    checked = f" ({escape(cited.checked)})" if cited.checked else ""
    return (
        f'<div class="source"{anchor}><p>{escape(cited.text)}</p>\n'
        f'<p class="fact">[{cited.reference}] {origin}{checked}</p><p class="go">{"".join(links)}</p></div>'
    )


def _out(url: str, name: str) -> str:
    return f'<a href="{escape(url)}" rel="noopener noreferrer external">{escape(name)}</a>'


def _comparison(block: Comparison) -> str:
    columns = ("Who", "Country", "Year", "What", "How strong")
    head = "".join(f'<th scope="col">{name}</th>' for name in columns)
    rows = []
    for p in block.positions:
        what = f"<p>{escape(p.what.text)} {_marks(p.what)}</p>{''.join(_notes(p.what))}{_why(p.what)}"
        rows.append(
            f'<tr><th scope="row">{escape(p.who)}</th><td>{escape(p.country)}</td><td>{escape(p.year)}</td>'
            f"<td>{what}</td><td>{escape(p.how_strong)}</td></tr>"
        )
    about = escape(block.about)
    return (
        f'<h3>{about}</h3>\n<div class="scroll" tabindex="0" role="region" aria-label="Disagreement: {about}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _entry(entry: Entry) -> str:
    links = "".join(_out(url, name) for name, url in entry.links)
    go = f'<p class="go">{links}</p>' if links else ""
    read = "".join(f'<p class="read">{escape(line)}.</p>' for line in entry.read)
    return (
        f'<li class="entry" id="ref-{entry.number}" tabindex="-1"><span>[{entry.number}]</span><div>'
        f'<p>{escape(entry.text)}</p><p class="fact">{escape("; ".join(entry.facts))}.</p>{read}{go}</div></li>'
    )
