"""The neutral form of a citation, whatever it was read from, and the work that it becomes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from consilium.adapters.sources.abstracts import Part, sections_of
from consilium.adapters.sources.dates import year_in
from consilium.adapters.sources.designs import design_of, kind_of
from consilium.adapters.sources.headings import population_of, species_of
from consilium.adapters.sources.readings import Skipped
from consilium.adapters.sources.reuse import licence_in
from consilium.adapters.sources.sentences import VERSION
from consilium.adapters.sources.works import FORM, Section, Work
from consilium.domain.role import Role

# NLM style names six authors before "et al." (Citing Medicine, 2nd edition).
_NAMED = 6
_MOST_TOPICS = 20
_NOTICES = frozenset({"retraction notice"})


@dataclass(frozen=True, slots=True)
class Correction:
    """Another record that a record points to.

    Attributes:
        kind: what it is to this one, as PubMed XML names it ("RetractionIn", "UpdateIn", …).
        text: the reference as it stands.
        pmid: the record's number, where it is given.
    """

    kind: str
    text: str
    pmid: str | None = None


@dataclass(slots=True)
class Citation:
    """An article as a bibliographic record tells of it.

    Attributes:
        parts: (label, category, text) of each part of the abstract.
        authors: people ("Smith J") and bodies in the order of the record.
        bodies: those of the authors that are bodies.
        date: when it was published, as far as is known.
        revised: when the record was last revised.
        types: publication types.
        headings: MeSH headings as MEDLINE writes them: "Stroke/*drug therapy", a star before what it is mainly about.
        languages: of the article, ISO 639-2.
    """

    pmid: str | None = None
    pmcid: str | None = None
    doi: str | None = None
    title: str = ""
    vernacular: str | None = None
    parts: list[Part] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    journal: str | None = None
    journal_title: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    date: str | None = None
    revised: str | None = None
    types: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    copyright: str | None = None


def work_of(citation: Citation) -> Work | Skipped:
    """The work that a citation becomes, its abstract one passage."""
    title, translated = _title(citation.title or citation.vernacular or "")
    if not citation.pmid or not title:
        missing = "title" if citation.pmid else "PMID"
        return Skipped(f"PMID {citation.pmid or 'unknown'}", f"it has no {missing}")
    sections = sections_of(citation.parts)
    names = _descriptors(citation.headings)
    design = design_of(citation.types, title, lambda: _methods(sections), names)
    licence, free = licence_in(citation.copyright)
    about = {
        "title": title,
        "publication_type": design,
        "authors": _authors(citation.authors),
        "year": year_in(citation.date),
        "journal": citation.journal or citation.journal_title,
        "locator": _locator(citation),
        "pmid": citation.pmid,
        "pmcid": citation.pmcid,
        "doi": citation.doi,
        "url": f"https://pubmed.ncbi.nlm.nih.gov/{citation.pmid}/",
        "language": citation.languages[0] if citation.languages else None,
        "species": species_of(names),
        **_people(names),
        **_extras(citation, translated),
        **_standing(citation),
    }
    kind = kind_of(design)
    if kind.value == "guideline" and citation.bodies:
        about["organisation"] = citation.bodies
    return {
        "form": FORM,
        "id": f"pmid-{citation.pmid}",
        "kind": kind.value,
        "source": {name: value for name, value in about.items() if value or value is False},
        "licence": licence,
        "quoted": not free,
        "topics": citation.keywords[:_MOST_TOPICS],
        "mesh": names,
        "splitter": VERSION,
        "sections": sections,
    }


def _methods(sections: list[Section]) -> str:
    return " ".join(s["text"] for s in sections if s["role"] in {Role.METHODS, Role.OTHER})


def _title(text: str) -> tuple[str, bool]:
    """The title without its last stop and without the brackets that mark a translation."""
    title = text.strip().removesuffix(".").rstrip()
    if title.startswith("[") and title.endswith("]"):
        return title[1:-1].strip().removesuffix("."), True
    return title, False


def _descriptors(headings: list[str]) -> list[str]:
    """The names of headings, first those of what an article is mainly about."""
    ordered = sorted(headings, key=lambda heading: "*" not in heading)
    return list(dict.fromkeys([heading.partition("/")[0].removeprefix("*") for heading in ordered]))


def _authors(names: list[str]) -> str | None:
    if not names:
        return None
    more = ", et al." if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _locator(citation: Citation) -> str | None:
    issue = f"({citation.issue})" if citation.issue else ""
    pages = f":{citation.pages}" if citation.pages else ""
    where = f"{citation.volume or ''}{issue}{pages}"
    return where.removeprefix(":") or None


def _people(names: list[str]) -> dict[str, Any]:
    if species_of(names) != "human":
        return {}
    population, ages = population_of(names)
    return {"population": population, "ages": ages}


def _extras(citation: Citation, translated: bool) -> dict[str, Any]:
    dated = citation.date if citation.date and len(citation.date) > 4 else None
    return {
        "published": dated,
        "revised": citation.revised,
        "vernacular_title": citation.vernacular if translated else None,
        "headings": citation.headings,
    }


def _standing(citation: Citation) -> dict[str, Any]:
    """What corrections say of where the article stands; a record without a notice says that there is none."""
    if not citation.corrections:
        return {"retracted": "Retracted Publication" in citation.types}
    named: dict[str, list[Correction]] = {}
    for correction in citation.corrections:
        named.setdefault(correction.kind, []).append(correction)

    def ids(kind: str) -> list[str]:
        return [f"pmid-{c.pmid}" for c in named.get(kind, ()) if c.pmid]

    def texts(*kinds: str) -> list[str]:
        return [c.text for kind in kinds for c in named.get(kind, ())]

    withdrawn = "Retracted Publication" in citation.types or "RetractionIn" in named
    newer = texts("UpdateIn")
    notes = [f"{told}: {text}" for kind, told in _NOTED for text in texts(kind)]
    if newer:
        notes.append(f"its record names an update: {'; '.join(newer)}")
    concern = texts("ExpressionOfConcernIn")
    return {
        "retracted": withdrawn,
        "concern": "; ".join(concern) or None,
        "errata": texts("ErratumIn", "CorrectedandRepublishedIn"),
        "status": "superseded" if newer else None,
        "status_basis": "seen" if newer else None,
        "status_note": "; ".join(notes) or None,
        "superseded_by": ids("UpdateIn"),
        "supersedes": ids("UpdateOf"),
        "retracts": ids("RetractionOf"),
    }


_NOTED = (("RetractionIn", "retracted"), ("RepublishedIn", "republished"))
