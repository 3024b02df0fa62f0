"""Keep what could identify a person out of the search, and tell whoever typed it.

The question stays as it was asked; only its plan is made without the name. A clinical name that the
scrubber takes for a person's ("Charcot Marie Tooth") is known by the lexicon, and stays.
"""

from __future__ import annotations

from consilium.lexicon.concepts import Lexicon
from consilium.lexicon.recognise import Mention, read
from consilium.pipeline.scrub import Finding, Identifying, scrub

_CAUTION = (
    "This question seems to hold {what}. It stays on this machine; take it out before you share the answer."
)


def identifying(text: str, lexicon: Lexicon) -> tuple[Finding, ...]:
    """What in a question could identify a person and is no clinical name."""
    findings = scrub(text).findings
    mentions = read(text, lexicon).mentions if findings else ()
    return tuple(f for f in findings if not any(_clinical(f, mention) for mention in mentions))


def _clinical(finding: Finding, mention: Mention) -> bool:
    """Whether a mention goes beyond the finding, or shows small letters to be shorthand ("ms relapse is")."""
    beyond = mention.start <= finding.start and finding.end <= mention.end
    longer = beyond and mention.end - mention.start > finding.end - finding.start
    inside = finding.start <= mention.start and mention.end <= finding.end
    shorthand = inside and finding.kind is Identifying.NAME and finding.words.islower()
    return longer or shorthand


def masked(text: str, lexicon: Lexicon) -> str:
    """A question as it is planned: without the person."""
    kept, place = [], 0
    for finding in identifying(text, lexicon):
        kept += [text[place : finding.start], " "]
        place = finding.end
    return " ".join("".join([*kept, text[place:]]).split()) if kept else text


def caution(text: str, lexicon: Lexicon) -> str | None:
    """What to tell whoever asked with somebody's name in the question; None where there is nothing."""
    found: dict[Identifying, list[str]] = {}
    for finding in identifying(text, lexicon):
        found.setdefault(finding.kind, []).append(finding.words)
    told = [
        f"a{'n' if kind.value[0] in 'aeN' else ''} {kind.value} ({', '.join(f'“{w}”' for w in words)})"
        for kind, words in found.items()
    ]
    return _CAUTION.format(what=" and ".join(told)) if told else None
