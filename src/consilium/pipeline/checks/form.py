"""Nothing but words: no link, no markup, nothing that cannot be seen."""

from __future__ import annotations

import re
from collections.abc import Iterator

from consilium.pipeline.checks.faults import Fault, Reason

HIDDEN = re.compile(
    r"[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    r"\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e01ef]"
)
MARKUP = re.compile(
    r"<\s*/?\s*[a-zA-Z!][^>]*>|&(?:#\d+|#x[0-9a-f]+|[a-z]{2,8});|\]\(|https?://|www\.", re.IGNORECASE
)
# What a generated sentence has no use for, and an editor's may have.
_ADORNED = re.compile(
    r"\*\*|__|```|`|^\s*(?:#{1,6}\s|[-*+]\s)|\[\^?\w+\]:|!\[|\b(?:mailto|javascript|data|file|ftp):\S"
    r"|[\w.+-]+@[\w-]+\.\w|\b[a-z0-9-]+\.(?:com|org|net|info|edu|gov|io|uk|eu)\b|\{\{|\}\}|<[a-z/!?]",
    re.IGNORECASE,
)


def is_plain(text: str) -> bool:
    """Whether a text is without markup, links, and hidden or control characters."""
    return not (MARKUP.search(text) or HIDDEN.search(text))


def faults(text: str) -> Iterator[Fault]:
    """What in a claim is more than words."""
    if found := MARKUP.search(text) or _ADORNED.search(text):
        yield Fault(Reason.FORM, f"The claim holds a link or markup: “{found[0][:40]}”.")
    if found := HIDDEN.search(text):
        yield Fault(Reason.HIDDEN, f"The claim holds a character that cannot be seen: U+{ord(found[0]):04X}.")
