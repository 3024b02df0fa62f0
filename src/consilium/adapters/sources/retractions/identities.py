"""PMIDs and DOIs as registers write them, made comparable."""

from __future__ import annotations

import re

_DOI = re.compile(r"10\.\d{4,9}/\S{1,200}")
_BEFORE = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)


def doi_of(told: object) -> str:
    """A DOI in small letters; "" where it is none ("unavailable")."""
    plain = _BEFORE.sub("", told.strip()).lower() if isinstance(told, str) else ""
    return plain if _DOI.fullmatch(plain) else ""


def pmid_of(told: object) -> str:
    """A PMID; "" where it is none, or the 0 that stands for none."""
    plain = str(told).strip() if isinstance(told, str | int) else ""
    return plain if plain.isascii() and plain.isdigit() and plain.strip("0") and len(plain) <= 9 else ""
