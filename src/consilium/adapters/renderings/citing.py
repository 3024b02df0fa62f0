"""The references of an article for reference managers: RIS, BibTeX and CSL-JSON.

Everything comes from the ``references`` of the article contract. Volume, issue and pages are read
from the NLM entry, where it has them; nothing is looked up and nothing is made up.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from consilium.adapters.renderings.wording import standing

_PERSON = re.compile(r"^(?P<family>\S(?:.*\S)?) (?P<given>[A-Z][A-Z-]{0,4})$")
_OTHERS = re.compile(r",? et al\.?$", re.IGNORECASE)
_PLACE = re.compile(r"\b\d{4};(?P<volume>\w+)(?:\((?P<issue>[^()]+)\))?:(?P<pages>[\w-]+)")
_HIDDEN = re.compile(r"[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]+")
_TEX = {c: "\\" + c for c in "&%$#_{}"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


@dataclass(frozen=True, slots=True)
class Name:
    """An author: a person with initials, or a body in ``family`` alone."""

    family: str
    given: str = ""


def names_of(reference: dict[str, Any]) -> tuple[list[Name], bool]:
    """The authors of a reference, and whether it has more; its issuers where it names none."""
    if not reference["authors"]:
        return [Name(_plain(body)) for body in reference["organisation"]], False
    listed = _plain(reference["authors"])
    told = _OTHERS.sub("", listed)
    people = [_PERSON.match(part.strip()) for part in told.removesuffix(".").split(",") if part.strip()]
    named = [Name(found["family"], found["given"]) for found in people if found]
    return named if all(people) else [Name(told)], told != listed


def as_ris(references: Iterable[dict[str, Any]]) -> str:
    """The references in RIS, one record each."""
    return "".join(f"{tag}  - {value}\r\n" for reference in references for tag, value in _ris(reference))


def _ris(reference: dict[str, Any]) -> Iterator[tuple[str, str]]:
    place = _place(reference)
    yield "TY", _kind(reference, "JOUR", "RPRT", "GEN")
    yield "ID", reference["source"]
    for name in names_of(reference)[0]:
        yield "AU", f"{name.family}, {_dotted(name.given)}" if name.given else name.family
    first, _, last = place.get("pages", "").partition("-")
    fields = (
        ("TI", reference["title"]),
        ("T2", reference["journal"]),
        ("PY", reference["year"]),
        ("VL", place.get("volume")),
        ("IS", place.get("issue")),
        ("SP", first),
        ("EP", last),
        ("PB", "; ".join(reference["organisation"])),
        ("DO", reference["doi"]),
        ("AN", f"PMID:{reference['pmid']}" if reference["pmid"] else None),
        ("C2", reference["pmcid"]),
        ("UR", reference["url"]),
        ("N1", _note(reference)),
    )
    yield from ((tag, _plain(value)) for tag, value in fields if value)
    yield "ER", ""


def as_bibtex(references: Iterable[dict[str, Any]]) -> str:
    """The references in BibTeX; keys are the names of the sources."""
    written: list[str] = []
    used: set[str] = set()
    for reference in references:
        key = re.sub(r"[^A-Za-z0-9:.-]+", "-", reference["source"])
        if key in used:
            key = f"{key}-{reference['number']}"
        used.add(key)
        fields = "".join(f"  {name} = {{{value}}},\n" for name, value in _bibtex(reference))
        written.append(f"@{_kind(reference, 'article', 'techreport', 'misc')}{{{key},\n{fields}}}\n")
    return "\n".join(written)


def _bibtex(reference: dict[str, Any]) -> Iterator[tuple[str, str]]:
    place = _place(reference)
    names, others = names_of(reference)
    authors = [f"{_tex(n.family)}, {_dotted(n.given)}" if n.given else f"{{{_tex(n.family)}}}" for n in names]
    publisher = _kind(reference, "publisher", "institution", "organization")
    fields = (
        ("author", " and ".join([*authors, *(["others"] if others else [])])),
        ("title", f"{{{_tex(reference['title'])}}}"),
        ("journal", _tex(reference["journal"])),
        ("year", _tex(reference["year"])),
        ("volume", _tex(place.get("volume"))),
        ("number", _tex(place.get("issue"))),
        ("pages", _tex(place.get("pages")).replace("-", "--")),
        (publisher, _tex("; ".join(reference["organisation"]))),
        ("doi", _verbatim(reference["doi"])),
        ("pmid", _tex(reference["pmid"])),
        ("pmcid", _tex(reference["pmcid"])),
        ("url", _verbatim(reference["url"])),
        ("note", _tex(_note(reference))),
    )
    yield from ((name, value) for name, value in fields if value)


def as_csl(references: Iterable[dict[str, Any]]) -> str:
    """The references in CSL-JSON."""
    return json.dumps([dict(_csl(reference)) for reference in references], ensure_ascii=False, indent=1)


def _csl(reference: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    place = _place(reference)
    names = [
        {"family": n.family, "given": _dotted(n.given)} if n.given else {"literal": n.family}
        for n in names_of(reference)[0]
    ]
    fields = (
        ("id", reference["source"]),
        (
            "type",
            _kind(reference, "article-journal", "report", "webpage" if reference["url"] else "document"),
        ),
        ("title", _plain(reference["title"])),
        ("author", names),
        ("container-title", reference["journal"]),
        ("issued", {"date-parts": [[reference["year"]]]} if reference["year"] else None),
        ("volume", place.get("volume")),
        ("issue", place.get("issue")),
        ("page", place.get("pages")),
        ("publisher", "; ".join(reference["organisation"])),
        ("DOI", reference["doi"]),
        ("PMID", reference["pmid"]),
        ("PMCID", reference["pmcid"]),
        ("URL", reference["url"]),
        ("note", _note(reference)),
    )
    yield from ((name, value) for name, value in fields if value)


def _kind(reference: dict[str, Any], journal: str, issued: str, other: str) -> str:
    """The type of a work: in a journal, issued by a body as advice, or anything else."""
    if reference["journal"]:
        return journal
    return issued if reference["kind"] in {"guideline", "regulatory"} else other


def _place(reference: dict[str, Any]) -> dict[str, str]:
    """Volume, issue and pages, as far as the NLM entry has them."""
    found = _PLACE.search(reference["text"]) if reference["journal"] else None
    return {name: value for name, value in found.groupdict().items() if value} if found else {}


def _note(reference: dict[str, Any]) -> str:
    """Design and standing: a reader of the list sees what was superseded or never checked."""
    return _plain("; ".join((reference["design"], *standing(reference))))


def _dotted(initials: str) -> str:
    return " ".join(f"{letter}." for letter in initials if letter != "-")


def _plain(value: object) -> str:
    """One line without hidden characters: a line break in a title may not start a field of RIS."""
    return " ".join(_HIDDEN.sub(" ", str(value)).split())


def _tex(value: object) -> str:
    return "".join(_TEX.get(c, c) for c in _plain(value)) if value else ""


def _verbatim(value: str | None) -> str:
    """A DOI or an address: not TeX, so only what would end the field is written otherwise."""
    return (
        _plain(value).replace("\\", "%5C").replace("{", "%7B").replace("}", "%7D").replace(" ", "%20")
        if value
        else ""
    )
