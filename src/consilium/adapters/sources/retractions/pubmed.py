"""What PubMed says in its records: a work is retracted, or is the notice of another's retraction."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from consilium.adapters.sources.inline import Element
from consilium.adapters.sources.markup import elements, text_of
from consilium.adapters.sources.medline.pubmed import ROOTS
from consilium.adapters.sources.opened import Tick, opened
from consilium.adapters.sources.readings import Skipped
from consilium.adapters.sources.retractions.identities import doi_of, pmid_of
from consilium.domain.notice import Notice, NoticeKind

REGISTER = "PubMed"
# By the RefType of CommentsCorrections (PubMed DTD): said of the record itself, and said of another by a notice.
_OF_ITSELF = {
    "RetractionIn": NoticeKind.RETRACTED,
    "ExpressionOfConcernIn": NoticeKind.CONCERN,
    "ErratumIn": NoticeKind.CORRECTED,
}
_OF_ANOTHER = {
    "RetractionOf": NoticeKind.RETRACTED,
    "ExpressionOfConcernFor": NoticeKind.CONCERN,
    "ErratumFor": NoticeKind.CORRECTED,
}
_RETRACTED = "Retracted Publication"


def read(path: Path, tick: Tick) -> Iterator[Notice | Skipped]:
    """The notices in records of PubMed; a record that says nothing of the kind gives none.

    Raises:
        MalformedSource: it is no PubMed XML, or not all of it.
    """
    with opened(path, tick) as stream:
        for element in elements(path, stream, ("PubmedArticle",), ROOTS):
            yield from notices_of(element)


def notices_of(article: Element) -> Iterator[Notice]:
    """What one record says of itself, and of others."""
    pmid = pmid_of(text_of(article.find("MedlineCitation/PMID")))
    doi = next(
        (
            doi_of(one.text)
            for one in article.iterfind("PubmedData/ArticleIdList/ArticleId")
            if one.get("IdType") == "doi"
        ),
        "",
    )
    known = False
    for said in article.iterfind("MedlineCitation/CommentsCorrectionsList/CommentsCorrections"):
        what, other = said.get("RefType"), pmid_of(text_of(said.find("PMID")))
        if what in _OF_ITSELF and (pmid or doi):
            known |= what == "RetractionIn"
            notice = f"pmid:{other}" if other else ""
            yield Notice(_OF_ITSELF[what], REGISTER, pmid, doi, "", notice, text_of(said.find("RefSource")))
        elif what in _OF_ANOTHER and other:
            yield Notice(
                _OF_ANOTHER[what], REGISTER, other, "", _year(article), f"pmid:{pmid}" if pmid else ""
            )
    types = article.iterfind("MedlineCitation/Article/PublicationTypeList/PublicationType")
    if not known and any(text_of(one) == _RETRACTED for one in types) and (pmid or doi):
        yield Notice(NoticeKind.RETRACTED, REGISTER, pmid, doi)


def _year(article: Element) -> str:
    told = text_of(article.find("MedlineCitation/Article/Journal/JournalIssue/PubDate/Year"))
    return told if len(told) == 4 and told.isdigit() else ""
