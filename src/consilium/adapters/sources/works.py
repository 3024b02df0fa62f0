"""Works as they are stored: an article or a guideline in its own words, section by section.

A work stands in the store beside evidence records, with ``form`` set. Readers of files make works; sources
and sentences come from them here. A sentence is known by where it ends, so that what was split once stays
split so, whatever a later splitter would do.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NotRequired, TypedDict

from consilium.adapters.sources.records import FACTS
from consilium.domain.evidence import (
    Checked,
    Origin,
    Sentence,
    Source,
    SourceKind,
    SourceStatus,
    StatementKind,
)
from consilium.domain.grade import Certainty, Direction, Grade, Strength
from consilium.domain.role import Role

FORM = "work/1"


class Advice(TypedDict):
    """A recommendation that a sentence was recognised as.

    ``native`` is the issuer's own grade as it stands in the same clause or row; the rest says what it
    means, and is left out where it does not say.
    """

    native: NotRequired[str | None]
    strength: NotRequired[str]
    direction: NotRequired[str]
    certainty: NotRequired[str]


class Section(TypedDict):
    """A stretch of a work under one label.

    Attributes:
        passage: the number of the passage that it belongs to: an abstract, or up to 250 words of a section.
        label: its heading as printed, or None.
        role: a ``Role``.
        text: its text, in blocks parted by newlines; no sentence goes over a newline.
        ends: where each sentence ends, ascending offsets; the last one is ``len(text)``.
        place: where a reader finds it: a page ("p. 12") or an anchor ("#sec-3"), or None.
        advice: by the number of the sentence in this section (as text, from 0).
    """

    passage: int
    label: str | None
    role: str
    text: str
    ends: list[int]
    place: NotRequired[str | None]
    advice: NotRequired[dict[str, Advice]]


class Work(TypedDict):
    """A work in its own words.

    Attributes:
        form: ``FORM``.
        id: the stable id of the source: ``pmid-…``, ``pmc-…``, ``doi-…`` or the file's own.
        kind: a ``SourceKind``.
        source: what is known of it, named as in an evidence record: title, publication_type (the design),
            organisation, authors, year, updated, journal, locator, jurisdiction, population, status,
            status_basis, status_note, supersedes, superseded_by, retracted, concern, errata, pmid, pmcid, doi,
            url, language (ISO 639-2), species ("human", "animal" or None). Records of literature also say published
            (a date as far as it is known), revised (the record), ages (a band: min, max, unit), headings (MeSH as
            MEDLINE writes it), vernacular_title, retracts (ids of what this notice takes back).
        licence: the licence as stated, or None.
        quoted: whether only single sentences of it may be shown.
        topics, mesh: as in an evidence record.
        splitter: the version of the splitter that told the sentences.
        sections: what it says.
    """

    form: str
    id: str
    kind: str
    source: dict[str, Any]
    licence: str | None
    quoted: NotRequired[bool]
    topics: list[str]
    mesh: list[str]
    splitter: str
    sections: list[Section]


_TAKEN = (*FACTS, "language", "species")


def is_work(record: dict[str, Any]) -> bool:
    """Whether a stored record is a work in its own words."""
    return "form" in record


def source_of(work: dict[str, Any], *, version: int, collection: str) -> Source:
    """The source that a work is."""
    about = work["source"]
    status = "retracted" if about.get("retracted") else about.get("status") or "unknown"
    return Source(
        id=work["id"],
        version=version,
        collection=collection,
        kind=SourceKind(work["kind"]),
        title=about["title"],
        design=about["publication_type"],
        organisation=tuple(about.get("organisation") or ()),
        **{name: about.get(name) for name in _TAKEN},
        status=SourceStatus(status),
        status_checked=about.get("status_basis") == "seen",
        supersedes=tuple(about.get("supersedes") or ()),
        superseded_by=tuple(about.get("superseded_by") or ()),
        retraction_checked=about.get("retracted") is not None,
        licence=work.get("licence"),
        topics=tuple(work.get("topics") or ()),
        mesh=tuple(work.get("mesh") or ()),
    )


def passages_of(work: dict[str, Any]) -> dict[str, str]:
    """The passages of a work by their ids ("pmid-1:0"), each with its labels, in reading order."""
    parts: dict[str, list[str]] = {}
    above: tuple[int, str | None] | None = None
    for section in work["sections"]:
        here = section["passage"], section["label"]
        # What stands under one label is in several sections where its sentences do several things.
        label = f"{section['label']}: " if section["label"] and here != above else ""
        above = here
        parts.setdefault(f"{work['id']}:{section['passage']}", []).append(label + section["text"])
    return {name: "\n".join(texts) for name, texts in parts.items()}


def sentences_of(work: dict[str, Any]) -> tuple[Sentence, ...]:
    """The sentences of a work in reading order, numbered from 1 through all its sections."""
    return tuple(_sentences(work))


def _sentences(work: dict[str, Any]) -> Iterator[Sentence]:
    number, name = 0, work["id"]
    for section in work["sections"]:
        start, role = 0, Role(section["role"])
        advice = section.get("advice") or {}
        for place, end in enumerate(section["ends"]):
            text = " ".join(section["text"][start:end].split())
            start, number = end, number + 1
            given = advice.get(str(place))
            yield Sentence(
                id=f"{name}#{number}",
                source=name,
                text=text,
                kind=StatementKind.FINDING if given is None else StatementKind.RECOMMENDATION,
                origin=Origin.VERBATIM,
                checked=Checked.VERBATIM,
                passage=f"{name}:{section['passage']}",
                grade=_grade(given or {}),
                heading=section["label"],
                locator=section.get("place"),
                role=Role.RECOMMENDATION if given is not None else role,
            )


def _grade(advice: Advice | dict[str, Any]) -> Grade:
    return Grade(
        strength=Strength(advice.get("strength") or "not_stated"),
        direction=Direction(advice.get("direction") or "none"),
        certainty=Certainty(advice.get("certainty") or "not_stated"),
        native=advice.get("native"),
    )
