"""One article of JATS becomes a work: what its front matter says of it, its abstract and its full text."""

from __future__ import annotations

from typing import Any

from consilium.adapters.sources.abstracts import Part, sections_of
from consilium.adapters.sources.dates import year_in
from consilium.adapters.sources.designs import design_of, kind_of
from consilium.adapters.sources.inline import Element, name_of, words_in
from consilium.adapters.sources.jats.bodies import stretches_of
from consilium.adapters.sources.jats.front import (
    authors_of,
    date_of_article,
    ids_of,
    language_of,
    licence_of,
    locator_of,
    types_of,
)
from consilium.adapters.sources.passages import cut
from consilium.adapters.sources.readings import Skipped
from consilium.adapters.sources.sentences import VERSION
from consilium.adapters.sources.works import FORM, Section, Work
from consilium.domain.role import Role

# What is said again elsewhere in the article, or is no text.
_PASSED_OVER = frozenset({"graphical", "toc", "teaser", "video", "web-summary", "graphic"})
_MOST_TOPICS = 20


def work_of(article: Element, place: str) -> Work | Skipped:
    """The work that an article is; ``place`` says where it stands, for whoever reads why it was skipped."""
    front = next((child for child in article if name_of(child) in {"front", "front-stub"}), None)
    meta = None if front is None else next((m for m in front.iter("{*}article-meta")), front)
    if front is None or meta is None:
        return Skipped(place, "it has no front matter, so nothing says what it is")
    ids = ids_of(meta)
    heading = next(meta.iter("{*}article-title"), None)
    title = words_in(heading).rstrip(".") if heading is not None else ""
    name = _name(ids)
    if not title or name is None:
        missing = "title" if not title else "PMC number, PMID or DOI"
        return Skipped(place if name is None else name, f"it has no {missing}")
    sections = _sections(article, meta)
    design = design_of(types_of(article, meta), title, lambda: _methods(sections))
    licence, free = licence_of(meta)
    bodies, names = authors_of(meta)
    about: dict[str, Any] = {
        "title": title,
        "publication_type": design,
        "authors": names,
        "language": language_of(article),
        **_cited(front, meta),
        **{key: ids.get(key) for key in ("pmid", "pmcid", "doi")},
        "url": _address(ids),
        **_standing(article, meta, title),
    }
    kind = kind_of(design)
    if kind.value == "guideline" and bodies:
        about["organisation"] = bodies
    return {
        "form": FORM,
        "id": name,
        "kind": kind.value,
        "source": {key: value for key, value in about.items() if value not in (None, [])},
        "licence": licence,
        "quoted": not free,
        "topics": [words_in(word) for word in meta.iter("{*}kwd")][:_MOST_TOPICS],
        "mesh": [],
        "splitter": VERSION,
        "sections": sections,
    }


def _name(ids: dict[str, str]) -> str | None:
    if "pmcid" in ids:
        return f"pmc-{ids['pmcid'].removeprefix('PMC')}"
    if "pmid" in ids:
        return f"pmid-{ids['pmid']}"
    return f"doi-{ids['doi'].lower()}" if "doi" in ids else None


def _address(ids: dict[str, str]) -> str | None:
    if "pmcid" in ids:
        return f"https://pmc.ncbi.nlm.nih.gov/articles/{ids['pmcid']}/"
    return f"https://doi.org/{ids['doi']}" if "doi" in ids else None


def _cited(front: Element, meta: Element) -> dict[str, Any]:
    date = date_of_article(meta)
    names = {
        child.get("journal-id-type"): words_in(child)
        for child in front.iter("{*}journal-id")
        if child.get("journal-id-type")
    }
    printed = next((words_in(title) for title in front.iter("{*}journal-title")), None)
    return {
        "journal": names.get("iso-abbrev") or names.get("nlm-ta") or printed,
        "year": year_in(date),
        "published": date if date and len(date) > 4 else None,
        "locator": locator_of(meta),
    }


def _sections(article: Element, meta: Element) -> list[Section]:
    sections: list[Section] = []
    count = 0
    for abstract in meta:
        if name_of(abstract) != "abstract" or abstract.get("abstract-type") in _PASSED_OVER:
            continue
        found = sections_of(_parts(abstract), passage=count)
        sections += found
        count += bool(found)
    return [*sections, *cut(stretches_of(article), count)]


def _parts(abstract: Element) -> list[Part]:
    """(label, nothing, text) of each part of an abstract."""
    parts: list[Part] = []
    loose = [words_in(child) for child in abstract if name_of(child) == "p"]
    for section in abstract:
        if name_of(section) == "sec":
            title = next((words_in(child) for child in section if name_of(child) == "title"), "")
            held = [words_in(block) for block in section.iter("{*}p")]
            parts.append((title.rstrip(":. ") or None, None, "\n".join(text for text in held if text)))
    if not parts and len(loose) > 1:
        # Paragraphs with a bold label each are the same thing set another way.
        return [(None, None, " ".join(loose))]
    return [*((None, None, text) for text in loose if text), *parts]


def _methods(sections: list[Section]) -> str:
    """What it says of its methods in the abstract, and at the most a few passages on."""
    first = [section["text"] for section in sections if section["passage"] == 0]
    told = [section["text"] for section in sections[:30] if section["role"] == Role.METHODS.value]
    return " ".join([*first, *told[:6]])


def _standing(article: Element, meta: Element, title: str) -> dict[str, Any]:
    """What the article says of itself being retracted, or of what it retracts."""
    related = [
        (link.get("related-article-type") or "", link.get("ext-link-type") or "", _linked(link))
        for link in meta.iter("{*}related-article")
    ]
    taken_back = any(kind in {"retraction-forward", "retraction"} for kind, _, _ in related) and (
        article.get("article-type") != "retraction"
    )
    marked = title.upper().startswith(("RETRACTED:", "RETRACTED ARTICLE", "[RETRACTED]"))
    return {
        "retracted": True if taken_back or marked else None,
        "retracts": [f"{kind}-{to}" for role, kind, to in related if role == "retracted-article" and to]
        if article.get("article-type") == "retraction"
        else [],
    }


def _linked(link: Element) -> str:
    return next((value for name, value in link.attrib.items() if str(name).endswith("href")), "")
