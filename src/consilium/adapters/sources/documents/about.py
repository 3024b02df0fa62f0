"""What is known of a guideline document: told by whoever adds it, in a side-car or as flags, else by the file.

Nothing is guessed. What must be known and is nowhere said is a fault that says what to give.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from consilium.domain.evidence import SourceStatus
from consilium.errors import MalformedSource

SIDE_CARS = (".about.yaml", ".about.yml", ".about.json")
DESIGN = "practice guideline"
_SIDE_CAR_MOST = 1 << 20
_LANGUAGES = {
    "en": "eng", "fr": "fre", "de": "ger", "es": "spa", "pt": "por", "it": "ita", "nl": "dut", "pl": "pol",
    "sv": "swe", "da": "dan", "no": "nor", "nb": "nor", "fi": "fin", "cs": "cze", "tr": "tur", "ru": "rus",
    "ja": "jpn", "zh": "chi", "ko": "kor", "ar": "ara", "el": "gre", "hu": "hun", "ro": "rum",
}  # fmt: skip
_OPEN = re.compile(
    r"\bcc[ -]?(?:by(?![ -]n[cd])|0|zero)\b|public domain|open government|creative commons attribution",
    re.IGNORECASE,
)


def _text(value: Any) -> str | None:
    return " ".join(value.split()) if isinstance(value, str) and value.strip() else None


def _texts(value: Any) -> list[str] | None:
    items = value if isinstance(value, list) else [value]
    told = [_text(item) for item in items]
    return [item for item in told if item] if all(told) else None


def _year(value: Any) -> int | None:
    found = re.fullmatch(r"\s*((?:19|20)\d\d)\s*", str(value)) if not isinstance(value, bool) else None
    return int(found.group(1)) if found else None


def _date(value: Any) -> str | None:
    found = re.fullmatch(r"\s*((?:19|20)\d\d(?:-[01]\d(?:-[0-3]\d)?)?)\s*", str(value))
    return found.group(1) if found else None


def _one_of(*allowed: str) -> Callable[[Any], str | None]:
    return lambda value: value if isinstance(value, str) and value in allowed else None


def _language(value: Any) -> str | None:
    told = (_text(value) or "").lower()
    return told if re.fullmatch(r"[a-z]{3}", told) else _LANGUAGES.get(told.split("-", maxsplit=1)[0])


def _matching(pattern: str) -> Callable[[Any], str | None]:
    return lambda value: value if isinstance(value, str) and re.fullmatch(pattern, value) else None


# Each fact: how it is read, and what to write where it cannot be.
_FACTS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "id": (_matching(r"[a-z0-9]+(?:-[a-z0-9]+)*"), "lower-case letters, digits and hyphens, such as croup-2024"),
    "title": (_text, "the title in words"),
    "organisation": (_texts, "who issued it, one name or a list of names"),
    "authors": (_text, "names in one line"),
    "year": (_year, "a year in four digits, such as 2024"),
    "updated": (_date, "a date such as 2024-05-31"),
    "jurisdiction": (_text, "a country or region, such as UK"),
    "status": (_one_of(*SourceStatus), "one of " + ", ".join(SourceStatus)),
    "status_basis": (_one_of("seen", "assumed"), "seen (you looked whether it is current) or assumed"),
    "status_note": (_text, "a sentence"),
    "supersedes": (_texts, "ids of the sources that it replaces"),
    "superseded_by": (_texts, "ids of the sources that replace it"),
    "url": (_matching(r"https?://[^\s\"'<>]+"), "an address that begins with https://"),
    "doi": (_matching(r"10\.\d{4,9}/\S+"), "such as 10.1000/182"),
    "licence": (_text, "the terms in words, such as CC BY 4.0"),
    "quoted": (lambda value: value if isinstance(value, bool) else None, "true or false"),
    "population": (_text, "whom it is about"),
    "topics": (_texts, "a list of words"),
    "mesh": (_texts, "a list of MeSH headings"),
    "language": (_language, "three letters of ISO 639-2, such as eng"),
    "publication_type": (_text, "words such as practice guideline"),
}  # fmt: skip
_NEEDED = {"title": "its title", "organisation": "who issued it", "year": "the year of this edition"}
_KEPT = (
    "title", "organisation", "authors", "year", "updated", "jurisdiction", "population", "status", "status_basis",
    "status_note", "supersedes", "superseded_by", "doi", "url", "language",
)  # fmt: skip


def side_car_of(path: Path) -> dict[str, Any]:
    """What the side-car beside a file says; empty where there is none.

    Raises:
        MalformedSource: there is one, and it cannot be read.
    """
    for ending in SIDE_CARS:
        beside = path.with_name(path.name + ending)
        if beside.is_file():
            return checked(_loaded(beside), beside.name)
    return {}


def _loaded(path: Path) -> Any:
    import yaml  # noqa: PLC0415 - only needed to add documents

    kind = "JSON" if path.suffix == ".json" else "YAML"
    try:
        if path.stat().st_size > _SIDE_CAR_MOST:
            raise MalformedSource(
                f"{path.name}: too large for a side-car; it holds a few lines about the document."
            )
        text = path.read_text("utf-8")
        return json.loads(text) if kind == "JSON" else yaml.safe_load(text)
    except yaml.MarkedYAMLError as fault:
        line = f" at line {fault.problem_mark.line + 1}" if fault.problem_mark else ""
        raise MalformedSource(f"{path.name}: not YAML that can be read{line}.") from fault
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as fault:
        raise MalformedSource(f"{path.name}: not {kind} in UTF-8 that can be read.") from fault


def checked(told: Any, place: str) -> dict[str, Any]:
    """Facts as they are kept; those without a value are left out.

    Raises:
        MalformedSource: a fact is not known or not as it must be.
    """
    if not isinstance(told, Mapping):
        raise MalformedSource(f"{place}: write lines such as 'title: Croup in children'.")
    facts: dict[str, Any] = {}
    for name, value in told.items():
        if name not in _FACTS:
            raise MalformedSource(f"{place}: '{str(name)[:40]}' is not known; known are {', '.join(_FACTS)}.")
        if value is None or value == []:
            continue
        read, form = _FACTS[name]
        facts[name] = read(value)
        if facts[name] is None:
            raise MalformedSource(f"{place}: {name} must be {form}.")
    return facts


def completed(
    told: Mapping[str, Any], found: Mapping[str, Any], heading: str | None, name: str
) -> dict[str, Any]:
    """What was told, completed by what the file says of itself.

    Args:
        told: from flags and side-car.
        found: the file's own title, organisation, year and language.
        heading: its first heading, the title where no other is told.
        name: the name of the file, for the message.

    Raises:
        MalformedSource: title, organisation or year are nowhere said.
    """
    facts = dict(told)
    for fact, value in found.items():
        read, _ = _FACTS[fact]
        kept = read(value[:4] if fact == "year" else value)
        if fact not in facts and kept is not None:
            facts[fact] = kept
    if heading and "title" not in facts:
        facts["title"] = heading
    years = set(re.findall(r"\b(?:19|20)\d\d\b", f"{facts.get('title') or ''} {heading or ''}"))
    if "year" not in facts and len(years) == 1:
        facts["year"] = int(years.pop())
    lacking = [f"{fact} ({what})" for fact, what in _NEEDED.items() if fact not in facts]
    if lacking:
        raise MalformedSource(
            f"{name}: does not say {' and '.join(lacking)}. Give it with "
            f"{' '.join(f'--{fact}' for fact in _NEEDED if fact not in facts)}, or in a file {name}.about.yaml."
        )
    return facts


def id_of(facts: Mapping[str, Any]) -> str:
    """The id that was given, else one made of issuer, title and year, which a later adding finds again."""
    if given := facts.get("id"):
        return str(given)
    words = f"{facts['organisation'][0]} {facts['title']}"
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    slug = "-".join(re.findall(r"[a-z0-9]+", plain))[:80].rstrip("-")
    return f"{slug}-{facts['year']}" if slug else f"document-{facts['year']}"


def source_of(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts named as in ``Work["source"]``; what was not told is None."""
    source: dict[str, Any] = {name: facts.get(name) for name in _KEPT}
    source["publication_type"] = facts.get("publication_type", DESIGN)
    source["status"] = facts.get("status", "unknown")
    source["status_basis"] = facts.get("status_basis", "assumed")
    for name in ("supersedes", "superseded_by"):
        source[name] = facts.get(name, [])
    source["species"] = "human"
    return source


def is_quoted(facts: Mapping[str, Any]) -> bool:
    """Whether only single sentences may be shown: unless told, wherever the licence is not an open one."""
    told = facts.get("quoted")
    return not _OPEN.search(facts.get("licence") or "") if told is None else bool(told)
