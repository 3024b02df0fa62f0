"""The labels that stand in the text of an abstract ("RESULTS: …") part it."""

from __future__ import annotations

import re

from consilium.adapters.sources.roles import roles_of

# "RESULTS: …" or "Results: …" where a sentence may begin.
_LABEL = re.compile(r"(?:^|(?<=[.?!)\]%] )|(?<=\n))([A-Z][A-Za-z][A-Za-z ,/&()'’-]{0,60}?) ?:{1,2}\s+(?=\S)")
# Labels in small letters are taken only where they are as short as these are.
_MOST_WORDS = 4


def parts_of(text: str) -> list[tuple[str | None, str]]:
    """(label, text) of each part in reading order; one part without a label where there are none."""
    found = [match for match in _LABEL.finditer(text) if _is_label(match.group(1))]
    if not found or (len(found) == 1 and found[0].start() == 0 and not found[0].group(1).isupper()):
        return [(None, text)]
    parts: list[tuple[str | None, str]] = []
    if found[0].start() > 0:
        parts.append((None, text[: found[0].start()].strip()))
    ends = [match.start() for match in found[1:]] + [len(text)]
    for match, end in zip(found, ends, strict=True):
        parts.append((match.group(1), text[match.end() : end].strip()))
    return [(label, part) for label, part in parts if part]


def _is_label(words: str) -> bool:
    if words.isupper():
        return len(words) > 2 and (bool(roles_of(words)) or words == "UNLABELLED")
    return (
        len(words.split()) <= _MOST_WORDS and bool(roles_of(words)) and not words.startswith(("The ", "In "))
    )
