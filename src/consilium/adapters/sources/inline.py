"""The words of a paragraph of XML, without the marks that point into its list of references."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml.etree import _Element

    Element = _Element
else:
    Element = Any

# What stands within a paragraph and is a block of its own, or no text.
BLOCKS = frozenset(
    {
        "list", "def-list", "table-wrap", "table-wrap-group", "boxed-text", "disp-quote", "fig", "fig-group",
        "disp-formula", "disp-formula-group", "supplementary-material", "media", "graphic", "inline-graphic",
        "fn", "fn-group", "ref-list", "object-id", "alternatives", "table", "tex-math", "annotation", "caption",
        "label", "index-term", "statement",
    }
)  # fmt: skip
_MARK = "\ue000"
_REFERENCES = frozenset({"bibr", "ref"})
_NUMBERS = re.compile(r"[\[\]()\d\s,;–−*†‡-]+")
_BRACKETED = re.compile(rf"\s*[\[(][\s,;–−-]*{_MARK}(?:[\s,;–−-]|and|{_MARK})*[\])]")
_BARE = re.compile(rf"(?:\s*[,;–−-]?\s*{_MARK})+")
_RAISED = {"sup": "^", "superscript": "^"}
_TEN = re.compile(r"(?:^|[^\d.])10$")
_POWER = re.compile(r"[+−-]?\d{1,3}")


def words_in(element: Element) -> str:
    """The text of an element and of what stands within its lines.

    The marks of references ("[3,4]", a raised 12) point into a list that a reader of the sentence does not
    have beside them, so they are left out; names in the text ("Smith et al.") stay.
    """
    text = "".join(_pieces(element))
    if _MARK in text:
        text = _BARE.sub("", _BRACKETED.sub("", text))
    return " ".join(text.split())


def _pieces(element: Element) -> Iterator[str]:
    before = element.text or ""
    yield before
    for child in element:
        if not isinstance(child.tag, str):
            entity = child.text or ""
            yield html.unescape(entity) if entity.startswith("&") else ""
        elif name_of(child) not in BLOCKS:
            yield _within(child, before)
        before = child.tail or ""
        yield before


def _within(child: Element, before: str) -> str:
    within = "".join(_pieces(child))
    name = name_of(child)
    if name == "xref" and child.get("ref-type") in _REFERENCES and _NUMBERS.fullmatch(within):
        return _MARK
    if name in _RAISED:
        if _MARK in within and not within.strip(f"{_MARK}[] ,;–−-"):
            return _MARK
        if _POWER.fullmatch(within) and _TEN.search(before):
            return f"^{within}"
    return " " if name == "break" else within


def name_of(element: Element) -> str:
    """The name of an element without its namespace; nothing for what is none."""
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""
