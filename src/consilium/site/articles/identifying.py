"""What in a question could identify a person, shown to whoever typed it."""

from __future__ import annotations

from consilium.pipeline.enquiry import MOST_CHARACTERS as LONGEST
from consilium.pipeline.scrub import Scrubbed

__all__ = ["LONGEST", "marked"]


def marked(text: str, found: Scrubbed) -> list[tuple[str, str]]:
    """A text in pieces: (words, kind of finding), the kind "" where there is nothing to mark."""
    pieces, place = [], 0
    for finding in found.findings:
        pieces += [(text[place : finding.start], ""), (finding.words, finding.kind.value)]
        place = finding.end
    return [(words, kind) for words, kind in [*pieces, (text[place:], "")] if words]
