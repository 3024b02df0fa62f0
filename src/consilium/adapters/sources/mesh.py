"""MeSH descriptors, as the U.S. National Library of Medicine gives them out in XML, become headings one by one.

The file is read as a stream: a big one takes no more memory than a small one. What XML can be
made to do beside holding text (entities, files fetched from elsewhere) is refused.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast
from xml.parsers import expat

from consilium.adapters.sources.mesh_record import RECORD, TOPICAL, Record
from consilium.adapters.sources.opened import Tick
from consilium.errors import MalformedSource
from consilium.lexicon.headings import Heading

_BLOCK = 1 << 20
# A file of descriptors has some 300 MB; what unpacks to this much is none.
_MOST_BYTES = 1 << 30
_MOST_LETTERS, _DEEPEST = 4_000, 40
_ROOT = "DescriptorRecordSet"
_GZIP = b"\x1f\x8b"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d")
# Where text is kept, by the element and the one around it.
_KEPT = frozenset(
    {
        ("DescriptorUI", RECORD),
        ("String", "DescriptorName"),
        ("TreeNumber", "TreeNumberList"),
        ("DescriptorUI", "DescriptorReferredTo"),
        ("ConceptUI", "Concept"),
        ("RegistryNumber", "Concept"),
        ("RegistryNumber", "RegistryNumberList"),
        ("String", "Term"),
        ("Concept1UI", "ConceptRelation"),
        ("Concept2UI", "ConceptRelation"),
        ("Year", "ActiveMeSHYearList"),
    }
)


class MeshFile:
    """One file of descriptors, packed by gzip or not.

    Attributes:
        year: the year of MeSH that the file says it is of, once it was read; None where it says none.
    """

    def __init__(self, path: Path, tick: Tick = lambda _: None) -> None:
        """``tick`` is told how many bytes of the file have been read."""
        self.path, self.year = path, _year_in(path.name)
        self._tick = tick

    @property
    def size(self) -> int:
        """The size of the file in bytes.

        Raises:
            MalformedSource: there is none.
        """
        with self._said():
            return self.path.stat().st_size

    def digest(self) -> str:
        """The SHA-256 of the XML, hexadecimal; the same whether it is packed or not.

        Raises:
            MalformedSource: it cannot be read.
        """
        digest = hashlib.sha256()
        for block in self._blocks():
            digest.update(block)
        return digest.hexdigest()

    def __iter__(self) -> Iterator[Heading]:
        """The headings in the order of the file.

        Raises:
            MalformedSource: it is no MeSH descriptor XML, or not all of it.
        """
        reader, found = _Reader(self.path), 0
        for block in self._blocks():
            with reader.told():
                reader.feed(block)
            for heading in reader.taken():
                found += 1
                yield heading
        with reader.told():
            reader.feed(b"", last=True)
        if not found:
            raise MalformedSource(f"{self.path} holds no {RECORD}: there is no heading to add.")
        self.year = max(reader.years, default=None) or self.year or reader.schema

    def _blocks(self) -> Iterator[bytes]:
        total = 0
        with self._said(), self.path.open("rb") as raw:
            packed = raw.read(2) == _GZIP
            raw.seek(0)
            file = cast("BinaryIO", gzip.GzipFile(fileobj=raw)) if packed else raw
            while block := file.read(_BLOCK):
                total += len(block)
                if total > _MOST_BYTES:
                    raise MalformedSource(
                        f"{self.path} unpacks to more than any MeSH has; nothing was changed."
                    )
                self._tick(raw.tell())
                yield block

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except (EOFError, zlib.error, gzip.BadGzipFile) as fault:
            raise MalformedSource(
                f"{self.path} cannot be unpacked ({fault}); fetch it again. Nothing was changed."
            ) from fault
        except OSError as fault:
            raise MalformedSource(f"{self.path} cannot be read: {fault.strerror or fault}.") from fault


class _Refused(Exception):
    """What the file must not hold."""


class _Reader:
    """Takes blocks of XML in, gives headings out."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.years: list[int] = []
        self.schema: int | None = None
        self._stack: list[str] = []
        self._text: list[str] | None = None
        self._done: list[Heading] = []
        self._record = Record()
        parser = expat.ParserCreate("UTF-8")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._letters
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = parser.UnparsedEntityDeclHandler = self._entity
        parser.SkippedEntityHandler = self._entity
        self._parser = parser

    def feed(self, block: bytes, *, last: bool = False) -> None:
        if block.startswith(_UTF_16) and not self._parser.CurrentByteIndex > 0:
            raise _Refused("it is in UTF-16; MeSH is in UTF-8")
        self._parser.Parse(block, last)

    def taken(self) -> list[Heading]:
        done, self._done = self._done, []
        return done

    @contextmanager
    def told(self) -> Iterator[None]:
        try:
            yield
        except expat.ExpatError as fault:
            why = expat.errors.messages[fault.code]
            raise MalformedSource(
                f"{self.path} is not well-formed XML in UTF-8, or not all of it: line {fault.lineno}: {why}. "
                "Nothing was changed; fetch the file again."
            ) from fault
        except _Refused as fault:
            line = self._parser.CurrentLineNumber
            raise MalformedSource(
                f"{self.path} is not MeSH descriptor XML: line {line}: {fault}. Nothing was changed; "
                "give the file of descriptors, such as desc2026.xml."
            ) from fault

    def _doctype(self, _name: str, system: str | None, *_: object) -> None:
        self.schema = _year_in(system or "")

    def _entity(self, name: str, *_: object) -> None:
        raise _Refused(f"it declares or names the entity {name[:40]}, which MeSH does not")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._stack and name != _ROOT:
            raise _Refused(f"the outermost element is {name[:40]}, not {_ROOT}")
        if len(self._stack) >= _DEEPEST:
            raise _Refused("elements lie too deep in each other")
        if name == RECORD:
            self._record = Record(attributes.get("DescriptorClass", TOPICAL))
        self._record.opened(name, attributes)
        self._text = [] if self._stack and (name, self._stack[-1]) in _KEPT else None
        self._stack.append(name)

    def _letters(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _end(self, name: str) -> None:
        self._stack.pop()
        if self._text is not None:
            text = " ".join("".join(self._text).split())[:_MOST_LETTERS]
            self._text = None
            if name == "Year":
                self.years += filter(None, [_year_in(text)])
            else:
                self._record.told(name, self._stack, text)
        elif name == RECORD:
            heading = self._record.heading()
            if heading is None:
                raise _Refused("a record has no number, no name or no term")
            if self._record.topical:
                self._done.append(heading)


def _year_in(text: str) -> int | None:
    found = _YEAR.search(text)
    return int(found.group()) if found else None
