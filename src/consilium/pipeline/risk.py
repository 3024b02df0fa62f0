"""Which claims two people have to read: doses, emergencies, children, pregnancy, "against", inference.

The kinds and their order are those of the design's "Review, claim by claim". A word too many costs
a second reading; a word too few may cost more, so the patterns are wide.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Any


class Risk(StrEnum):
    """Why a claim has to be read twice, in the words of the queue; the gravest first."""

    DOSE = "dose"
    ACT_NOW = "act now"
    CHILDREN = "children"
    PREGNANCY = "pregnancy"
    AGAINST = "against"
    INFERENCE = "inference"


_DOSE = re.compile(
    r"\d\s*(?:mg|mcg|µg|μg|micrograms?|milligrams?|g|grams?|ml|mL|units?|IU|mmol|mEq)\b(?:\s*/\s*\w+)?"
    r"|\b(?:dose|doses|dosage|dosing|loading|infusion|bolus|once daily|twice daily|titrat\w+)\b",
    re.IGNORECASE,
)
_CHILDREN = re.compile(
    r"\b(?:child|children|infants?|neonat\w+|newborns?|bab(?:y|ies)|paediatric|pediatric|toddlers?|adolescents?"
    r"|boys?|girls?|preterm|schoolchild\w*)\b",
    re.IGNORECASE,
)
_PREGNANCY = re.compile(
    r"\b(?:pregnan\w+|gestation\w*|trimesters?|fet(?:us|al)|foet(?:us|al)|breast-?feeding|lactation|postpartum"
    r"|antenatal|prenatal|obstetric\w*|labou?r)\b",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    r"\b(?:do not|don't|should not|must not|not (?:be )?(?:offer|use|given?|recommended)|never|avoid\w*"
    r"|contraindicat\w+|against)\b",
    re.IGNORECASE,
)


def risks(claim: dict[str, Any], *, act_now: bool = False) -> tuple[Risk, ...]:
    """Why a claim of the contract is of high risk, the gravest reason first; empty where it is not.

    Args:
        act_now: whether it stands among what needs action at once.
    """
    text = claim["text"]
    about = " ".join([text, claim["population"] or "", *claim["qualifiers"]])
    found = {
        Risk.DOSE: bool(_DOSE.search(text)),
        Risk.ACT_NOW: act_now,
        Risk.CHILDREN: bool(_CHILDREN.search(about)),
        Risk.PREGNANCY: bool(_PREGNANCY.search(about)),
        Risk.AGAINST: claim["direction"] == "against" or bool(_AGAINST.search(text)),
        Risk.INFERENCE: claim["support"] in {"inferred", "entailed"},
    }
    return tuple(risk for risk, there in found.items() if there)


def risks_of(content: dict[str, Any]) -> dict[str, tuple[Risk, ...]]:
    """By claim id, why it is of high risk; every claim of the content is a key."""
    urgent = set(content["act_now"])
    return {name: risks(claim, act_now=name in urgent) for name, claim in content["claims"].items()}


def kinds_of(content: dict[str, Any]) -> tuple[Risk, ...]:
    """Every reason for which a claim of a content is of high risk, the gravest first."""
    there = {risk for found in risks_of(content).values() for risk in found}
    return tuple(risk for risk in Risk if risk in there)


def rank(content: dict[str, Any]) -> int:
    """How far up in a queue an article belongs: the more grave reasons it has, the higher.

    One bit a reason, the gravest the highest, so that a dose outweighs everything below it.
    """
    ordered = list(Risk)
    return sum(1 << (len(ordered) - 1 - ordered.index(kind)) for kind in kinds_of(content))
