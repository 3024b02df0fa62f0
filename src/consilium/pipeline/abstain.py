"""The honest alternative to an article: what was searched, what came nearest, how to widen."""

from __future__ import annotations

from collections.abc import Sequence

from consilium.domain.article import Abstention, Nearest
from consilium.domain.evidence import Rejection
from consilium.domain.question import Intent, Plan

DISCLAIMER = (
    "For education only; not medical advice and not a medical device. Decisions belong to the "
    "person concerned and the professionals who know them. If you may be in danger, call your "
    "local emergency number."
)
_NEAREST = 3
NO_EVIDENCE = "This library holds no evidence that answers this question."
_LATER = "Once help has come, you can ask what is known about the condition."
_NO_DOSE = "This library holds no dose that answers this question, so none is given."
_NO_HARM = (
    "This library holds nothing on this harm or interaction. That is no evidence of safety: ask a "
    "pharmacist, an interaction checker or the product label."
)


def no_evidence(plan: Plan, rejections: Sequence[Rejection]) -> Abstention:
    """The abstention after a search that found nothing to stand on."""
    message = {Intent.DOSING: _NO_DOSE, Intent.HARM: _NO_HARM}.get(plan.intent, NO_EVIDENCE)
    return abstain(plan, "no_evidence", message, rejections)


def notice_alone(plan: Plan, notice: str) -> Abstention:
    """The notice of an emergency and nothing beside it: nothing was searched."""
    return Abstention(plan.question.text, "no_evidence", notice, (), (), (_LATER,), DISCLAIMER)


def abstain(plan: Plan, reason: str, message: str, rejections: Sequence[Rejection] = ()) -> Abstention:
    """Say why there is no answer, and what would help."""
    ordered = sorted(rejections, key=lambda r: (-r.candidate.score, r.candidate.sentence.id))
    nearest: dict[str, Nearest] = {}
    for rejection in ordered:
        source = rejection.candidate.source
        nearest.setdefault(source.id, Nearest(source.id, source.title, rejection.detail))
    return Abstention(
        question=plan.question.text,
        reason=reason,
        message=message,
        searched=tuple(dict.fromkeys(term.words for term in plan.terms)),
        nearest=tuple(nearest.values())[:_NEAREST],
        widen=_widen(plan),
        disclaimer=DISCLAIMER,
    )


def _widen(plan: Plan) -> tuple[str, ...]:
    """What would help any reader, whether or not the library is theirs to add to."""
    meant = [f"Did you mean “{near}” where you typed “{typed}”?" for typed, near in plan.hints]
    hinted = {typed for typed, _ in plan.hints}
    unknown = [t.words for t in plan.terms if t.concept is None and t.words not in hinted][:4]
    ways = ["Ask about one condition, drug or test at a time, by its usual name."]
    if unknown:
        listed = ", ".join(f"“{word}”" for word in unknown)
        does = "does not know it" if len(unknown) == 1 else "does not know them"
        ways.insert(0, f"Check the spelling of {listed}: the lexicon {does}.")
    return (*meant, *ways, "Ask whoever keeps this library to add a source that covers it.")
