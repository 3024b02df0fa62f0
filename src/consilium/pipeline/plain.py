"""A text as patterns read it: one kind of dash, space and digit, and nothing that cannot be seen."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# What looks like a plain character, though Unicode calls it something else: minus, bullets, the
# quotation mark that opens, the decimal point of some journals, slashes.
_ALIKE = {
    "\u2212": "-", "\u2043": "-", "\u30fc": "-", "\u02d7": "-",
    "\u2018": "'", "\u02bc": "'", "\u00b7": ".", "\u2219": ".",
    "\u2044": "/", "\u2215": "/", "\u29f8": "/",
}  # fmt: skip
# Letters and signs that print as nothing: fillers of Hangul, the empty pattern of Braille.
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800")
# Format characters, and marks that only change the one before them.
_UNSEEN = frozenset({"Cf", "Mn", "Me"})


def plain(text: str) -> tuple[str, list[int]]:
    """The text as patterns read it.

    Returns:
        The copy, and for each place in it, its end included, the place in the text.
    """
    kept = [(place, like) for place, character in enumerate(text) if (like := _like(character))]
    return "".join(like for _, like in kept), [*(place for place, _ in kept), len(text)]


def without_unseen(text: str) -> str:
    """The text without format characters: joiners, marks of direction, soft hyphens, tags."""
    return "".join(c for c in text if unicodedata.category(c) != "Cf")


@lru_cache(maxsize=4096)
def _like(character: str) -> str:
    """The plain character that one looks like, the character itself, or "" if it cannot be seen."""
    if character.isspace() or character in _BLANK:
        return " "
    if character.isascii():
        return character
    kind = unicodedata.category(character)
    if kind in _UNSEEN:
        return ""
    if kind == "Pd":
        return "-"
    if kind == "Nd":
        return str(unicodedata.decimal(character))
    wide = unicodedata.normalize("NFKC", character)
    # Not of other numbers: the 2 of m² is none to match.
    return wide if len(wide) == 1 and wide.isascii() and kind != "No" else _ALIKE.get(character, character)
