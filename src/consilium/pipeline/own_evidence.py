"""What weighs with sentences in their authors' words, and which of them are told already."""

from __future__ import annotations

import math
from collections.abc import Sequence

from consilium.domain.evidence import Candidate, Evidence, Reason, Rejection, Source, SourceKind
from consilium.domain.measure import Measured
from consilium.domain.question import Intent, Plan
from consilium.domain.role import Role
from consilium.pipeline import tables
from consilium.pipeline.effect import outcome_of
from consilium.pipeline.own_words import outcome_share
from consilium.pipeline.participants import participants_in

# A conclusion is what its authors make of their results; by role and place it is found in more than .80 of
# abstracts, by likeness in .25 (design 3). Large trials come before small ones: up to a tenth for 10,000 people.
_ROLE = {Role.CONCLUSION: 0.1, Role.RECOMMENDATION: 0.1, Role.RESULTS: 0.05}
_SIZE = 0.02
_OUTCOME = 0.15  # a sentence on all of the outcome asked about comes before one on a part of it
_EFFECT = {Intent.TREATMENT, Intent.PREVENTION, Intent.OVERVIEW, Intent.HARM, Intent.PROGNOSIS}
_TOLD = Measured("told by", "a curated record of the same work", "no other", passed=False)
_SAID = Measured("told by", "another source in the same words", "no other", passed=False)
_TWICE = Measured("told by", "another copy of the same work", "no other", passed=False)


def in_own_words(plan: Plan, candidate: Candidate) -> dict[str, float]:
    """What a sentence's role, the size of its study and the outcome that it names add to its score."""
    role = candidate.sentence.role
    if role is None:
        return {}
    study = candidate.source.kind is SourceKind.STUDY
    size = participants_in(candidate.work) if study else None
    named = _OUTCOME * outcome_share(plan, candidate) if outcome_of(plan.understood) else 0.0
    return {
        "outcome": named,
        "role": _ROLE.get(role, 0.0),
        "size": _SIZE * min(math.log10(size), 5.0) if size else 0.0,
    }


def tells_effect(plan: Plan, candidate: Candidate) -> bool:
    """Whether a finding says what an intervention does, where that was asked."""
    asked = bool(_EFFECT & set(plan.intents)) and bool(plan.concepts("drug", "class", "vaccine", "procedure"))
    text = candidate.sentence.text.lower()
    return (
        asked
        and candidate.source.kind is SourceKind.STUDY
        and tables.cued(tables.load("own_words")["effect"], text)
    )


def without_copies(
    works: Sequence[Evidence], statements: Sequence[Evidence]
) -> tuple[list[Evidence], list[Rejection]]:
    """Leave out works that a curated record tells of, and the lesser of two copies of one work."""
    told = {name for e in statements for name in _names(e.source)}
    chosen: dict[str, str] = {}
    said: set[str] = set()
    kept: list[Evidence] = []
    gone: list[Rejection] = []
    for item in sorted(works, key=lambda e: (-e.score, e.sentence.id)):
        names = _names(item.source)
        if told & names:
            detail = "is told by a curated record of the same work"
            gone.append(Rejection(item.candidate, Reason.DUPLICATE, detail, "copies", (_TOLD,)))
        elif any(chosen.setdefault(name, item.source.id) != item.source.id for name in sorted(names)):
            detail = "is another copy of a work that is cited"
            gone.append(Rejection(item.candidate, Reason.WEAKER_DUPLICATE, detail, "copies", (_TWICE,)))
        elif (words := item.sentence.text.lower().rstrip(".")) in said:
            detail = "says the same in the same words as another source"
            gone.append(Rejection(item.candidate, Reason.WEAKER_DUPLICATE, detail, "copies", (_SAID,)))
        else:
            said.add(words)
            kept.append(item)
    return kept, gone


def _names(source: Source) -> set[str]:
    """What tells a work from every other."""
    title = "".join(c for c in source.title.lower() if c.isalnum())
    named = {f"pmid {source.pmid}" if source.pmid else "", f"doi {source.doi.lower()}" if source.doi else ""}
    return {name for name in named if name} | {f"title {title} {source.year}"}
