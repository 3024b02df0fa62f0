"""``consilium library add pmid:…`` and ``pubmed:QUERY``: records fetched from PubMed, then read as a file is."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from consilium import wiring
from consilium.cli.common_options import say
from consilium.errors import OutsideError, QuestionError
from consilium.lexicon import concepts
from consilium.pipeline.anonymous import identifying
from consilium.settings import from_environment

if TYPE_CHECKING:
    from consilium.adapters.outside.eutilities import EUtilities

_PMID, _QUERY = "pmid:", "pubmed:"
_SECONDS = 600.0
_AT_ONCE = 200
_MOST = 9_999  # PubMed gives out no more of one search


def asks(what: Sequence[str]) -> bool:
    """Whether something of what was named is to be fetched."""
    return any(name.lower().startswith((_PMID, _QUERY)) for name in what)


@contextmanager
def fetched(what: Sequence[str], library: Path | None) -> Iterator[list[str]]:
    """The files of what was named, for as long as they are read.

    Raises:
        OutsideError: PubMed cannot be asked, or has not what was named; nothing was added.
        QuestionError: a query seems to name a person; nothing was sent.
    """
    pmids, queries = _sorted(what)
    services = wiring.outside(from_environment(), library, _SECONDS)
    with tempfile.TemporaryDirectory() as folder, services.client as client:
        try:
            pages = [xml for query in queries for xml in _found(services.pubmed, query)]
            pages += _named(services.pubmed, pmids)
        finally:
            for sent in client.sent:
                say(f"Sent outside this machine: {sent.what}, to {sent.to}")
        files = [Path(folder) / f"pubmed-{number}.xml" for number in range(len(pages))]
        for file, xml in zip(files, pages, strict=True):
            file.write_bytes(xml)
        yield [str(file) for file in files]


def _sorted(what: Sequence[str]) -> tuple[list[str], list[str]]:
    """PMIDs and queries; a file among them is wrong usage."""
    pmids: list[str] = []
    queries: list[str] = []
    for name in what:
        kind, _, rest = name.partition(":")
        told = rest.strip()
        if kind.lower() == "pmid" and told.isascii() and told.isdigit():
            pmids.append(told)
        elif kind.lower() == "pubmed" and told:
            queries.append(told)
        else:
            raise typer.BadParameter(
                f"{name!r} is neither pmid:NUMBER nor pubmed:QUERY; what is to be fetched is named apart from files"
            )
    lexicon = concepts.load()
    for query in queries:
        if found := identifying(query, lexicon):
            raise QuestionError(
                f"The query seems to hold a {found[0].kind.value} (“{found[0].words}”); nothing was sent. Take it out."
            )
    return list(dict.fromkeys(pmids)), queries


def _found(pubmed: EUtilities, query: str) -> Iterator[bytes]:
    found = pubmed.search(query, 0, history=True).found
    if not found.count:
        raise OutsideError(f"PubMed finds nothing for {query!r}; nothing was added.")
    if found.count > _MOST:
        raise OutsideError(
            f"PubMed finds {found.count:,} records for {query!r}, and gives out no more than {_MOST:,} of one "
            "search; nothing was added. Narrow it, for example by years: AND 2020:2026[dp]."
        )
    for page in pubmed.pages(found, _AT_ONCE):
        yield page.xml


def _named(pubmed: EUtilities, pmids: Sequence[str]) -> Iterator[bytes]:
    for start in range(0, len(pmids), _AT_ONCE):
        wanted = pmids[start : start + _AT_ONCE]
        records = pubmed.fetch(wanted).found
        if missing := [pmid for pmid in wanted if pmid not in records.pmids]:
            raise OutsideError(f"PubMed has no record {', '.join(missing)}; nothing was added.")
        yield records.xml
