"""PubMed XML, as NLM gives it out in baseline and update files and E-utilities answer it, becomes works."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from consilium.adapters.sources.citation import work_of
from consilium.adapters.sources.markup import elements
from consilium.adapters.sources.medline.articles import citation_of
from consilium.adapters.sources.medline.books import chapter_of
from consilium.adapters.sources.opened import Tick, ignore, opened
from consilium.adapters.sources.readings import Deleted, Reading

ROOTS = frozenset({"PubmedArticleSet", "PubmedBookArticleSet"})
_DELETIONS = frozenset({"DeleteCitation", "DeleteDocument"})
_MAPPED = {"PubmedArticle": citation_of, "PubmedBookArticle": chapter_of}


def read(path: Path, tick: Tick = ignore) -> Iterator[Reading]:
    """The works of a file, one after the other, and what it says is deleted.

    Raises:
        MalformedSource: it is no PubMed XML, not all of it, or not what its checksum is of.
    """
    with opened(path, tick) as stream:
        for element in elements(path, stream, (*_MAPPED, *_DELETIONS), ROOTS):
            mapped = _MAPPED.get(str(element.tag))
            if mapped is not None:
                yield work_of(mapped(element))
            else:
                yield from (Deleted(f"pmid-{pmid.text.strip()}") for pmid in element if pmid.text)
