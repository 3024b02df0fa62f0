"""Look outside for what a plan asks: queries in turn until enough was found, then the records in one request."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from consilium.adapters.outside.asking import Outside
from consilium.adapters.outside.client import Sent
from consilium.adapters.outside.eutilities import Records
from consilium.adapters.sources.medline import pubmed
from consilium.adapters.sources.readings import Reading
from consilium.errors import OutsideError
from consilium.pipeline.pubmed_query import PubmedQuery

_ENOUGH = 30


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of looking.

    Attributes:
        records: what was found; None where nothing was, or could be had.
        fetched: when PubMed gave them, UTC.
        by: for each query in turn what it looked for, and the PMIDs that it added.
        sent: all that left this machine.
        unreached: what could not be had and why, a sentence each.
    """

    records: Records | None
    fetched: str | None
    by: tuple[tuple[str, tuple[str, ...]], ...]
    sent: tuple[Sent, ...]
    unreached: tuple[str, ...]

    def works(self) -> Iterator[Reading]:
        """The works in the records, by the reader of PubMed files."""
        if self.records:
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / "pubmed.xml"
                file.write_bytes(self.records.xml)
                yield from pubmed.read(file)


def look(queries: Sequence[PubmedQuery], services: Outside, enough: int = _ENOUGH) -> Looked:
    """Ask PubMed. Whatever goes wrong outside is told in what comes back, beside what there is.

    Raises:
        ConfigurationError: a key or a folder is the operator's to put right.
    """
    found: list[str] = []
    by: list[tuple[str, tuple[str, ...]]] = []
    unreached: list[str] = []
    records, fetched = None, None
    try:
        for query in queries:
            if len(found) >= enough:
                break
            ids = services.pubmed.search(query.term, enough - len(found)).found.ids
            by.append((query.looks_for, tuple(pmid for pmid in ids if pmid not in found)))
            found += by[-1][1]
    except OutsideError as fault:
        unreached.append(f"Not all of PubMed could be searched. {fault}")
    try:
        if found:
            told = services.pubmed.fetch(found)
            records, fetched = told.found, told.fetched
    except OutsideError as fault:
        unreached.append(f"{len(found)} records of PubMed could not be fetched. {fault}")
    return Looked(records, fetched, tuple(by), tuple(services.client.sent), tuple(unreached))
