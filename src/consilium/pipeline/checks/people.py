"""Who is spoken of: a claim about children does not rest on sentences about adults."""

from __future__ import annotations

import re
from collections.abc import Iterator

from consilium.pipeline.checks.faults import Fault, Reason

_GROUPS = {
    "children": r"child(?:ren|hood)?|p(?:a?e)diatric\w*|kids?|boys?|girls?|schoolchild\w*|toddlers?|preschool\w*|juvenile|adolescen\w*|teen\w*|young people|minors",
    "infants": r"infan(?:ts?|cy|tile)|bab(?:y|ies)|newborns?|neonat\w*|neonates?|preterm",
    "adults": r"adults?|adulthood|grown-ups?",
    "older people": r"older (?:people|adults?|patients|persons?|men|women)|elderly|geriatric|aged (?:6|7|8)\d|(?:65|70|75|80) (?:years )?(?:or|and) (?:over|older)|frail\w*",
    "women": r"wom[ae]n|females?|mothers?|maternal|girls?|ladies|pregnan\w*|menopaus\w*|postmenopaus\w*|premenopaus\w*",
    "men": r"m[ae]n|males?|fathers?|boys?|prostat\w*",
    "pregnancy": r"pregnan\w*|gestation\w*|antenatal\w*|prenatal\w*|obstetric\w*|trimesters?|maternal",
    "breastfeeding": r"breast-?feed\w*|lactat\w*|nursing mothers?",
    "animals": r"mice|mouse|rats?|murine|animals?|dogs?|rabbits?|primates?|zebrafish",
    "menopause": r"postmenopaus\w*|menopaus\w*",
    "healthy people": r"healthy|volunteers?",
}  # fmt: skip
_PATTERNS = {name: re.compile(rf"\b(?:{words})\b") for name, words in _GROUPS.items()}
# Years that make a child, an infant or an adult of somebody whom a sentence names only by age.
_AGES = re.compile(r"\b(?:ag(?:e|es|ed)\b|years?\b|months?\b|\d+-year-old|over \d\d|under \d\d)")
_OTHERS = (
    ("men", "women"),
    ("women", "men"),
    ("children", "adults"),
    ("adults", "children"),
    ("infants", "adults"),
    ("infants", "children"),
)
_BY_AGE = frozenset({"children", "infants", "adults", "older people"})


def faults(claim: str, cited: str, beside: str) -> Iterator[Fault]:
    """The people of a claim whom its sentences do not name, by any of their words.

    Args:
        beside: the heading and the population of the sentences.
    """
    for one, other in _OTHERS:
        more = _count(one, claim) > _count(one, cited) > 0
        if more and _count(other, claim) < _count(other, cited):
            yield Fault(Reason.POPULATION, f"The claim says “{one}” where the source says “{other}”.")
    yield from _unnamed(claim, f"{cited}. {beside}")


def _count(group: str, text: str) -> int:
    return len(_PATTERNS[group].findall(text))


def _unnamed(claim: str, cited: str) -> Iterator[Fault]:
    aged = bool(_AGES.search(cited)) and not any(_PATTERNS[name].search(cited) for name in _BY_AGE)
    for name, pattern in _PATTERNS.items():
        found = pattern.search(claim)
        if found and not pattern.search(cited) and not (aged and name in _BY_AGE and _AGES.search(claim)):
            yield Fault(Reason.POPULATION, f"No cited sentence is about “{found[0]}”.")
