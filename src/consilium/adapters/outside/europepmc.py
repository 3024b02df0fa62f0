"""Europe PMC by its REST interface: a search gives records, an open article its full text in JATS.

Described in "Europe PMC: Articles RESTful API" (europepmc.org/RestfulWebService).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from consilium.adapters.outside.client import Answer, Client
from consilium.adapters.outside.markup import read_object, rooted
from consilium.adapters.outside.pace import Pace
from consilium.errors import OutsideError

_DAY = 86_400.0
_OPEN = frozenset({"cc by", "cc0"})  # the licences under which a whole text may be kept and shown
_PMCID = re.compile(r"PMC\d{1,9}")


@dataclass(frozen=True, slots=True)
class Hit:
    """One record that was found.

    Attributes:
        licence: of the full text, as Europe PMC writes it ("cc by"), or None.
        whole: whether Europe PMC has the full text.
        record: all that it said.
    """

    source: str
    id: str
    title: str
    pmid: str | None
    pmcid: str | None
    doi: str | None
    licence: str | None
    whole: bool
    record: dict[str, Any]

    @property
    def may_be_read(self) -> bool:
        """Whether the full text is there under a licence that allows it to be kept."""
        return bool(self.whole and self.pmcid and self.licence in _OPEN)


@dataclass(frozen=True, slots=True)
class Hits:
    """What a search found, of ``count`` in all."""

    count: int
    hits: tuple[Hit, ...]


class EuropePmc:
    """Asks Europe PMC."""

    def __init__(self, client: Client, base: str, pace: Pace) -> None:
        """``base`` ends with a slash."""
        self._client, self._base, self._pace = client, base, pace

    def search(self, query: str, most: int = 25) -> Answer[Hits]:
        """Search, best first.

        Raises:
            OutsideError: Europe PMC cannot be asked.
        """
        return self._client.get(
            self._base + "search",
            _hits,
            types=("application/json",),
            parameters={"query": query, "format": "json", "resultType": "core", "pageSize": str(most)},
            pace=self._pace,
            fresh=_DAY,
        )

    def full_text(self, hit: Hit) -> Answer[bytes]:
        """The full text of a record in JATS.

        Raises:
            OutsideError: Europe PMC cannot be asked, or the licence does not allow it.
        """
        if not hit.may_be_read or not hit.pmcid:
            raise OutsideError(
                f"The full text of {hit.id} is not there under CC BY or CC0; only its abstract is read."
            )
        return self._client.get(
            f"{self._base}{hit.pmcid}/fullTextXML",
            _article,
            types=("application/xml", "text/xml"),
            pace=self._pace,
            fresh=_DAY,
        )


def _article(body: bytes) -> bytes:
    rooted(body, "article")
    return body


def _hits(body: bytes) -> Hits:
    told = read_object(body)
    try:
        count, rows = int(told["hitCount"]), told["resultList"]["result"]
        return Hits(count, tuple(_hit(row) for row in rows))
    except (KeyError, TypeError, AttributeError) as fault:
        raise ValueError("it is no list of records") from fault


def _hit(row: dict[str, Any]) -> Hit:
    pmcid = str(row.get("pmcid") or "")
    return Hit(
        str(row["source"]),
        str(row["id"]),
        str(row.get("title") or ""),
        row.get("pmid"),
        pmcid if _PMCID.fullmatch(pmcid) else None,
        row.get("doi"),
        (row.get("license") or "").lower() or None,
        row.get("inEPMC") == "Y",
        row,
    )
