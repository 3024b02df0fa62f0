"""The front matter of a JATS article: its numbers, people, dates, kind and licence."""

from __future__ import annotations

import re

from consilium.adapters.sources.dates import dated
from consilium.adapters.sources.inline import Element, name_of, words_in
from consilium.adapters.sources.reuse import licence_in

_NAMED, _MOST_NAMES = 6, 500
# What kinds of article are called as publication types.
_TYPES = {
    "review-article": "Review", "systematic-review": "Systematic Review", "case-report": "Case Reports",
    "correction": "Published Erratum", "retraction": "Retraction Notice", "editorial": "Editorial",
    "expression-of-concern": "Expression of Concern", "letter": "Letter", "news": "News", "reply": "Comment",
    "article-commentary": "Comment", "meeting-report": "Congress", "protocol": "Clinical Trial Protocol",
    "study-protocol": "Clinical Trial Protocol", "guideline": "Practice Guideline", "preprint": "Preprint",
}  # fmt: skip
_SUBJECTS = (
    ("systematic review", "Systematic Review"),
    ("meta-analysis", "Meta-Analysis"),
    ("study protocol", "Clinical Trial Protocol"),
    ("practice guideline", "Practice Guideline"),
    ("clinical guideline", "Practice Guideline"),
    ("case report", "Case Reports"),
    ("randomized controlled trial", "Randomized Controlled Trial"),
    ("clinical trial", "Clinical Trial"),
    ("editorial", "Editorial"),
)
# The date that a citation carries comes first: of the issue, then of the collection, then online.
_DATES = ("ppub", "collection", "pub", "epub", "epub-ppub")
_LANGUAGES = {
    "en": "eng", "fr": "fre", "de": "ger", "es": "spa", "pt": "por", "it": "ita", "nl": "dut", "ru": "rus",
    "pl": "pol", "zh": "chi", "ja": "jpn", "ko": "kor", "tr": "tur", "sv": "swe", "da": "dan", "no": "nor",
    "cs": "cze", "hu": "hun", "ar": "ara",
}  # fmt: skip
_SPLIT = re.compile(r"[\s.‐-]+")


def ids_of(meta: Element) -> dict[str, str]:
    """Its PMID, PMC number and DOI, those that it has."""
    ids: dict[str, str] = {}
    for child in meta:
        if name_of(child) != "article-id":
            continue
        kind, text = child.get("pub-id-type"), (child.text or "").strip()
        if not text:
            continue
        if kind in {"pmc", "pmcid"}:
            ids["pmcid"] = "PMC" + text.upper().removeprefix("PMC")
        elif kind in {"pmid", "doi"}:
            ids[kind] = text
    return ids


def types_of(article: Element, meta: Element) -> list[str]:
    """Its publication types, by its type and the headings that the journal put it under."""
    types = ["Journal Article"]
    kind = article.get("article-type") or ""
    if kind in _TYPES:
        types.append(_TYPES[kind])
    for subject in meta.iter("{*}subject"):
        words = words_in(subject).lower()
        types += [named for cue, named in _SUBJECTS if cue in words and len(words) < 60]
    return types


def authors_of(meta: Element) -> tuple[list[str], str | None]:
    """(the bodies among its authors, all of them in NLM style)."""
    bodies: list[str] = []
    names: list[str] = []
    for contributor in list(meta.iter("{*}contrib"))[:_MOST_NAMES]:
        if contributor.get("contrib-type") not in {None, "author"}:
            continue
        for child in contributor:
            if name_of(child) == "name":
                names.append(_person(child))
            elif name_of(child) == "collab":
                bodies.append(words_in(child))
                names.append(bodies[-1])
    names = [name for name in names if name]
    more = ", et al." if len(names) > _NAMED else ""
    return [body for body in bodies if body], ", ".join(names[:_NAMED]) + more or None


def _person(name: Element) -> str:
    held = {name_of(child): child for child in name}
    given = held.get("given-names")
    initials = ""
    if given is not None:
        stated = given.get("initials")
        parts = [part for part in _SPLIT.split(words_in(given)) if part]
        initials = stated or "".join(part if part.isupper() and len(part) < 4 else part[:1] for part in parts)
    surname = held.get("surname")
    return f"{words_in(surname) if surname is not None else ''} {initials}".strip()


def date_of_article(meta: Element) -> str | None:
    """When it was published, as citations say, with month and day where one of its dates has them."""
    dates: dict[str, str] = {}
    for child in meta:
        if name_of(child) == "pub-date":
            parts = {name_of(part): part.text for part in child}
            kind = child.get("pub-type") or child.get("date-type") or "pub"
            date = dated(parts.get("year"), parts.get("month"), parts.get("day"))
            if date:
                dates.setdefault(kind, date)
    first = next((dates[kind] for kind in _DATES if kind in dates), next(iter(dates.values()), None))
    if first is None:
        return None
    same = [date for kind, date in dates.items() if kind in _DATES and date.startswith(first)]
    return max(same, key=len, default=first)


def locator_of(meta: Element) -> str | None:
    """Volume, issue and pages as citations write them."""
    held = {name_of(child): words_in(child) for child in meta}
    first, last = held.get("fpage"), held.get("lpage")
    pages = f"{first}-{last}" if first and last and first != last else first or held.get("elocation-id")
    issue = f"({held['issue']})" if held.get("issue") else ""
    where = f"{held.get('volume', '')}{issue}{f':{pages}' if pages else ''}"
    return where.removeprefix(":") or None


def language_of(article: Element) -> str:
    """The language of the text, ISO 639-2; English where it says none, as JATS has it."""
    stated = article.get("{http://www.w3.org/XML/1998/namespace}lang") or "en"
    code = stated.lower().split("-")[0]
    return _LANGUAGES.get(code, code)


def licence_of(meta: Element) -> tuple[str | None, bool]:
    """(the licence as stated, whether the text may be shown at length)."""
    for permissions in meta.iter("{*}permissions"):
        for licence in permissions.iter("{*}license"):
            href = next((value for name, value in licence.attrib.items() if str(name).endswith("href")), "")
            links = [reference.text or "" for reference in licence.iter("{*}license_ref")]
            inner = [
                str(v)
                for link in licence.iter("{*}ext-link")
                for k, v in link.attrib.items()
                if str(k).endswith("href")
            ]
            return licence_in(words_in(licence), " ".join([str(href), *links, *inner]).strip() or None)
        statement = next((words_in(part) for part in permissions.iter("{*}copyright-statement")), None)
        return licence_in(statement)
    return None, False
