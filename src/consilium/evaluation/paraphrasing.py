"""Statements in other words that say the same: by rule here, and by hand in ``paraphrases.jsonl``.

A check that rejects one of these loses a true sentence. The rules change one thing each.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from consilium.evaluation.coverage import lines, shipped
from consilium.evaluation.mutations import Mutant
from consilium.lexicon.concepts import Lexicon
from consilium.lexicon.recognise import read

BY_HAND = "by hand"
_COUNTS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NOUNS = r"(?= (?:days|weeks|hours|months|doses|times|years|trials)\b)"
_FORMS = {
    "give": "given",
    "use": "used",
    "offer": "offered",
    "start": "started",
    "stop": "stopped",
    "avoid": "avoided",
}
_NAMED = frozenset({"drug", "condition", "test", "procedure"})
Make = Callable[[re.Match[str]], str]
_RULES: dict[str, list[tuple[str, str | Make]]] = {
    "unit spelt out": [
        (r"(?<=\d )mg(?![\w/])", "milligrams"), (r"(?<=\d )hours\b", "h"), (r"(?<=\d )mL(?![\w/])", "millilitres"),
        (r"(?<=\d)%(?! CI)", " per cent"), (r"(?<=\d )micrograms\b", "mcg"), (r"(?<=\d )g(?![\w/])", "grams"),
    ],
    "number in words": [(rf"(?<![\d.,/-])(?<!phase )(?<!grade )\b(?:[2-9]|1[0-2])\b{_NOUNS}(?! \w+-\d)", lambda m: _COUNTS[int(m[0]) - 2])],
    "interval in words": [(r"(?<=\d)-(?=\d[\d.]*(?: \w|%|\)))(?<![A-Za-z]\d-)", " to ")],
    "comparator": [
        (r"\bat least (\d[\d.,]*) (days|weeks|months|years|hours|mg|g|mL)\b", r"\1 \2 or more"), (r"\bup to (?=\d)", "at most "),
        (r"\bunder (?=\d)", "below "), (r"\bover (?=\d)(?!\d+ (?:hours|days|weeks|months|years|min))", "above "),
        (r"\b(\d[\d.,]*(?: \w+)?) or over\b", r"\1 or more"),
    ],
    "way": [
        (r"\breduced\b", "lowered"), (r"\blowered\b", "reduced"), (r"\braised\b", "increased"), (r"\brose\b", "increased"), (r"\bfell\b", "decreased"),
        (r"\braises\b", "increases"), (r"\breduces\b", "lowers"), (r"\bcommoner\b", "more common"),
    ],
    "arms": [(r" v (?=\d)", " versus "), (r" v (?=[a-z])", " compared with ")],
    "order of clauses": [
        (r"^(In|After|For|Among|Before|During) ([^,;:.()]{8,80}), ([^;:]+?)(?: \([^()]*\))?\.$",
         lambda m: f"{m[3][0].upper()}{m[3][1:]} {m[1].lower()} {m[2]}."),
    ],
    "passive": [
        (r"(?:^|(?<=: ))(Give|Use|Offer|Start|Avoid|Stop|give|use|offer|start|avoid|stop) ([^,;:.()]{4,60})\.$",
         lambda m: f"{m[2]} should be {_FORMS[m[1].lower()]}."),
        (r"(?:^|(?<=: ))[Dd]o not (give|use|offer|start) ([^,;:.()]{4,60})\.$", lambda m: f"{m[2]} should not be {_FORMS[m[1]]}."),
    ],
}  # fmt: skip


def paraphrases(text: str, lexicon: Lexicon) -> Iterator[Mutant]:
    """The text with one thing said otherwise, once for each rule that it has the words for."""
    for kind, rules in _RULES.items():
        for pattern, made in rules:
            other = re.sub(pattern, made, text)
            if other != text:
                yield Mutant(kind, other)
                break
    yield from _named(text, lexicon)


def _named(text: str, lexicon: Lexicon) -> Iterator[Mutant]:
    """The text with a drug by its brand, and with a name by the first of its other names."""
    brand, synonym = True, True
    for mention in read(text, lexicon).mentions:
        concept = lexicon.concepts[mention.concept]
        whole = mention.words.lower() == concept.name.lower()
        if brand and whole and concept.kind == "drug" and concept.brands:
            brand = False
            yield Mutant("brand name", text[: mention.start] + concept.brands[0] + text[mention.end :])
        if synonym and whole and concept.kind in _NAMED and concept.names:
            synonym = False
            yield Mutant("other name", text[: mention.start] + concept.names[0] + text[mention.end :])


def by_hand() -> Iterator[tuple[str, str]]:
    """The id of a statement that ships, and the same in other words, written by hand."""
    for item in lines(shipped("paraphrases.jsonl")):
        yield item["of"], item["text"]
