"""Fold a text to tokens so that spelling variants of one word meet.

Case, accents, hyphens, possessives, plurals and British or American spelling are folded.
The same folding is applied to the lexicon and to what people type, so a fold need only be
consistent, not pretty.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# A word; inner full stops keep "5.5" and "i.v." whole; "+" and "%" carry meaning in "na+".
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:[0-9]+[^\W\d_]*)*(?:['’][^\W\d_]+)?|%|\+")
# No name of a concept goes on across one of these.
_PAUSE = re.compile(r"[,()/]|\s[-–—]\s")
_STOP = re.compile(r"[:;?!]|\.(?=\s)")
_SPELLING = (
    ("aemi", "emi"),
    ("oe", "e"),
    ("ae", "e"),
    ("sulph", "sulf"),
    ("our", "or"),
    ("isation", "ization"),
    ("yse", "yze"),
    ("lled", "led"),
    ("lling", "ling"),
    ("metre", "meter"),
    ("litre", "liter"),
    ("centre", "center"),
    ("fibre", "fiber"),
    ("titre", "titer"),
    ("grey", "gray"),
    ("programme", "program"),
)
# Words of four letters or fewer are left alone: "does" and "dose" must not meet.
_FOLD_FROM = 5


@dataclass(frozen=True, slots=True)
class Token:
    """A folded word with its place in the text, in characters.

    Attributes:
        opens: whether one of ``:;?!`` or a full stop stands before it.
        parts: whether one of these, a comma, a bracket or a dash does.
    """

    folded: str
    start: int
    end: int
    upper: bool
    opens: bool = False
    parts: bool = False


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """One word, folded; ``fold("Oesophagi's")`` is ``"esophagi"``."""
    plain = unicodedata.normalize("NFKD", word)
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark)).lower()
    plain = re.sub(r"['’](?:s|m|ve|re|ll|d)?$|['’]", "", plain)
    if len(plain) >= _FOLD_FROM:
        for british, american in _SPELLING:
            plain = plain.replace(british, american)
        plain = re.sub(r"is(e|ed|es|ing)$", r"iz\1", plain)
    return _singular(plain)


def _singular(word: str) -> str:
    if len(word) < 4 or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 5:
        return word[:-3] + "y"
    if word.endswith(("oses", "tases", "rizes")) and len(word) > 6:
        return word[:-2] + "is" if not word.endswith("rizes") else word[:-1]
    if word.endswith(("sses", "shes", "ches", "xes")) and not word.endswith("aches"):
        return word[:-2]
    return word.removesuffix("s")


def tokens(text: str) -> tuple[Token, ...]:
    """The folded tokens of a text in order; punctuation and hyphens separate words."""
    found: list[Token] = []
    before = 0
    for match in _WORD.finditer(text):
        opens = bool(_STOP.search(text, before, match.start()))
        parts = opens or bool(_PAUSE.search(text, before, match.start()))
        before = match.end()
        found.append(Token(fold(match.group()), match.start(), before, match.group().isupper(), opens, parts))
    return tuple(found)


def key(phrase: str) -> tuple[str, ...]:
    """The folded words of a phrase, as the lexicon looks it up."""
    return tuple(token.folded for token in tokens(phrase))
