"""Words that name nothing the lexicon knows, where a text speaks of a person: small letters, foreign names.

The scrubber's own lists know the commonest given names with their capitals. What people type knows more:
"zbigniew kowalczyk has gout". Whether a word names something else is asked of the lexicon, so that a disease or
a drug in the same place stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from consilium.pipeline.names import EPONYMOUS, GIVEN, NO_NAMES, PERSON, RELATION

Known = Callable[[str], bool]  # whether a word is one of the language, or of medicine
_W = r"[^\W\d_]+(?:['’-][^\W\d_]{2,})*"
_O = r"(?:[oO]['’][^\W\d_]{2,}|" + _W + ")"
_PAIR = rf"(?P<found>{_O}(?:\ {_O})?)"
_FULL = rf"(?P<found>{_O}\ {_O})"
# What is said of people and seldom of anything else.
_DOES = (
    r"(?:presented|presents|was\ (?:admitted|seen|diagnosed|discharged|referred|given)|were?\ admitted|came|attended"
    r"|complains|complained|collapsed|lives|weighs|takes|took|is\ \d{1,3}\b|was\ \d{1,3}\b|aged|\(?\d{1,3}\ ?(?:yo|y/o|years)"
    r"|(?:has|had)\b(?!\ (?:shown|been|what|which|no\ effect|an?\ effect|side\ effects))|of\ \d{1,5}\ )"
)
_FIND = tuple(
    (re.compile(pattern, re.IGNORECASE), least)
    for pattern, least in (
        # "all": the words must be strangers; "some": the text says that a name follows, so one of them may do.
        (rf"(?:^|[.?!;]\s+|\b(?:hi|hello|dear),?\ ){_PAIR},?\ {_DOES}", "all"),
        (rf"(?:^|[?!;]\s+){_PAIR}['’]s\ ", "all"),
        (rf"\b(?:my|our|his|her|their)\ (?:\w+\ )?{RELATION}(?:\ of\ mine)?,?\ {_PAIR}", "all"),
        (rf"\b{PERSON}(?:\ is|\ was)?,?\ (?:called|named)\ {_PAIR}", "some"),
        (rf"\b(?:his|her|my|their)\ name\ is\ {_PAIR}", "some"),
        (rf"\b(?:re|patient|pt|name|client|regarding)\s?:\s*{_FULL}", "some"),
        (rf"\b(?:regarding|pt)\ {_FULL}", "all"),
        (rf"\b(?:i['’]m|i\ am|this\ is|it\ is|it['’]s)\ {_FULL}", "all"),
        (
            rf"(?:^|[.?!;]\s+)(?P<found>{_O},?\ {_O})(?:,\s*|\s+|\s*\()(?:dob|d\.o\.b|born|date\ of\ birth)\b",
            "some",
        ),
        (rf"\b(?:thanks|regards|sincerely|cheers),?\s+{_PAIR}\s*\.?\s*$", "all"),
        (
            rf"\b(?:dr|nurse|sister|matron|midwife|professor|prof)\.?\ (?P<found>{_O})\ (?:said|says|asked|asks|thinks|started|disagrees)",
            "some",
        ),
    )
)


def spans(text: str, known: Known, slip: Known) -> Iterator[tuple[int, int]]:
    """Where somebody is named whom the lists do not know.

    Args:
        known: whether a word, as typed, is one of plain English or of the lexicon.
        slip: whether it may be one of the lexicon that was mistyped.
    """
    for pattern, least in _FIND:
        place = 0
        while match := pattern.search(text, place):
            start, end = _trimmed(text, *match.span("found"), known)
            if EPONYMOUS.match(text, end):
                end = start
            words = re.split(r"[\s,]+", text[start:end])
            if start < end and (
                _is_somebody(words, known) if least == "some" else _is_stranger(words, known, slip)
            ):
                yield start, end
            place = max(match.start() + 1, min(match.end("found"), match.end()))


def _is_somebody(words: Sequence[str], known: Known) -> bool:
    """Whether one of some words could be a name, where the text says that a name follows."""
    if any(word.lower() in _GIVEN | _EVERYDAY or not known(word) for word in words):
        return True
    return len(words) > 1 and all(word[0].isupper() and word[1:].islower() for word in words)


def _is_stranger(words: Sequence[str], known: Known, slip: Known) -> bool:
    """Whether the first of some words could be somebody's name and is nothing else."""
    first, *rest = words
    if first.lower() in _GIVEN:
        return True
    surname = bool(rest) and not known(rest[0])
    if first.lower() in _EVERYDAY:
        return surname
    return not known(first) and (not slip(first) or (surname and not slip(rest[0])))


def _trimmed(text: str, start: int, end: int, known: Known) -> tuple[int, int]:
    """A name without the words after it that are none; nothing where it begins with one."""
    place = start
    for number, word in enumerate(re.finditer(r"[^\s,]+", text[start:end])):
        plain = word[0].lower()
        if plain in NO_NAMES or (number and plain not in _GIVEN and word[0].islower() and known(word[0])):
            return start, place
        place = start + word.end()
    return start, place


# Given names that are words or scores as well; with a stranger's surname they are names.
_EVERYDAY = frozenset({
    "amber", "dawn", "dean", "faith", "grace", "heather", "hope", "iris", "ivy", "joy", "lily", "mark", "ray", "rose",
    "violet", "will",
})  # fmt: skip
# Small letters make these words of everyday language, of a test or of a drug.
_GIVEN = frozenset(name.lower() for name in GIVEN) - {
    "ali", "ana", "bruce", "carol", "daisy", "dean", "eva", "florence", "frank", "georgia", "hazel", "holly", "ian",
    "iris", "jack", "jean", "jordan", "june", "lee", "leo", "logan", "madison", "mason", "mia", "norma", "olive", "oscar",
    "pat", "paula", "robin", "ruby", "sam", "scott", "stella", "tim", "tom", "tyler", "walter",
}  # fmt: skip
