"""The labels that stand in the text of an abstract ("RESULTS: …") part it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from consilium.adapters.sources.roles import roles_of

_LABEL = re.compile(r"[A-Z][A-Za-z][A-Za-z ,/&()'’-]{0,60}")
# Those that nothing else looks like, wherever they stand.
_SURE = frozenset(
    {"BACKGROUND", "OBJECTIVE", "OBJECTIVES", "METHODS", "RESULTS", "CONCLUSION", "CONCLUSIONS"}
)
_BEFORE = (". ", "? ", "! ", ") ", "] ", "% ", "\n")
_COLON = re.compile(r":{1,2}\s+(?=\S)")
_REACH = 66
# Labels in small letters are taken only where they are as short as these are.
_MOST_WORDS = 4


def parts_of(text: str) -> list[tuple[str | None, str]]:
    """(label, text) of each part in reading order; one part without a label where there are none."""
    found = list(_labels(text)) if ":" in text else []
    if not found or (len(found) == 1 and found[0][1] == 0 and not found[0][0].isupper()):
        return [(None, text)]
    parts: list[tuple[str | None, str]] = []
    if found[0][1] > 0:
        parts.append((None, text[: found[0][1]].strip()))
    ends = [start for _, start, _ in found[1:]] + [len(text)]
    for (label, _, begin), end in zip(found, ends, strict=True):
        parts.append((label, text[begin:end].strip()))
    return [(label, part) for label, part in parts if part]


def _labels(text: str) -> Iterator[tuple[str, int, int]]:
    """(label, where it begins, where its text does) of each label."""
    for colon in _COLON.finditer(text):
        at = colon.start()
        reach = max(0, at - _REACH)
        before = text[reach:at]
        begins = {before.rfind(mark) + len(mark) for mark in _BEFORE if mark in before}
        for start in sorted(begins | {0} if reach == 0 else begins):
            label = before[start:].rstrip()
            if _LABEL.fullmatch(label) and _is_label(label):
                yield label, reach + start, colon.end()
                break
        else:
            label = before.rsplit(" ", 1)[-1]
            if label in _SURE:
                yield label, at - len(label), colon.end()


def _is_label(words: str) -> bool:
    if words.isupper():
        return len(words) > 2 and (bool(roles_of(words)) or words == "UNLABELLED")
    return (
        len(words.split()) <= _MOST_WORDS and bool(roles_of(words)) and not words.startswith(("The ", "In "))
    )
