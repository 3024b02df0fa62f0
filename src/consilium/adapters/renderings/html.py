"""The answer as one self-contained, accessible, printable page."""

from __future__ import annotations

from html import escape
from importlib import resources

from consilium.adapters.renderings.outline import Line, Outline, Part

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title} · Consilium</title>
<style>{style}</style>
</head>
<body>
<a class="skip" href="#answer">Skip to the answer</a>
{notice}<header><p class="brand">Consilium</p><h1>{title}</h1>{steps}<p class="about">{about}</p>{caution}</header>
<main id="answer" tabindex="-1">
{parts}
</main>
<footer><p>{disclaimer}</p>{follow_ups}</footer>
</body>
</html>"""


def as_html(page: Outline) -> str:
    """The page as HTML: no script, nothing fetched, every text escaped."""
    style = resources.files("consilium.adapters.renderings").joinpath("page.css").read_text("utf-8")
    about = " · ".join(part for part in (page.audience, *page.about) if part)
    asks = "".join(f"<li>{escape(q)}</li>" for q in page.follow_ups)
    return _PAGE.format(
        title=escape(page.title),
        style=style,
        notice=f'<aside class="urgent" role="alert">{escape(page.notice)}</aside>' if page.notice else "",
        steps=_steps(page),
        about=escape(about),
        caution=f'<p class="caution" role="note">{escape(page.caution)}</p>' if page.caution else "",
        parts="\n".join(_part(part) for part in page.parts),
        disclaimer=escape(page.disclaimer),
        follow_ups=f"<h2>Ask next</h2><ul>{asks}</ul>" if asks else "",
    )


def _steps(page: Outline) -> str:
    items = "".join(
        f'<li aria-current="step">{escape(name)}</li>' if now else f"<li>{escape(name)}</li>"
        for name, now in page.steps
    )
    return f'<ol class="steps" aria-label="Review status">{items}</ol>' if items else ""


def _part(part: Part) -> str:
    body = _table(part.table) if part.table else ""
    if part.id == "references":
        body += "<ol>" + "".join(_reference(line) for line in part.lines) + "</ol>"
    elif part.lines:
        body += "<ul>" + "".join(f"<li>{_claim(line, part.id)}</li>" for line in part.lines) + "</ul>"
    label = f"h-{part.id}"
    return (
        f'<section class="{escape(part.id)}" aria-labelledby="{label}">'
        f'<h2 id="{label}">{escape(part.title)}</h2>{body}</section>'
    )


def _table(rows: tuple[tuple[str, ...], ...]) -> str:
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in rows[0])
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows[1:])
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _claim(line: Line, part: str) -> str:
    text = escape(line.text)
    if line.lead or part == "in_short":
        text = f"<strong>{text}</strong>"
    frame = f'<span class="frame">{escape(line.frame)}:</span> ' if line.frame else ""
    marks = "".join(
        f'<a class="mark" href="#ref-{n}" aria-label="Reference {n}">[{n}]</a>' for n in line.numbers
    )
    grade = [f"issuer’s grade: {line.grade}"] if line.grade else []
    small = "".join(f"<li>{escape(note)}</li>" for note in [*grade, *line.notes])
    glosses = "".join(f"<dt>{escape(t)}</dt><dd>{escape(g)}</dd>" for t, g in line.glosses)
    return (
        f"<p>{frame}{text} {marks}</p>"
        + (f'<ul class="notes">{small}</ul>' if small else "")
        + (f'<dl class="glosses">{glosses}</dl>' if glosses else "")
        + _words(line)
    )


def _words(line: Line) -> str:
    if not line.words:
        return ""
    rows = "".join(
        f"<li><q>{escape(w.text)}</q> <small>{escape(w.id)}, {escape(w.origin)}; {escape(w.source)} [{w.reference}]</small></li>"
        if w.origin == "the source's own words"
        else f"<li>{escape(w.text)} <small>{escape(w.id)}: Consilium’s summary, {escape(w.origin)}; read the original: {escape(w.source)} [{w.reference}]</small></li>"
        for w in line.words
    )
    return f"<details><summary>What this rests on</summary><ul>{rows}</ul></details>"


def _reference(line: Line) -> str:
    links = " ".join(
        f'<a href="{escape(a, quote=True)}" rel="noopener">{escape(n)}</a>' for n, a in line.links
    )
    note = escape("; ".join(line.notes))
    return f'<li id="ref-{line.numbers[0]}">{escape(line.text)} <small>{note}</small> {links}</li>'
