"""One article of PubMed XML becomes a citation; the elements are those of NLM's PubMed DTD."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import cast

from consilium.adapters.sources.citation import Citation, Correction
from consilium.adapters.sources.dates import date_of, dated
from consilium.adapters.sources.inline import Element
from consilium.adapters.sources.markup import plain, text_of

Taker = Callable[[Citation, Element], None]
# So many parts of names are kept; the rest of a list that is longer would say no more.
_MOST_NAMES = 1_000
# What cites what is said nowhere else, and is most of a recent file.
_PASSED_OVER = "Cites"


def citation_of(element: Element) -> Citation:
    """The citation that a PubmedArticle holds."""
    citation = Citation()
    for part in element:
        _take(citation, part, _TOP)
    return citation


def _take(citation: Citation, element: Element, takers: dict[str, Taker]) -> None:
    for child in element:
        taker = takers.get(cast("str", child.tag))
        if taker is not None:
            taker(citation, child)


def _pmid(citation: Citation, element: Element) -> None:
    citation.pmid = (element.text or "").strip() or None


def _revised(citation: Citation, element: Element) -> None:
    citation.revised = _date(element)


def _date(element: Element) -> str | None:
    parts = {child.tag: child.text for child in element}
    stated = dated(parts.get("Year"), parts.get("Month"), parts.get("Day"))
    return stated or date_of(parts.get("MedlineDate"))


def _article(citation: Citation, element: Element) -> None:
    _take(citation, element, _ARTICLE)


def _journal(citation: Citation, element: Element) -> None:
    for child in element:
        if child.tag == "JournalIssue":
            for part in child:
                if part.tag == "Volume":
                    citation.volume = plain(part.text or "") or None
                elif part.tag == "Issue":
                    citation.issue = plain(part.text or "") or None
                elif part.tag == "PubDate":
                    citation.date = _date(part) or citation.date
        elif child.tag == "Title":
            citation.journal_title = plain(child.text or "") or None
        elif child.tag == "ISOAbbreviation":
            citation.journal = citation.journal or plain(child.text or "") or None


def _title(citation: Citation, element: Element) -> None:
    citation.title = text_of(element)


def _vernacular(citation: Citation, element: Element) -> None:
    citation.vernacular = text_of(element) or None


def _pages(citation: Citation, element: Element) -> None:
    held = {child.tag: plain(child.text or "") for child in element}
    start, end = held.get("StartPage"), held.get("EndPage")
    stated = held.get("MedlinePgn") or (f"{start}-{end}" if start and end else start)
    citation.pages = stated or None


def _elsewhere(citation: Citation, element: Element) -> None:
    kind = element.get("EIdType")
    text = (element.text or "").strip()
    if kind == "doi" and element.get("ValidYN", "Y") == "Y":
        citation.doi = citation.doi or text or None
    elif kind == "pii" and not citation.pages:
        citation.pages = text or None


def _abstract(citation: Citation, element: Element) -> None:
    for child in element:
        if child.tag == "AbstractText":
            text = text_of(child)
            if text:
                citation.parts.append((child.get("Label"), child.get("NlmCategory"), text))
        elif child.tag == "CopyrightInformation":
            citation.copyright = text_of(child) or None


def authors(citation: Citation, element: Element) -> None:
    """Take the names of an AuthorList, people and bodies."""
    if element.get("Type") == "editors":
        return
    names = citation.authors
    for part in islice(element.iter("LastName", "Initials", "Suffix", "CollectiveName"), _MOST_NAMES):
        tag, text = part.tag, plain(part.text or "")
        if not text:
            continue
        if tag == "LastName":
            names.append(text)
        elif tag == "CollectiveName":
            citation.bodies.append(text_of(part).rstrip(".;"))
            names.append(citation.bodies[-1])
        elif names:
            names[-1] += " " + text


def _language(citation: Citation, element: Element) -> None:
    if element.text:
        citation.languages.append(element.text.strip())


def types(citation: Citation, element: Element) -> None:
    """Take the publication types of a PublicationTypeList."""
    citation.types = [child.text for child in element if child.text]


def _online(citation: Citation, element: Element) -> None:
    citation.date = citation.date or _date(element)


def _abbreviated(citation: Citation, element: Element) -> None:
    for child in element:
        if child.tag == "MedlineTA":
            citation.journal = plain(child.text or "") or citation.journal


def _headings(citation: Citation, element: Element) -> None:
    # In one go over all of them: a list of lists takes twice as long.
    headings: list[str] = []
    for part in element.iter("DescriptorName", "QualifierName"):
        name = (part.text or "").strip()
        if part.get("MajorTopicYN") == "Y":
            name = "*" + name
        if part.tag == "DescriptorName" or not headings:
            headings.append(name)
        else:
            headings[-1] += "/" + name
    citation.headings = headings


def keywords(citation: Citation, element: Element) -> None:
    """Take the words of a KeywordList."""
    citation.keywords += [word for word in map(text_of, element) if word]


def _corrections(citation: Citation, element: Element) -> None:
    for child in element:
        kind = child.get("RefType", "")
        if kind == _PASSED_OVER:
            continue
        held = {part.tag: part for part in child}
        pmid = held.get("PMID")
        number = (pmid.text or "").strip() if pmid is not None else ""
        citation.corrections.append(Correction(kind, text_of(held.get("RefSource")), number or None))


def identified(citation: Citation, element: Element) -> None:
    """Take the numbers of an ArticleIdList."""
    for child in element:
        kind, text = child.get("IdType"), (child.text or "").strip()
        if kind == "pmc" and text:
            citation.pmcid = "PMC" + text.upper().removeprefix("PMC").split(".")[0]
        elif kind == "doi" and text:
            citation.doi = citation.doi or text
        elif kind == "pubmed" and text:
            citation.pmid = citation.pmid or text


_ARTICLE: dict[str, Taker] = {
    "Journal": _journal,
    "ArticleTitle": _title,
    "VernacularTitle": _vernacular,
    "Pagination": _pages,
    "ELocationID": _elsewhere,
    "Abstract": _abstract,
    "AuthorList": authors,
    "Language": _language,
    "PublicationTypeList": types,
    "ArticleDate": _online,
}
_CITATION: dict[str, Taker] = {
    "PMID": _pmid,
    "DateRevised": _revised,
    "Article": _article,
    "MedlineJournalInfo": _abbreviated,
    "MeshHeadingList": _headings,
    "KeywordList": keywords,
    "CommentsCorrectionsList": _corrections,
}
_TOP: dict[str, Taker] = {**_CITATION, "ArticleIdList": identified}
ABSTRACT = _abstract
