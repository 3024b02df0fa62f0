"""Split the text of a work into sentences; the version is kept with what was split by it.

Blocks come first: a newline always ends a sentence. Within a block a stop ends one, unless what stands
before it is an abbreviation, an initial or a number in a list, or what follows goes on with the sentence.
"""

from __future__ import annotations

import re

VERSION = "2"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# A stop with the closing marks and the reference marks that belong to it ("adults.[1] ", "treatment.12 We").
_STOP = re.compile(
    r"[\n.!?](?:(?<=\n)"
    r"|[\])\"'”’]*(?:\s?\[\d[\d,;\s–-]*\]|(?<=[a-z)][.!?])\d{1,3}(?:[,–-]\d{1,3})*(?=\s+[A-Z]))?(?:\s+|\Z)"
    r"|(?<=[a-z)][a-z)][a-z)]\.)(?=[A-Z][a-z]+[ :,]))"
)
_OPENING = "([{\"'“‘"
# What never ends a sentence.
_NEVER = _words(
    "vs v viz e.g eg i.e ie cf approx fig figs ref refs eq eqs dr drs mr mrs prof st dept univ ca resp incl"
    " excl vol suppl op para sect"
)
# What does not end one where a number follows.
_COUNTED = _words("no nos n p pp ch tab art sec ver jan feb mar apr jun jul aug sep sept oct nov dec")
# What ends one only where the next begins as sentences do.
_GUARDED = _words("al u.s u.k e.u u.n ph.d m.d d.c i.v i.m s.c p.o")
# What ends one only before a capital or a number.
_UNITS = _words(
    "etc inc ltd co corp sp spp subsp var ssp max min sec hr hrs wk wks mo mos yr yrs kg mg mcg µg ml dl cm mm gy"
    " wt conc temp pt pts b.i.d t.i.d q.i.d o.d a.m p.m s.d s.e s.e.m c.i d.f"
)
_STARTERS = _words(
    "A After All Although An And As At Because Before Both But By Compared Conclusion Conclusions Data Despite"
    " During Each Eight Eleven Even Evidence Few Finally Findings Five For Four From Further Furthermore Given"
    " However If In It Its Limitations Main Many Mean Median Methods More Moreover Most Neither Nine No None"
    " Nor Of On One Only Our Outcomes Over Overall Patients Participants Primary Recent Results Secondary Seven"
    " Several Significant Similar Since Six Some Studies Such Ten Than That The Their Then There Therefore"
    " These They This Those Three Thus To Treatment Two Under Until We What When Where Whereas Whether Which"
    " While With Within Women Men Children Adults People"
)
# A letter after one of these is a name by itself ("vitamin D"), not somebody's initial.
_LETTERED = _words(
    "vitamin hepatitis group groups type types class grade arm arms protein factor stage phase cohort influenza"
    " category level regimen part panel appendix site and or vs to plus versus"
)
_LIST = re.compile(r"(?:\d{1,2}|[a-z]|[ivx]{1,4})", re.IGNORECASE)
_MIXED = re.compile(r"[a-zα-ω]{1,4}(?:-?[A-Z]|\d|\()|[a-z]-[a-z]{3}")
_WORD = re.compile(r"[^\W\d_]+")
_NEAR = 200


def ends_of(text: str) -> list[int]:
    """Where each sentence of a text ends: offsets in characters, ascending, the last one ``len(text)``."""
    ends: list[int] = []
    start, size = 0, len(text)
    for match in _STOP.finditer(text):
        at, after = match.span()
        if _is_plain(text, start, at, after, size):
            start = at + 1
            ends.append(start)
            continue
        mark = text[at]
        if mark == "\n":
            end = at
        else:
            end = at + len(match.group().rstrip())
            goes_on = after < size and not _closes(text, start, at, end, after)
            if goes_on and "\n" not in text[end:after]:
                continue
        if text[start:end].strip():
            ends.append(end)
            start = end
    if not text:
        return []
    if ends and not text[start:].strip():
        ends.pop()
    return [*ends, len(text)]


def _is_plain(text: str, start: int, at: int, after: int, size: int) -> bool:
    """Whether this is what most ends are: a long word, a stop, a blank and a capital, no bracket before."""
    return (
        after == at + 2
        and after < size
        and text[at : at + 2] == ". "
        and text[after].isupper()
        and text[at - 5 : at].isalpha()
        and text.find("(", start, at) == -1
        and text[at - 6 : at].lower() != "approx"
    )


def _closes(text: str, start: int, at: int, end: int, after: int) -> bool:
    """Whether the stop at ``at`` ends the sentence that begins at ``start``; the next would at ``after``."""
    word = text[max(text.rfind(" ", start, at), start - 1) + 1 : at].lstrip(_OPENING + "\n")
    first = text[after]
    if first in _OPENING:
        first = text[after + 1 : after + 2]
    plain = word.lower()
    if not (first.isalnum() or first in "•*¿") or plain in _NEVER or _within(text, start, at, end):
        return False
    if text[at] != ".":
        return not first.islower()
    if first.islower():
        return _begins_small(text, word, plain, end == at + 1, after)
    if after == at + 1:  # no space: the end of a sentence, unless it is an address
        return not set("./@:") & set(word)
    return (len(word) > 4 and word.isalpha()) or _closes_short(text, start, at, word, plain, after)


def _closes_short(text: str, start: int, at: int, word: str, plain: str, after: int) -> bool:
    """The same for a short word before the stop and a capital or a number after it."""
    number = text[after].isdigit() or (text[after] in _OPENING and text[after + 1 : after + 2].isdigit())
    if number and (
        plain in _COUNTED or plain in _GUARDED or plain == "0" or plain[-2:] in {"<0", "=0", ">0"}
    ):
        return False
    if _LIST.fullmatch(word) and not text[start : at - len(word)].strip(_OPENING + " \n"):
        return False
    if plain in _GUARDED:
        return _next(text, after) in _STARTERS
    if len(word) == 1 and word.isupper() and not number:
        follows = _next(text, after)
        return follows in _STARTERS - {"A"} or (len(follows) > 1 and not _initial(text, start, at))
    return True


def _initial(text: str, start: int, at: int) -> bool:
    """Whether the single letter before the stop is somebody's initial."""
    before = text[start : at - 1]
    words = before.split()
    if not words or before.endswith(("(", "-")):
        return True
    last = words[-1].strip("(,;")
    if last.lower() in _LETTERED:
        return False
    return last in {"by", "from", "of"} or last.endswith(".") or (last[:1].isupper() and last[1:].islower())


def _begins_small(text: str, word: str, plain: str, bare: bool, after: int) -> bool:
    """Whether a sentence begins with a small letter here ("… was safe. mRNA rose", "… in all. omeprazole …")."""
    if plain in _UNITS or plain in _GUARDED or plain in _COUNTED or not bare:
        return False
    if len(word) > 1 and _MIXED.match(text, after):
        return "." not in word
    if word.endswith((")", "%", "]")):
        return len(_next(text, after)) > 2
    return len(word) > 4 and word.isalpha() and word.islower()


def _within(text: str, start: int, at: int, end: int) -> bool:
    """Whether the stop is inside brackets that opened within the sentence and close soon."""
    opened = text.rfind("(", start, at)
    if opened == -1 or text.rfind(")", opened, end) != -1:
        return False
    if not text[start:opened].strip():
        return False
    closes = text.find(")", end, end + _NEAR)
    opens = text.find("(", end, end + _NEAR)
    return closes != -1 and (opens == -1 or closes < opens)


def _next(text: str, after: int) -> str:
    found = _WORD.search(text, after, after + 40)
    return found.group() if found else ""
