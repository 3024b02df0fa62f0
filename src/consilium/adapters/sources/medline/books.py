"""A chapter or book of PubMed XML (NCBI Bookshelf) becomes a citation."""

from __future__ import annotations

from consilium.adapters.sources.citation import Citation
from consilium.adapters.sources.dates import date_of, dated
from consilium.adapters.sources.inline import Element
from consilium.adapters.sources.markup import text_of
from consilium.adapters.sources.medline import articles


def chapter_of(element: Element) -> Citation:
    """The citation that a PubmedBookArticle holds."""
    citation = Citation()
    document = element.find("BookDocument")
    if document is None:
        return citation
    book = document.find("Book")
    citation.pmid = text_of(document.find("PMID")) or None
    whole = text_of(book.find("BookTitle")) if book is not None else ""
    citation.title = text_of(document.find("ArticleTitle")) or whole
    citation.journal = whole if whole != citation.title else None
    for tag, take in _TAKEN.items():
        for child in document.findall(tag):
            take(citation, child)
    if book is not None:
        if not citation.authors:
            for names in book.findall("AuthorList"):
                articles.authors(citation, names)
        citation.date = _date(document.find("ContributionDate")) or _date(book.find("PubDate"))
    citation.revised = _date(document.find("DateRevised"))
    language = text_of(document.find("Language"))
    citation.languages = [language] if language else []
    citation.types = [text for text in map(text_of, document.findall("PublicationType")) if text]
    return citation


def _date(element: Element | None) -> str | None:
    if element is None:
        return None
    parts = {child.tag: child.text for child in element}
    return dated(parts.get("Year"), parts.get("Month"), parts.get("Day")) or date_of(parts.get("MedlineDate"))


_TAKEN = {
    "ArticleIdList": articles.identified,
    "AuthorList": articles.authors,
    "Abstract": articles.ABSTRACT,
    "KeywordList": articles.keywords,
}
