"""Dates of publication in all the forms that records have them in become "1998", "1998-12" or "1998-12-03"."""

from __future__ import annotations

import re

_MONTHS = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)  # noqa: SIM905
}
# A season says no month that one could rely on; it is left out.
_DATED = re.compile(
    r"(?<!\d)((?:1[5-9]|20)\d\d)(?!\d)(?:[\s/-]+(?:(\d{1,2})|([A-Za-z]{3,9}))\b(?:[\s/-]+(\d{1,2})(?!\d))?)?"
)


def date_of(text: str | None) -> str | None:
    """The first date that a text names, as far as it goes; None where it names no year."""
    found = _DATED.search(text or "")
    if found is None:
        return None
    year, number, name, day = found.groups()
    return dated(year, number or name, day)


def dated(year: str | None, month: str | None = None, day: str | None = None) -> str | None:
    """A date from its parts; parts that are no such thing, and what comes after them, are left out."""
    year = (year or "").strip()
    if len(year) != 4 or not year.isdecimal() or not "1500" <= year < "2100":
        return None
    parts = [year]
    number = _month(month)
    if number:
        parts.append(f"{number:02}")
        if day and day.strip().isdecimal() and 1 <= int(day) <= 31:
            parts.append(f"{int(day):02}")
    return "-".join(parts)


def year_in(date: str | None) -> int | None:
    """The year of a date."""
    return int(date[:4]) if date else None


def _month(text: str | None) -> int | None:
    if not text:
        return None
    text = text.strip()
    if text.isdecimal():
        return int(text) if 1 <= int(text) <= 12 else None
    return _MONTHS.get(text[:3].lower()) if text.isalpha() else None
