"""Under which licence a text stands, and whether it may be shown at length."""

from __future__ import annotations

import re

_CC = re.compile(r"creativecommons\.org/(licenses|publicdomain)/([a-z-]+)(?:/(\d\.\d))?", re.IGNORECASE)
_SHORT = re.compile(
    r"\bCC[ -]?(0|BY(?:-(?:NC|ND|SA))*)\b(?:[ -]?(?:licen[cs]e )?v?(\d\.\d))?|\bCC BY((?: ?-? ?(?:NC|ND|SA))+)\b"
)
_WORDS = re.compile(
    r"Creative Commons (Attribution[\w -]*?|CC0|Zero|Public Domain)[\s,]*(?:\d|\b(?:International|Licen[cs]e))"
)
_RESTRICTED = re.compile(r"non-? ?commercial|no-? ?deriv|share-? ?alike|\bN[CD]\b|\bSA\b", re.IGNORECASE)
_PUBLIC = re.compile(r"public domain", re.IGNORECASE)
_OPEN = frozenset({"CC BY", "CC0", "public domain"})
_MOST = 300


def licence_in(text: str | None, url: str | None = None) -> tuple[str | None, bool]:
    """(the licence as stated, whether the text may be shown at length).

    Only CC BY, CC0 and the public domain allow that; whatever says anything else, or nothing, does not.
    """
    if not text and not url:
        return None, False
    words = " ".join((text or "").split())
    named = _by_url(f"{url or ''} {words}") or _by_words(words)
    if named is None:
        return (words[:_MOST] or url or None), False
    return named, named.split(" 4.")[0].split(" 3.")[0].split(" 2.")[0].split(" 1.")[0] in _OPEN


def _by_url(text: str) -> str | None:
    found = _CC.search(text)
    if found is None:
        return None
    part, code, version = found.groups()
    if part.lower() == "publicdomain":
        return "CC0" if code.lower() == "zero" else "public domain"
    name = "CC " + code.upper()
    return f"{name} {version}" if version else name


def _by_words(text: str) -> str | None:
    short = _SHORT.search(text)
    if short:
        code = short.group(1) or "BY"
        limits = re.findall("NC|ND|SA", short.group(3) or "")
        name = "CC0" if code == "0" else "-".join(["CC " + code, *limits])
        return f"{name} {short.group(2)}" if short.group(2) else name
    if _WORDS.search(text) and not _RESTRICTED.search(text):
        return "CC0" if "Zero" in text or "CC0" in text else "CC BY"
    return "public domain" if _PUBLIC.search(text) and len(text) < _MOST else None
