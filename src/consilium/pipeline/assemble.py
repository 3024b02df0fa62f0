"""Put supported claims in their places, number the references, and say what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from consilium.domain.article import (
    Article,
    Claim,
    Disagreement,
    Excluded,
    Item,
    Position,
    Reference,
    Role,
    Section,
    SupportedClaim,
)
from consilium.domain.evidence import Evidence, Origin, Rejection
from consilium.domain.question import Plan
from consilium.pipeline.abstain import DISCLAIMER
from consilium.pipeline.certainty import assessment_of
from consilium.pipeline.compose import Draft
from consilium.pipeline.frames import nlm, short_body
from consilium.pipeline.narrow import set_aside
from consilium.pipeline.opening import is_from

_EXCLUDED_SHOWN = 40
# A country is a name that somebody typed: it carries no markup into an article.
_NO_WORDS = re.compile(r"[^\w ().'-]")
# What retrieval scored below this share of the best was never close to the question.
_NEAR = 0.5


def assemble(plan: Plan, draft: Draft, supported: Sequence[SupportedClaim], gaps: Sequence[str]) -> Article:
    """The article of a draft whose claims have been verified."""
    by_id = {claim.id: claim for claim in supported}
    sections = _sections(draft, by_id)
    in_short = _kept(draft.in_short, by_id)[:3]
    act_now = _kept(draft.act_now, by_id)
    order = list(
        dict.fromkeys([*act_now, *in_short, *(c for s in sections for i in s.items for c in i.claims)])
    )
    ordered = tuple(by_id[claim] for claim in order)
    disagreements = disagreements_of(ordered)
    return Article(
        question=plan.question.text.strip(),
        act_now=act_now,
        in_short=in_short,
        sections=sections,
        claims=ordered,
        references=references_of(ordered),
        disagreements=disagreements,
        gaps=tuple(gaps),
        assessment=assessment_of(ordered, agree=not disagreements),
        disclaimer=DISCLAIMER,
    )


def _kept(claims: Iterable[Claim], by_id: dict[str, SupportedClaim]) -> tuple[str, ...]:
    ids = (claim.id for claim in claims)
    return tuple(dict.fromkeys(i for i in ids if i in by_id))


def _sections(draft: Draft, by_id: dict[str, SupportedClaim]) -> tuple[Section, ...]:
    guidelines = [(Role.LEAD, draft.lead)] if draft.lead else []
    guidelines += [(Role.KEY_POINT, claim) for claim in draft.points]
    research = [
        (Role.CONTEXT if claim.sentence.origin is Origin.INFERENCE else Role.FINDING, claim)
        for claim in draft.findings
    ]
    made = []
    for name, title, rows in (
        ("guidelines", "From the Guidelines", guidelines),
        ("research", "From the Research", research),
    ):
        entries = {claim.id: tuple(one.id for one in entry) for entry in draft.together for claim in entry}
        items = tuple(
            Item(role, _standing(entries.get(claim.id, (claim.id,)), by_id))
            for role, claim in {claim.id: (role, claim) for role, claim in reversed(rows)}.values()
            if claim.id in by_id and entries.get(claim.id, (claim.id,))[0] == claim.id
        )[::-1]
        if items:
            made.append(Section(name, title, items))
    return tuple(made)


def _standing(entry: tuple[str, ...], by_id: dict[str, SupportedClaim]) -> tuple[str, ...]:
    """The claims of one entry that stand."""
    return tuple(claim for claim in entry if claim in by_id)


def references_of(claims: Iterable[SupportedClaim]) -> tuple[Reference, ...]:
    """The list of references: every cited source once, numbered in order of first citation."""
    sources = {source.id: source for claim in claims for source, _ in claim.claim.cited}
    return tuple(Reference(number, source, nlm(source)) for number, source in enumerate(sources.values(), 1))


def disagreements_of(claims: Sequence[SupportedClaim]) -> tuple[Disagreement, ...]:
    """Opposite advice of different bodies about the same intervention, as the records name it."""
    found: list[Disagreement] = []
    advice = [c for c in claims if c.claim.kind.value == "recommendation" and _about(c)]
    for i, one in enumerate(advice):
        for other in advice[i + 1 :]:
            if (
                _about(one) == _about(other)
                and one.claim.grade.direction is other.claim.grade.opposes
                and short_body(one.claim.source) != short_body(other.claim.source)
            ):
                found.append(Disagreement(_about(one), (_position(one), _position(other))))
    return tuple(found)


def _about(claim: SupportedClaim) -> str:
    return dict(claim.claim.sentence.pico).get("intervention", "").lower()


def _position(claim: SupportedClaim) -> Position:
    source = claim.claim.source
    return Position(claim.id, short_body(source), source.jurisdiction, source.year)


def excluded(rejections: Iterable[Rejection], cited: frozenset[str]) -> tuple[tuple[Excluded, ...], int]:
    """Sources turned away, one entry a source, most telling reason first; and how many."""
    rank = {
        "retracted": 0, "withdrawn": 0, "superseded": 1, "expired": 1, "non_human": 2,
        "wrong_anatomy": 3, "wrong_population": 4, "wrong_intervention": 5, "wrong_intent": 6,
    }  # fmt: skip
    by_source: dict[str, Rejection] = {}
    for rejection in rejections:
        source = rejection.candidate.source
        if source.id in cited and rejection.reason.value not in {"wrong_anatomy", "wrong_population"}:
            continue
        known = by_source.get(source.id)
        if known is None or rank.get(rejection.reason, 9) < rank.get(known.reason, 9):
            by_source[source.id] = rejection
    near = _NEAR * max((r.candidate.score for r in by_source.values()), default=0.0)
    ordered = sorted(
        by_source.values(),
        key=lambda r: (
            r.candidate.score < near,
            rank.get(r.reason, 9),
            -r.candidate.score,
            r.candidate.source.id,
        ),
    )
    shown = tuple(Excluded(r.candidate.source, r.reason.value, r.detail) for r in ordered[:_EXCLUDED_SHOWN])
    return shown, len(ordered)


def gaps_of(plan: Plan, evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """What the asker must be told that the evidence does not say."""
    gaps: list[str] = [set_aside(plan.aside)] if plan.aside else []
    gaps += _from_elsewhere(plan.question.country, evidence)
    for item in evidence:
        for note in item.notes:
            gaps.append(f"{short_body(item.source)} {item.source.year or ''}: the advice {note}.")
    served = {intent for item in evidence for intent in item.candidate.annotation.intents}
    for intent in (*plan.intents, *plan.companions[:2]):
        if intent.value not in served and intent.value != "overview":
            gaps.append(f"Nothing on {intent.value} was found in this library.")
    if any(item.source.status.value == "superseded" for item in evidence):
        gaps.append("A newer edition exists; its position on this point is not in the library.")
    return tuple(dict.fromkeys(gaps))


def _from_elsewhere(country: str | None, evidence: Sequence[Evidence]) -> list[str]:
    """That no guidance shown is from the reader's country, where one was chosen."""
    advice = [item.source for item in evidence if item.source.issues_advice]
    named = _NO_WORDS.sub("", country or "").strip()
    if not named or any(is_from(named, source) for source in advice):
        return []
    places = ", ".join(sorted({source.jurisdiction for source in advice if source.jurisdiction}))
    shown = f" What is shown is from elsewhere ({places}): doses, licences and pathways may differ."
    return [f"No guidance from {named} that answers this was found in this library.{shown if places else ''}"]
