"""Documents of a test collection (JSON Lines as BEIR has them) become works.

``_id``, ``title`` and ``text`` are theirs; of ``metadata`` the names of bibliography are read (pmid, pmcid, doi,
journal, year, publication_types, mesh, authors, language, license). ``sections``, a list of [heading, text],
is full text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from consilium.adapters.sources.citation import Citation, work_of
from consilium.adapters.sources.opened import Tick, ignore, opened
from consilium.adapters.sources.passages import Stretch, cut
from consilium.adapters.sources.readings import Reading, Skipped
from consilium.adapters.sources.reuse import licence_in
from consilium.adapters.sources.roles import is_matter, role_under
from consilium.adapters.sources.works import Section, Work
from consilium.domain.role import Role

_LONGEST = 32 << 20
_UNFIT = re.compile(r"[^A-Za-z0-9._-]+")
_NUMBER = re.compile(r"\d{1,10}")


def read(path: Path, tick: Tick = ignore) -> Iterator[Reading]:
    """The works of a file; a line at fault is skipped, the rest goes on.

    Raises:
        MalformedSource: the file cannot be read.
    """
    with opened(path, tick) as stream:
        for number, line in enumerate(stream.lines(_LONGEST), 1):
            place = f"{path.name}, line {number}"
            if line is None:
                yield Skipped(place, f"it is longer than {_LONGEST >> 20} MB")
            elif line.strip():
                yield _made(line, place)


def _made(line: bytes, place: str) -> Reading:
    try:
        item = json.loads(line)
    except (ValueError, RecursionError) as fault:
        return Skipped(place, f"it is not JSON in UTF-8: {fault}")
    if not isinstance(item, dict) or not _text(item.get("_id")):
        return Skipped(place, "it has no _id")
    about = item.get("metadata")
    metadata = about if isinstance(about, dict) else {}
    sections = item.get("sections")
    citation = _citation(item, metadata)
    name = f"doc-{_UNFIT.sub('-', _text(item['_id'])).strip('-') or 'x'}"[:120]
    if not citation.title:
        citation.title = name
    numbered = citation.pmid
    citation.pmid = numbered or "0"
    made = work_of(citation)
    if isinstance(made, Skipped):
        return Skipped(place, made.reason)
    if isinstance(sections, list):
        made["sections"] = list(_full(sections, made["sections"]))
    return _named(made, name, numbered, metadata)


def _named(made: Work, name: str, pmid: str | None, metadata: dict[str, Any]) -> Work:
    """The work under its own number; what only a record of NLM says is left out."""
    source = {k: v for k, v in made["source"].items() if k not in {"pmid", "url", "retracted"}}
    pmcid = source.get("pmcid")
    if pmcid:
        made["id"] = f"pmc-{pmcid.removeprefix('PMC')}"
        source["url"] = f"https://pmc.ncbi.nlm.nih.gov/articles/{pmcid}/"
    elif pmid:
        made["id"] = f"pmid-{pmid}"
    else:
        made["id"] = name
    if pmid:
        source["pmid"] = pmid
        source.setdefault("url", f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/")
    licence, free = licence_in(_text(metadata.get("license") or metadata.get("licence")))
    return {**made, "source": source, "licence": licence, "quoted": not free}


def _citation(item: dict[str, Any], metadata: dict[str, Any]) -> Citation:
    year = _text(metadata.get("year"))
    pmid = _text(metadata.get("pmid") or item.get("pmid"))
    pmcid = _text(metadata.get("pmcid") or item.get("pmcid")) or _text(item["_id"])
    text = " ".join(_text(item.get("text")).split())
    doi = metadata.get("doi")
    return Citation(
        pmid=pmid if _NUMBER.fullmatch(pmid) else None,
        pmcid=pmcid if re.fullmatch(r"PMC\d{1,10}", pmcid) else None,
        doi=_text(doi[0] if isinstance(doi, list) and doi else doi) or None,
        title=" ".join(_text(item.get("title")).split()),
        parts=[(None, None, text)] if text else [],
        authors=_texts(metadata.get("authors")),
        journal=_text(metadata.get("journal_abbrev")) or None,
        journal_title=_text(metadata.get("journal")) or None,
        date=year if re.fullmatch(r"(1[5-9]|20)\d\d", year) else None,
        types=_texts(metadata.get("publication_types")),
        headings=_texts(metadata.get("mesh")),
        keywords=_texts(metadata.get("keywords")),
        languages=[_text(metadata.get("language"))] if metadata.get("language") else [],
    )


def _full(given: list[Any], abstract: list[Section]) -> Iterator[Section]:
    stretches = []
    for pair in given:
        if isinstance(pair, list) and len(pair) == 2 and _text(pair[1]):
            label = _text(pair[0])
            if not is_matter(label):
                stretches.append(Stretch(label or None, role_under(label) or Role.OTHER, _text(pair[1])))
    yield from abstract
    yield from cut(stretches, 1 if abstract else 0)


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else str(value) if isinstance(value, int) else ""


def _texts(value: Any) -> list[str]:
    return [text for text in map(_text, value) if text] if isinstance(value, list) else []
