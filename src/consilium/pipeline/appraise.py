"""Decide what counts: every candidate becomes evidence or a rejection with its reason."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from consilium.domain.evidence import (
    Candidate,
    Evidence,
    Reason,
    Rejection,
    SourceKind,
    StatementKind,
)
from consilium.domain.measure import Measured
from consilium.domain.question import Intent, Plan
from consilium.lexicon.concepts import Lexicon
from consilium.pipeline import currency
from consilium.pipeline.coverage import Coverage
from consilium.pipeline.effect import without_usual
from consilium.pipeline.gates import stopped
from consilium.pipeline.own_evidence import in_own_words, tells_effect, without_copies
from consilium.pipeline.people import strangers
from consilium.pipeline.pertinence import weighed
from consilium.pipeline.ruling import Gatekeeper, keeper_of

# Shares of the score among what passed the gates: design 3's starting point, kept because the
# training half of the coverage questions preferred no other (see docs/explanation/appraisal.md).
W_RELEVANCE, W_COVERAGE, W_INTENT, W_DESIGN = 0.3, 0.4, 0.2, 0.1
_OWN, _SECOND, _COMPANION, _OTHER = 1.0, 0.8, 0.5, 0.2
_DESIGN_TIERS = (
    (1.0, ("guideline", "guidance", "statement", "label", "safety communication", "standard")),
    (0.9, ("systematic review", "meta-analysis", "overview")),
    (0.8, ("random", "trial", "rct")),
    (0.6, ("cohort", "case-control", "diagnostic", "observational")),
    (0.4, ("case series", "review", "consensus")),
)


@dataclass(frozen=True, slots=True)
class Appraisal:
    """What was admitted, best first, and what was turned away.

    Attributes:
        keeper: who ruled, for whoever asks what was looked at.
        measured: the coverage of every candidate, by sentence id.
    """

    evidence: tuple[Evidence, ...]
    rejections: tuple[Rejection, ...]
    keeper: Gatekeeper
    measured: Mapping[str, Coverage]


def appraise(plan: Plan, candidates: Sequence[Candidate], lexicon: Lexicon) -> Appraisal:
    """Pass every candidate through the gates, then score what is left.

    Statements are appraised among themselves, whatever works say: what was chosen with care is not pushed out by
    how much else there is.
    """
    keeper = keeper_of(plan, lexicon)
    stated = [candidate for candidate in candidates if candidate.sentence.role is None]
    quoted = [candidate for candidate in candidates if candidate.sentence.role is not None]
    appraisal = _appraised(plan, stated, keeper)
    if not quoted:
        return appraisal
    spare = without_usual(plan)
    keeper = replace(keeper, works=keeper_of(spare, lexicon))
    works = _appraised(spare, quoted, keeper.of(quoted[0]))
    kept, copies = without_copies(works.evidence, appraisal.evidence)
    return Appraisal(
        (*appraisal.evidence, *kept),
        (*appraisal.rejections, *works.rejections, *copies),
        keeper,
        {**appraisal.measured, **works.measured},
    )


def _appraised(plan: Plan, candidates: Sequence[Candidate], keeper: Gatekeeper) -> Appraisal:
    lexicon = keeper.lexicon
    top = max((candidate.score for candidate in candidates), default=0.0) or 1.0
    admitted: list[Evidence] = []
    rejections: list[Rejection] = []
    urgent: list[Evidence] = []
    measured: dict[str, Coverage] = {}
    for candidate in candidates:
        coverage = keeper.coverer.measure(candidate.annotation)
        measured[candidate.sentence.id] = coverage
        rejection = stopped(keeper, candidate, coverage)
        if rejection:
            rejections.append(rejection)
            if currency.stands_in(candidate, rejection.reason, coverage):
                urgent.append(_evidence(keeper, candidate, coverage, top, 0))
        else:
            listed = keeper.coverer.listed(candidate.annotation)
            admitted.append(_evidence(keeper, candidate, coverage, top, listed))
    if all(item.beside or _aside(plan, measured[item.sentence.id]) for item in admitted):
        rejections += [
            Rejection(e.candidate, Reason.OFF_TOPIC, _DETAIL, "beside", (_BESIDE,)) for e in admitted
        ]
        admitted = []
    admitted, others = strangers(plan, admitted, measured, keeper.coverer, lexicon)
    kept, stale = currency.sort_out(admitted, urgent)
    kept.sort(key=lambda e: (-e.score, e.sentence.id))
    weighed_up = weighed(kept, candidates, measured)
    return Appraisal(weighed_up, (*rejections, *others, *stale), keeper, measured)


# "What are the signs of …" is best answered by a sentence that lists several of them.
_LISTING, _MOST_LISTED = 0.05, 4
# So is "what is …" by a definition.
_DEFINING = 0.08
_OTHERS = 2
_TEMPO = 0.05
_PACE = re.compile(r"\b(acute|subacute|chronic|progressive)\b")
_TREATING = {Intent.TREATMENT, Intent.DOSING}
_DETAIL = "mentions the topic, but is about another condition"
_BESIDE = Measured("all that was found", "beside the topic", "some of it on the topic", passed=False)
# Rare diseases must not crowd out the answer to a general question.
_ALIEN, _IN_PASSING = 0.08, 0.35


def _aside(plan: Plan, coverage: Coverage) -> bool:
    """A mention in passing is no answer; nor is how a related disease is treated."""
    return (coverage.subject.mentions and coverage.aliens >= _OTHERS) or (
        coverage.cousin_only and plan.intent in _TREATING
    )


def _evidence(
    keeper: Gatekeeper, candidate: Candidate, coverage: Coverage, top: float, listed: int
) -> Evidence:
    plan = keeper.plan
    intent = intent_match(plan, candidate)
    parts = {
        **in_own_words(plan, candidate),
        "relevance": W_RELEVANCE * candidate.score / top,
        "coverage": W_COVERAGE * coverage.share,
        "intent": W_INTENT * intent,
        "design": W_DESIGN * design_tier(candidate),
        "in passing": -_IN_PASSING if coverage.in_passing else 0.0,
        "other conditions": -_ALIEN * min(coverage.aliens, 2),
        "tempo": _TEMPO * _tempo(plan, candidate),
        "defines": _DEFINING if _defines(plan, candidate) else 0.0,
        "lists": _LISTING * min(listed - 1, _MOST_LISTED) if listed > 1 else 0.0,
    }
    score = 0.0  # added up by hand: sum() rounds otherwise from one version of Python to another
    for part in parts.values():
        score += part
    notes = tuple(f"does not apply where: {condition}" for condition in keeper.conditions.excluded(candidate))
    notes += tuple(f"may not apply where: {condition}" for condition in keeper.conditions.doubtful(candidate))
    return Evidence(
        candidate,
        coverage=coverage.share,
        intent=intent,
        score=round(score, 4),
        may_lead=currency.may_lead(candidate) and not notes,
        core=coverage.core,
        aliens=coverage.aliens,
        listed=listed,
        beside=coverage.elsewhere,
        notes=notes,
        unmet=keeper.conditions.unmet(candidate),
        parts=tuple((name, round(part, 4)) for name, part in parts.items() if part),
    )


def _tempo(plan: Plan, candidate: Candidate) -> int:
    """1 if question and sentence are both about acute, or both about chronic, disease; -1 if they part."""
    asked = set(_PACE.findall(plan.understood.lower()))
    stated = set(_PACE.findall(candidate.sentence.text.lower()))
    if not asked or not stated:
        return 0
    return 1 if asked & stated else -1


def _defines(plan: Plan, candidate: Candidate) -> bool:
    asked = {Intent.SIGNS, Intent.DEFINITION} & set(plan.intents[:1])
    return bool(asked) and candidate.sentence.kind is StatementKind.DEFINITION


def intent_match(plan: Plan, candidate: Candidate) -> float:
    """How well a sentence serves what was asked: its own intent, a second one, a companion."""
    served = set(candidate.annotation.intents)
    if candidate.sentence.role is not None and tells_effect(plan, candidate):
        return _OWN
    for rank, intent in enumerate(plan.intents):
        if intent.value in served:
            return _OWN if rank == 0 else _SECOND
    if plan.intent is Intent.OVERVIEW:
        return _SECOND
    return _COMPANION if served & {i.value for i in plan.companions} else _OTHER


def design_tier(candidate: Candidate) -> float:
    """The weight of a study design, 0.2 to 1; guidelines weigh as such."""
    if candidate.source.kind is not SourceKind.STUDY:
        return 1.0
    design = candidate.source.design
    for weight, words in _DESIGN_TIERS:
        if any(word in design for word in words):
            return weight
    return 0.2
