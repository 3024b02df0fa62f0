"""XML read as a stream, element by element, with all that XML can do beside holding text refused."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, cast

from consilium.adapters.sources.inline import Element, words_in
from consilium.adapters.sources.opened import Stream, missing_extra
from consilium.errors import MalformedSource

_HEAD = 1 << 16
# What is parsed and belongs to no record yet is held in memory, some ten times as large as it is written.
_MOST_PENDING = 24 << 20
_ROOT = re.compile(rb"<([A-Za-z_][\w.:-]*)")
_ASIDE = re.compile(rb"<!--.*?-->|<\?.*?\?>", re.DOTALL)


def root_of(head: bytes) -> str | None:
    """The outermost element of XML by its first bytes; None where they hold none."""
    found = _ROOT.search(_ASIDE.sub(b"", head))
    return found.group(1).decode("ascii").split(":")[-1] if found else None


class _Watched:
    """A stream whose first bytes were looked at already, and that ends where no element does for too long."""

    def __init__(self, path: Path, head: bytes, rest: Stream) -> None:
        self._path, self._head, self._rest = path, head, rest
        self.pending = 0

    def read(self, size: int = -1) -> bytes:
        block, self._head = self._head, b""
        block = block or self._rest.read(size)
        self.pending += len(block)
        if self.pending > _MOST_PENDING:
            raise MalformedSource(
                f"{self._path} goes on for {_MOST_PENDING >> 20} MB without the end of a record; no record is so long."
            )
        return block


def elements(path: Path, stream: Stream, tags: Collection[str], roots: Collection[str]) -> Iterator[Element]:
    """The elements of these names as they end, each forgotten when the next is asked for.

    Raises:
        MalformedSource: it is no such XML, not all of it, or declares entities.
        ConfigurationError: the package that reads XML is not installed.
    """
    try:
        from lxml import etree  # noqa: PLC0415 - an extra
    except ImportError as fault:
        raise missing_extra("lxml") from fault
    head = _vetted(path, stream, roots)
    # To ask for more than a parser's own default makes libxml2 read text of any length and depth.
    watched = _Watched(path, head, stream)
    parser = etree.iterparse(
        cast("Any", watched),
        events=("end",),
        tag=tuple(tags),
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for _, element in parser:
            watched.pending = 0
            yield element
            element.clear(keep_tail=False)
            above = element.getparent()
            if above is not None:
                while element.getprevious() is not None:
                    del above[0]
    except etree.XMLSyntaxError as fault:
        raise MalformedSource(f"{path} is not well-formed XML, or not all of it: {fault.msg}.") from fault


def _vetted(path: Path, stream: Stream, roots: Collection[str]) -> bytes:
    head = b""
    while len(head) < _HEAD and (block := stream.read(_HEAD - len(head))):
        head += block
    plain = _ASIDE.sub(b"", head)
    root = root_of(head)
    if b"<!ENTITY" in plain:
        raise MalformedSource(f"{path} declares entities, which files of literature do not; it was not read.")
    if root not in roots:
        held = f"holds <{root[:40]}>" if root else "does not begin as XML in UTF-8 does"
        raise MalformedSource(f"{path} {held}, where <{'> or <'.join(sorted(roots))}> was expected.")
    return head


def text_of(element: Element | None) -> str:
    """The text of an element and of all within it, its white space made plain."""
    if element is None:
        return ""
    if len(element):
        return words_in(element)
    text: str = element.text or ""
    return plain(text)


def plain(text: str) -> str:
    """A text with single blanks for white space."""
    if "  " in text or "\n" in text or "\t" in text or text[:1] == " " or text[-1:] == " ":
        return " ".join(text.split())
    return text
