"""MEDLINE text (NBIB), as PubMed saves it, becomes works; the fields are those of NLM's MEDLINE display."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from consilium.adapters.sources.citation import Citation, Correction, work_of
from consilium.adapters.sources.dates import date_of, dated
from consilium.adapters.sources.opened import Stream, Tick, ignore, opened
from consilium.adapters.sources.readings import Reading, Skipped
from consilium.errors import MalformedSource

_FIELD = re.compile(r"([A-Z][A-Z0-9]{1,3}) *- ?(.*)")
_IDENTIFIER = re.compile(r"(\S+) \[(doi|pii)\]")
_NUMBER = re.compile(r"PMID: (\d+)")
# The longest line that is read; those of PubMed have 90 letters, those of other programs hold a whole abstract.
_LONGEST = 1 << 20
_FIRST = "PMID"
_PLAIN = {
    "PMID": "pmid", "TI": "title", "TT": "vernacular", "TA": "journal", "JT": "journal_title",
    "VI": "volume", "IP": "issue", "PG": "pages", "CI": "copyright",
}  # fmt: skip
_LISTED = {"AU": "authors", "PT": "types", "MH": "headings", "LA": "languages", "OT": "keywords"}
_POINTERS = {
    "RIN": "RetractionIn", "ROF": "RetractionOf", "ECI": "ExpressionOfConcernIn", "ECF": "ExpressionOfConcernFor",
    "EIN": "ErratumIn", "EFR": "ErratumFor", "UIN": "UpdateIn", "UOF": "UpdateOf", "RPI": "RepublishedIn",
    "CRI": "CorrectedandRepublishedIn", "CIN": "CommentIn", "CON": "CommentOn",
}  # fmt: skip
_MOST_FIELDS = 20_000
Fields = list[tuple[str, list[str]]]


def read(path: Path, tick: Tick = ignore) -> Iterator[Reading]:
    """The works of a file, one after the other; a record at fault is skipped, the rest goes on.

    Raises:
        MalformedSource: it cannot be read, or holds no record.
    """
    found = False
    with opened(path, tick) as stream:
        for line, fields, fault in _records(stream):
            found = True
            pmid = next((text[0] for tag, text in fields if tag == _FIRST), None)
            place = f"PMID {pmid}" if pmid else f"{path.name}, line {line}"
            if fault:
                yield Skipped(place, fault)
            else:
                made = work_of(citation_of(fields))
                yield Skipped(place, made.reason) if isinstance(made, Skipped) else made
    if not found:
        raise MalformedSource(f"{path} holds no MEDLINE record: none of its lines begins with “PMID-”.")


def _records(stream: Stream) -> Iterator[tuple[int, Fields, str | None]]:
    """(the line where it begins, its fields, what is wrong with it) of each record."""
    fields: Fields = []
    begun, fault = 0, None
    for number, raw in enumerate(stream.lines(_LONGEST), 1):
        if raw is not None and (raw.startswith(b"PMID-") or not raw.strip()):
            if fields:
                yield begun, fields, fault
            fields, fault = [], None
            if not raw.strip():
                begun = 0
                continue
            begun = number
        elif not begun:
            continue
        wrong = _taken(fields, raw, number)
        fault = fault or wrong
    if fields:
        yield begun, fields, fault


def _taken(fields: Fields, raw: bytes | None, number: int) -> str | None:
    """Take a line into the fields; what is wrong with it, or None."""
    if raw is None:
        return f"line {number} is longer than {_LONGEST:,} bytes"
    try:
        line = raw.decode("utf-8")
    except UnicodeDecodeError:
        return f"line {number} is not UTF-8"
    if line.startswith(" ") and fields:
        fields[-1][1].append(line.strip())
        return None
    field = _FIELD.match(line)
    if field is None:
        return f"line {number} is neither a field nor goes on with one"
    if len(fields) < _MOST_FIELDS:
        fields.append((field.group(1), [field.group(2).strip()]))
    return None


def citation_of(fields: Fields) -> Citation:
    """The citation that the fields of a record make."""
    citation = Citation()
    for tag, lines in fields:
        text = " ".join(" ".join(lines).split())
        if tag in _PLAIN:
            setattr(citation, _PLAIN[tag], text or None)
        elif tag in _LISTED:
            getattr(citation, _LISTED[tag]).append(text)
        elif tag in _POINTERS:
            number = _NUMBER.search(text)
            citation.corrections.append(Correction(_POINTERS[tag], text, number.group(1) if number else None))
        else:
            _other(citation, tag, text)
    citation.title = citation.title or ""
    return citation


def _other(citation: Citation, tag: str, text: str) -> None:
    if tag == "AB":
        citation.parts = [(None, None, text)]
    elif tag == "CN":
        citation.authors.append(text)
        citation.bodies.append(text)
    elif tag == "DP":
        citation.date = date_of(text)
    elif tag == "DEP":
        citation.date = citation.date or dated(text[:4], text[4:6], text[6:8])
    elif tag == "LR":
        citation.revised = dated(text[:4], text[4:6], text[6:8])
    elif tag == "PMC":
        citation.pmcid = text
    elif tag in {"AID", "LID"}:
        identifier = _IDENTIFIER.fullmatch(text)
        if identifier and identifier.group(2) == "doi":
            citation.doi = citation.doi or identifier.group(1)
