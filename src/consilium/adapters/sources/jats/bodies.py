"""The body of a JATS article becomes stretches of text under its headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from consilium.adapters.sources.inline import BLOCKS, Element, name_of, words_in
from consilium.adapters.sources.jats.tables import label_of, rows_of
from consilium.adapters.sources.passages import Stretch
from consilium.adapters.sources.roles import is_matter, role_under
from consilium.domain.role import Role

_DEEPEST = 12
_CONCLUDES = re.compile(
    r"(?:in (?:conclusion|summary)|to (?:conclude|summari[sz]e)|taken together|we conclude)\b", re.IGNORECASE
)
_KINDS = {
    "intro": Role.BACKGROUND, "background": Role.BACKGROUND, "methods": Role.METHODS, "materials": Role.METHODS,
    "subjects": Role.METHODS, "results": Role.RESULTS, "discussion": Role.OTHER, "conclusions": Role.CONCLUSION,
    "cases": Role.RESULTS, "recommendations": Role.RECOMMENDATION,
}  # fmt: skip
_INNER = frozenset(
    {"p", "list", "def-list", "disp-quote", "boxed-text", "table-wrap", "table-wrap-group", "statement"}
)


@dataclass(frozen=True, slots=True)
class _Under:
    """Where in the article one is: the headings over it, what it does and where it is found."""

    path: tuple[str, ...] = ()
    role: Role | None = None
    place: str | None = None
    depth: int = 0

    @property
    def label(self) -> str | None:
        return " > ".join(self.path) or None


def stretches_of(article: Element) -> Iterator[Stretch]:
    """What the body says, in reading order, then the tables that stand apart from it."""
    for child in article:
        if name_of(child) == "body":
            yield from _section(child, _Under())
        elif name_of(child) == "floats-group":
            for table in child.iter("{*}table-wrap"):
                yield from _table(table, _Under())


def _section(element: Element, under: _Under) -> Iterator[Stretch]:
    held: list[str] = []
    for child in element:
        name = name_of(child)
        if name in {"sec", "statement", "boxed-text"}:
            yield from _told(held, under)
            held = []
            yield from _inner(child, under)
        elif name in {"table-wrap", "table-wrap-group"}:
            yield from _told(held, under)
            held = []
            for table in [child] if name == "table-wrap" else child.iter("{*}table-wrap"):
                yield from _table(table, under)
        else:
            apart: list[Element] = []
            held += _blocks(child, apart)
            for nested in apart:
                yield from _told(held, under)
                held = []
                if name_of(nested) == "table-wrap":
                    yield from _table(nested, under)
                else:
                    yield from _inner(nested, under)
    yield from _told(held, under)


def _inner(element: Element, under: _Under) -> Iterator[Stretch]:
    heading = next((child for child in element if name_of(child) in {"title", "caption"}), None)
    title = words_in(heading) if heading is not None and name_of(heading) == "title" else ""
    if heading is not None and name_of(heading) == "caption":
        title = " ".join(words_in(part) for part in heading)
    if not title and name_of(element) == "boxed-text":
        title = "Box"
    if under.depth >= _DEEPEST or (title and not under.depth and is_matter(title)):
        return
    kind = (element.get("sec-type") or "").split("|")[0].lower()
    if kind == "supplementary-material":
        return
    yield from _section(
        element,
        _Under(
            path=(*under.path, title) if title else under.path,
            role=_role(title, kind, under.role),
            place=f"#{element.get('id')}" if element.get("id") else under.place,
            depth=under.depth + 1,
        ),
    )


def _role(title: str, kind: str, above: Role | None) -> Role | None:
    """What a section does: as the one above it, unless that only discusses or says nothing."""
    own = (role_under(title) if title else None) or _KINDS.get(kind)
    if above in {None, Role.OTHER}:
        return own or above
    return Role.RECOMMENDATION if own is Role.RECOMMENDATION else above


def _blocks(element: Element, apart: list[Element]) -> Iterator[str]:
    """The texts of a block; tables and boxes within it are put apart."""
    name = name_of(element)
    if name == "p":
        text = words_in(element)
        if text:
            yield text
        for child in element:
            if name_of(child) in _INNER:
                yield from _blocks(child, apart)
    elif name in {"table-wrap", "boxed-text", "statement"}:
        apart.append(element)
    elif name == "def-item":
        yield ": ".join(words_in(child) for child in element if name_of(child) in {"term", "def"})
    elif name in {"list", "list-item", "def-list", "disp-quote", "table-wrap-group"}:
        for child in element:
            yield from _blocks(child, apart)
    elif name and name not in BLOCKS and name not in {"title", "sec", "sec-meta"}:
        text = words_in(element)
        if text:
            yield text


def _told(blocks: list[str], under: _Under) -> Iterator[Stretch]:
    """Blocks under one heading; the paragraph that concludes a discussion stands by itself."""
    role = under.role or Role.OTHER
    last = next((n for n, block in enumerate(blocks) if _CONCLUDES.match(block)), len(blocks))
    if role is not Role.OTHER or under.role is None:
        last = len(blocks)
    for held, does in ((blocks[:last], role), (blocks[last:], Role.CONCLUSION)):
        if held:
            yield Stretch(under.label, does, "\n".join(held), under.place)


def _table(wrap: Element, under: _Under) -> Iterator[Stretch]:
    text = "\n".join(row for row in rows_of(wrap) if row)
    if text:
        place = f"#{wrap.get('id')}" if wrap.get("id") else under.place
        label = " > ".join((*under.path[:1], label_of(wrap) or "Table"))
        yield Stretch(label, under.role or Role.OTHER, text, place)
