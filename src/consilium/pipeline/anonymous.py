"""Keep what could identify a person out of the search, and tell whoever typed it.

The question stays as it was asked; only its plan is made without the name. A clinical name that the
scrubber takes for a person's ("Charcot Marie Tooth") is known by the lexicon, and stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from consilium.lexicon.concepts import Lexicon
from consilium.lexicon.normalise import fold
from consilium.lexicon.recognise import Mention, read
from consilium.lexicon.spelling import Speller
from consilium.pipeline import strangers
from consilium.pipeline.plain import plain
from consilium.pipeline.scrub import Finding, Identifying, scrub

_CAUTION = (
    "This question seems to hold {what}. It stays on this machine; take it out before you share the answer."
)

# What only announces a name, a date or a number; left behind, it would be searched for like the rest.
_LABEL = re.compile(
    r"""(?: \A re | \b(?: born(?:\ on)? | d\.?o\.?b | date\ of\ birth | mrn
        | (?: nhs | hospital | patient | (?:medical\ |health\ )?record | case | chart )\ (?: number | no | id ) ) )
    \b (?:\s+is\b)? [\s.:\#=]* \Z""",
    re.IGNORECASE | re.VERBOSE,
)


def identifying(text: str, lexicon: Lexicon) -> tuple[Finding, ...]:
    """What in a question could identify a person and is no clinical name."""
    findings = [*scrub(text).findings, *_strangers(text, lexicon)]
    mentions = read(text, lexicon).mentions if findings else ()
    kept = sorted(
        (f for f in findings if not any(_clinical(f, mention) for mention in mentions)), key=lambda f: f.start
    )
    return tuple(f for n, f in enumerate(kept) if all(f.start >= before.end for before in kept[:n]))


def _strangers(text: str, lexicon: Lexicon) -> Iterator[Finding]:
    """Names that only the lexicon can tell from other words."""
    copy, at = plain(text)

    def known(word: str) -> bool:
        folded = fold(word)
        return folded in lexicon.common or folded in lexicon.ordinary or folded in lexicon.words

    def slip(word: str) -> bool:
        return bool(_speller(lexicon.words).candidates(fold(word)))

    for first, past in strangers.spans(copy, known, slip):
        start, end = at[first], at[past]
        yield Finding(Identifying.NAME, start, end, text[start:end])


@cache
def _speller(words: frozenset[str]) -> Speller:
    """Tells a slip in a clinical word from a word that nobody knows."""
    return Speller(words, names=words)


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
        kept += [_LABEL.sub("", text[place : finding.start]), " "]
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
