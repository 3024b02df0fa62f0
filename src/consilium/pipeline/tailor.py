"""Word the same claims for one audience: glosses and order change, content never does."""

from __future__ import annotations

import re

from consilium.domain.article import Article, Rendering, SupportedClaim, Wording
from consilium.domain.grade import Certainty, Direction, Strength
from consilium.domain.question import Audience
from consilium.lexicon.concepts import Concept, Lexicon
from consilium.lexicon.recognise import read

# A student knows more words; a patient may need every one.
_GLOSSES = {Audience.STUDENT: 4, Audience.PATIENT: 6}
_ORDER = {
    Audience.CLINICIAN: ("act_now", "in_short", "guidelines", "disagreements", "research", "left_out", "how_sure", "references"),
    Audience.STUDENT: ("act_now", "in_short", "guidelines", "research", "disagreements", "how_sure", "left_out", "references"),
    Audience.PATIENT: ("act_now", "in_short", "guidelines", "how_sure", "research", "disagreements", "left_out", "references"),
}  # fmt: skip
# Design 8, "Strength": what a patient reads for the issuer's grade.
_STRENGTH = {
    (Strength.STRONG, Direction.FOR): "Experts advise this for almost everyone in this situation",
    (Strength.STRONG, Direction.AGAINST): "Experts advise against this",
    Strength.CONDITIONAL: "A good choice for some; it depends on what matters to you",
    Strength.GOOD_PRACTICE: "Experts agree it is good care; it has not been tested in studies",
    Strength.INSUFFICIENT: ("There is not enough research to say. This does not mean it does not work"),
    Strength.NOT_STATED: "The source does not say how strongly",
}
_CERTAINTY = {
    Certainty.HIGH: "Researchers are sure that this will hold",
    Certainty.MODERATE: "This is probably so",
    Certainty.LOW: "This may be so",
    Certainty.VERY_LOW: "We are very unsure",
}
YOUR_TEAM = "Your team may follow this: "


def tailor(article: Article, audience: Audience, lexicon: Lexicon) -> Rendering:
    """The article's claims for ``audience``."""
    worded = tuple((claim.id, _wording(claim, audience, lexicon)) for claim in article.claims)
    grade = (
        None
        if audience is Audience.CLINICIAN
        else reading_grade(" ".join(wording.text for _, wording in worded))
    )
    return Rendering(audience.value, "extractive", worded, _ORDER[audience], grade)


def _wording(claim: SupportedClaim, audience: Audience, lexicon: Lexicon) -> Wording:
    text = claim.claim.text
    if audience is Audience.CLINICIAN:
        return Wording(text)
    glosses = _glosses(text, lexicon)[: _GLOSSES[audience]]
    if claim.claim.kind.value == "recommendation":
        glosses.append(("How strongly", strength_words(claim), None))
    certain = _CERTAINTY.get(claim.claim.grade.certainty)
    if certain:
        glosses.append(("How sure", certain, None))
    if audience is Audience.STUDENT:
        glosses.append(("Why it counts", f"{claim.claim.source.design}", None))
    if audience is Audience.PATIENT and claim.claim.kind.value == "recommendation":
        text = YOUR_TEAM + text
    return Wording(text, tuple(glosses))


def strength_words(claim: SupportedClaim) -> str:
    """What a patient reads for the grade of a recommendation."""
    grade = claim.claim.grade
    if grade.strength is Strength.STRONG:
        return _STRENGTH.get((grade.strength, grade.direction), _STRENGTH[Strength.NOT_STATED])
    if grade.direction is Direction.EITHER and grade.strength is Strength.CONDITIONAL:
        return "Both are reasonable"
    return _STRENGTH[grade.strength]


def _glosses(text: str, lexicon: Lexicon) -> list[tuple[str, str, str | None]]:
    found: dict[str, tuple[str, str, str | None]] = {}
    # Read strictly, as a source is: "95% CI" is no cochlear implant.
    for mention in read(text, lexicon, context=text).mentions:
        told = _told(lexicon.concepts[mention.concept], lexicon)
        if told and mention.concept not in found:
            found[mention.concept] = (mention.words, *told)
    return list(found.values())


def _told(concept: Concept, lexicon: Lexicon) -> tuple[str, str | None] | None:
    """The gloss of a concept, else that of what it is a kind of, with the sentence that it restates."""
    if concept.gloss:
        return concept.gloss, concept.gloss_from
    for parent in (lexicon.concepts[name] for name in concept.is_a if name in lexicon.concepts):
        if parent.gloss:
            return f"a kind of {parent.name}: {parent.gloss}", parent.gloss_from
    return None


def reading_grade(text: str) -> float:
    """The mean of two United States school grades, ARI and Coleman-Liau, to one decimal."""
    return round(max(0.0, (_ari(text) + _coleman_liau(text)) / 2), 1)


def automated_readability(text: str) -> float:
    """The ARI, a United States school grade. Senter and Smith 1967 (AMRL-TR-66-220)."""
    return round(max(0.0, _ari(text)), 1)


def coleman_liau(text: str) -> float:
    """The Coleman-Liau index, a United States school grade. Coleman and Liau 1975 (J Appl Psychol 60:283)."""
    return round(max(0.0, _coleman_liau(text)), 1)


def _counted(text: str) -> tuple[int, int, int]:
    """The letters, words and sentences of a text."""
    words = re.findall(r"[A-Za-z0-9]+(?:['’-][A-Za-z0-9]+)*", text)
    sentences = max(1, len(re.findall(r"[.!?:;](?:\s|$)", text)))
    return sum(len(word) for word in words), max(1, len(words)), sentences


def _ari(text: str) -> float:
    letters, count, sentences = _counted(text)
    return 4.71 * letters / count + 0.5 * count / sentences - 21.43


def _coleman_liau(text: str) -> float:
    letters, count, sentences = _counted(text)
    return 0.0588 * (100 * letters / count) - 0.296 * (100 * sentences / count) - 15.8
