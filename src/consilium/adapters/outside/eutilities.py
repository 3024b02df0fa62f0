"""PubMed by NCBI's E-utilities: a search gives ids or a place in the history, a fetch gives records in XML.

Described in "Entrez Programming Utilities Help" (NCBI Bookshelf, NBK25499).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from lxml import etree

from consilium.adapters.outside.client import Answer, Client, Declined
from consilium.adapters.outside.markup import rooted, text_of
from consilium.adapters.outside.pace import Pace
from consilium.adapters.sources.retractions.pubmed import notices_of
from consilium.domain.notice import Notice
from consilium.errors import ConfigurationError, OutsideError

Found = TypeVar("Found")
_XML = ("text/xml", "application/xml")
_SET = "PubmedArticleSet"
_DAY = 86_400.0
_MOST_IDS = 200  # beyond that NCBI wants another kind of request
_PAGE = 500
_MOST_SHOWN = 120


@dataclass(frozen=True, slots=True)
class Place:
    """Where NCBI keeps the result of a search for some hours."""

    environment: str
    query: str


@dataclass(frozen=True, slots=True)
class Search:
    """What a search found.

    Attributes:
        count: how many there are, of which ``ids`` are the first.
        read_as: the query as PubMed understood it.
        missed: phrases that PubMed does not know.
    """

    count: int
    ids: tuple[str, ...]
    read_as: str
    missed: tuple[str, ...]
    place: Place | None


@dataclass(frozen=True, slots=True)
class Records:
    """Records as they came: a ``PubmedArticleSet`` in XML, and whose PMIDs are in it."""

    xml: bytes
    pmids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """What PubMed says of how works stand.

    Attributes:
        known: the PMIDs that it has a record of.
        day: the earliest on which it said so.
    """

    notices: tuple[Notice, ...]
    known: frozenset[str]
    day: str


@dataclass(frozen=True, slots=True)
class Summary:
    """A record in short."""

    pmid: str
    title: str
    journal: str | None
    date: str | None
    doi: str | None
    types: tuple[str, ...]


class EUtilities:
    """Asks PubMed."""

    def __init__(
        self, client: Client, base: str, pace: Pace, email: str | None = None, key: str | None = None
    ) -> None:
        """``base`` ends with a slash; ``email`` and ``key`` are the operator's."""
        self._client, self._base, self._pace = client, base, pace
        self._keys = {name: value for name, value in (("email", email), ("api_key", key)) if value}

    def search(self, term: str, most: int = 20, *, history: bool = False) -> Answer[Search]:
        """Search, best first; with ``history`` NCBI keeps the result, to be fetched by pages.

        Raises:
            OutsideError: PubMed cannot be asked.
            ConfigurationError: it does not accept the key.
        """
        asked = {"term": term, "retmax": str(most), "sort": "relevance"}
        asked |= {"usehistory": "y"} if history else {}
        return self._asked("esearch.fcgi", asked, _search, fresh=0.0 if history else _DAY)

    def fetch(self, pmids: Sequence[str]) -> Answer[Records]:
        """Records by their PMIDs, at most 200 at a time.

        Raises:
            OutsideError: PubMed cannot be asked.
        """
        return self._asked("efetch.fcgi", {"id": _listed(pmids), "retmode": "xml"}, _records, fresh=_DAY)

    def standing(self, pmids: Sequence[str]) -> Standing:
        """What the records of works say of retractions, concerns and corrections, of these works or by them.

        Raises:
            OutsideError: PubMed cannot be asked.
        """
        notices: list[Notice] = []
        known: set[str] = set()
        days: set[str] = set()
        for start in range(0, len(pmids), _MOST_IDS):
            records = self.fetch(pmids[start : start + _MOST_IDS])
            known.update(records.found.pmids)
            days.add(records.fetched[:10])
            for article in rooted(records.found.xml, _SET).iterfind("PubmedArticle"):
                notices += notices_of(article)
        return Standing(tuple(notices), frozenset(known), min(days, default=""))

    def pages(self, search: Search, size: int = _PAGE) -> Iterator[Records]:
        """All records of a search with history, page by page.

        Raises:
            OutsideError: PubMed cannot be asked.
        """
        if search.place is None:
            raise ValueError("A search without history has no pages.")
        for start in range(0, search.count, size):
            asked = {"query_key": search.place.query, "WebEnv": search.place.environment}
            asked |= {"retstart": str(start), "retmax": str(size), "retmode": "xml"}
            yield self._asked("efetch.fcgi", asked, _records, fresh=0.0).found

    def summaries(self, pmids: Sequence[str]) -> Answer[tuple[Summary, ...]]:
        """Records in short, at most 200 at a time."""
        return self._asked("esummary.fcgi", {"id": _listed(pmids)}, _summaries, fresh=_DAY)

    def similar(self, pmid: str) -> Answer[tuple[str, ...]]:
        """The PMIDs of what PubMed holds to be similar, the nearest first."""
        asked = {"dbfrom": "pubmed", "linkname": "pubmed_pubmed", "id": _listed([pmid])}
        found = self._asked("elink.fcgi", asked, _linked, fresh=_DAY)
        return Answer(tuple(one for one in found.found if one != pmid), found.fetched)

    def _asked(
        self, tool: str, asked: dict[str, str], read: Callable[[bytes], Found], *, fresh: float
    ) -> Answer[Found]:
        try:
            return self._client.get(
                self._base + tool,
                read,
                types=_XML,
                parameters={"db": "pubmed", **asked, "tool": "consilium"},
                keys=self._keys,
                pace=self._pace,
                fresh=fresh,
            )
        except Declined as fault:
            if b"api key" in fault.said.lower() or b"api-key" in fault.said.lower():
                raise ConfigurationError("NCBI does not accept the key in CONSILIUM_NCBI_KEY.") from fault
            raise


def _listed(pmids: Sequence[str]) -> str:
    if not 0 < len(pmids) <= _MOST_IDS or not all(p.isascii() and p.isdigit() for p in pmids):
        raise OutsideError(f"PubMed is asked for 1 to {_MOST_IDS} PMIDs, which are numbers.")
    return ",".join(pmids)


def _sound(body: bytes, root: str) -> etree._Element:
    """The root of an answer that does not say that something went wrong."""
    found = rooted(body, root)
    said = text_of(found.find("ERROR"))
    if said:
        raise ValueError(f"it says: {said[:_MOST_SHOWN]}")
    return found


def _search(body: bytes) -> Search:
    root = _sound(body, "eSearchResult")
    count = text_of(root.find("Count"))
    if count is None or not count.isdigit() or root.find("IdList") is None:
        raise ValueError("it has no count, or no list of ids")
    environment, query = text_of(root.find("WebEnv")), text_of(root.find("QueryKey"))
    return Search(
        int(count),
        tuple(filter(None, map(text_of, root.iterfind("IdList/Id")))),
        text_of(root.find("QueryTranslation")) or "",
        tuple(filter(None, map(text_of, root.iterfind("ErrorList/PhraseNotFound")))),
        Place(environment, query) if environment and query else None,
    )


def _records(body: bytes) -> Records:
    root = rooted(body, _SET)
    found = (
        root.iterfind(f"{kind}/PMID")
        for kind in ("PubmedArticle/MedlineCitation", "PubmedBookArticle/BookDocument")
    )
    return Records(body, tuple(pmid for each in found for pmid in map(text_of, each) if pmid))


def _summaries(body: bytes) -> tuple[Summary, ...]:
    return tuple(_summary(one) for one in _sound(body, "eSummaryResult").iterfind("DocSum"))


def _summary(one: etree._Element) -> Summary:
    said = {item.get("Name"): text_of(item) for item in one.iter("Item")}
    types = (text_of(item) for item in one.iter("Item") if item.get("Name") == "PubType")
    pmid = text_of(one.find("Id"))
    if pmid is None:
        raise ValueError("a summary in it has no id")
    return Summary(
        pmid, said.get("Title") or "", said.get("Source"), said.get("PubDate"), said.get("doi") or said.get("DOI"),
        tuple(filter(None, types)),
    )  # fmt: skip


def _linked(body: bytes) -> tuple[str, ...]:
    found = _sound(body, "eLinkResult").iterfind("LinkSet/LinkSetDb")
    return tuple(
        name
        for links in found
        if text_of(links.find("LinkName")) == "pubmed_pubmed"
        for name in map(text_of, links.iterfind("Link/Id"))
        if name
    )
