"""Web pages become blocks: what is read on the page, without scripts, styles and navigation, each with its anchor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from consilium.adapters.sources.documents.blocks import DEEPEST, Block, Document, Shape, spaced
from consilium.adapters.sources.documents.extras import needs
from consilium.adapters.sources.documents.rows import is_names, row_of
from consilium.errors import MalformedSource

if TYPE_CHECKING:
    from lxml.etree import _Element

_DROPPED = frozenset(
    [
        "script",
        "style",
        "nav",
        "footer",
        "aside",
        "form",
        "template",
        "svg",
        "math",
        "noscript",
        "iframe",
        "object",
        "embed",
        "button",
        "input",
        "select",
        "textarea",
        "head",
        "canvas",
        "audio",
        "video",
        "map",
        "dialog",
        "menu",
    ]
)
_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "complementary", "dialog", "alert"})
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}


def read_html(data: bytes, name: str) -> Document:
    """The document that a web page is.

    Raises:
        MalformedSource: it is no web page.
        ConfigurationError: the readers of documents are not installed.
    """
    with needs("lxml"):
        from lxml import etree  # noqa: PLC0415 - optional extra
    parser = etree.HTMLParser(
        encoding=_encoding(data), no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        page = etree.fromstring(data, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as fault:
        raise MalformedSource(f"{name}: not a web page that can be read ({fault}).") from fault
    if page is None:
        raise MalformedSource(f"{name}: no text was found in it; nothing was added.")
    return Document(tuple(_Reader().blocks(_main(page))), _facts(page))


def _encoding(data: bytes) -> str | None:
    """UTF-8 where the bytes are; else whatever the page declares."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "utf-8"


def _main(page: _Element) -> _Element:
    """The one element that holds the text, where the page marks it."""
    for path in (".//main", ".//*[@role='main']", ".//article"):
        found = page.findall(path)
        if len(found) == 1:
            return found[0]
    body = page.find("body")
    return page if body is None else body


def _facts(page: _Element) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    named = {
        (meta.get("name") or meta.get("property") or "").lower(): spaced(meta.get("content") or "")
        for meta in page.iter("meta")
    }
    for fact, keys in {
        "title": ("citation_title", "dc.title", "og:title"),
        "organisation": ("citation_publisher", "dc.publisher", "og:site_name"),
        "year": ("citation_publication_date", "dc.date", "article:published_time", "citation_date"),
        "language": ("dc.language",),
    }.items():
        facts[fact] = next((named[key] for key in keys if named.get(key)), None)
    titles = (_text(element) for path in ("h1", "title") for element in page.iter(path))
    facts["title"] = facts["title"] or next((title for title in titles if title), None)
    facts["language"] = facts["language"] or page.get("lang")
    return {key: value for key, value in facts.items() if value}


class _Reader:
    """Walks the elements in order; text outside a list or table is gathered into paragraphs."""

    def __init__(self) -> None:
        self._place: str | None = None
        self._words: list[str] = []
        self._shape = Shape.PARAGRAPH
        self._level = 0
        self._group = 0

    def blocks(self, element: _Element) -> Iterator[Block]:
        """The blocks of an element and what is in it."""
        yield from self._walk(element, 0)
        yield from self._flush()

    def _walk(self, element: _Element, depth: int) -> Iterator[Block]:
        tag = element.tag if isinstance(element.tag, str) else ""
        if not tag or tag in _DROPPED or _hidden(element):
            return
        if element.get("id") or (tag == "a" and element.get("name")):
            self._place = f"#{element.get('id') or element.get('name')}"
        if tag in _HEADINGS:
            yield from self._heading(element, _HEADINGS[tag])
        elif tag == "table":
            yield from self._flush()
            yield from self._table(element)
        elif tag == "br":
            yield from self._flush()
        elif tag in _INLINE:
            yield from self._inside(element, depth)
        else:
            yield from self._flush()
            yield from self._block(element, tag, depth)

    def _block(self, element: _Element, tag: str, depth: int) -> Iterator[Block]:
        before = self._shape, self._level
        inner = depth + 1 if tag in {"ul", "ol", "dl"} else depth
        self._group += inner == 1 and depth == 0
        if tag in {"li", "dd"}:
            self._shape, self._level = Shape.ITEM, min(max(1, depth), DEEPEST)
        elif tag == "pre":
            for line in "".join(element.itertext()).splitlines():
                self._words.append(line)
                yield from self._flush()
            return
        yield from self._inside(element, inner)
        yield from self._flush()
        self._shape, self._level = before

    def _inside(self, element: _Element, depth: int) -> Iterator[Block]:
        self._words.append(element.text or "")
        for child in element:
            yield from self._walk(child, depth)
            self._words.append(child.tail or "")

    def _heading(self, element: _Element, level: int) -> Iterator[Block]:
        yield from self._flush()
        inner = element.find(".//*[@id]")
        if not element.get("id") and inner is not None:
            self._place = f"#{inner.get('id')}"
        text = _text(element)
        if text:
            yield Block(Shape.HEADING, text, level, self._place)

    def _table(self, table: _Element) -> Iterator[Block]:
        header: list[str] = []
        caption = table.find("caption")
        if caption is not None and _text(caption):
            yield Block(Shape.PARAGRAPH, _text(caption), place=self._place)
        for row in table.iter("tr"):
            if row.get("id"):
                self._place = f"#{row.get('id')}"
            cells = [_text(cell) for cell in row if cell.tag in {"td", "th"}]
            if not header and len(cells) > 1:
                header = cells
                if is_names(cells):
                    continue
            text = row_of([] if cells is header else header, cells)
            if text:
                yield Block(Shape.ROW, text, place=self._place)

    def _flush(self) -> Iterator[Block]:
        text = spaced("".join(self._words))
        self._words = []
        if text:
            yield Block(self._shape, text, self._level, self._place, self._group)


def _hidden(element: _Element) -> bool:
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    style = (element.get("style") or "").replace(" ", "").lower()
    if "display:none" in style or "visibility:hidden" in style:
        return True
    above = element.getparent()
    outer = element.tag == "header" and above is not None and above.tag == "body"
    return outer or (element.get("role") or "").lower() in _ROLES


def _text(element: _Element) -> str:
    return spaced(_seen(element))


def _seen(cell: _Element) -> str:
    """The text of a cell without what no reader sees, its lines parted."""
    if isinstance(cell.tag, str) and (cell.tag in _DROPPED or _hidden(cell)):
        return ""
    inner = "".join(f"{_seen(child)}{child.tail or ''}" for child in cell if isinstance(child.tag, str))
    text = f"{cell.text or ''}{inner}"
    return text if cell.tag in _INLINE else f" {text} "
