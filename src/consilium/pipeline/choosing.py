"""Choose what is cited: what belongs, the best first, within the budgets of an article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from consilium.domain.evidence import Evidence, Reason, Rejection, SourceKind
from consilium.domain.measure import Measured, at_least, at_most
from consilium.domain.question import Plan
from consilium.ports import Library

# Budgets of an article; pairs come on top, a cap never parts them.
GUIDELINE_POINTS, RESEARCH_POINTS, LEAST_POINTS = 10, 10, 4
PER_SOURCE, PER_SOURCE_ALONE = 4, 6
_ROOM = {True: RESEARCH_POINTS, False: GUIDELINE_POINTS}
# Evidence whose odds of belonging are below this share of the best one's is left out; of advice
# and of studies the first few may be somewhat less pertinent, and so may a companion.
PERTINENT, LESS_PERTINENT, FEW, COMPANION = 0.08, 0.04, 4, 0.05
# What each further statement of one source must be better by, so that sources take turns.
_SPREAD = 0.05
COMPANIONS, EACH_COMPANION = 3, 2
# What works in their own words add at least, beside what statements take, and how much of it one work
# of research or one guideline.
LEAST_STUDIES, LEAST_ADVICE, PER_WORK, PER_DOCUMENT = 5, 3, 2, 6


def _pertinent(evidence: Sequence[Evidence]) -> dict[str, Measured]:
    """Whether each is nearly as pertinent as the best; of advice and of studies the first few may be less."""
    ranked = sorted(evidence, key=lambda e: (-e.pertinence, -e.score, e.sentence.id))
    best = ranked[0].pertinence if ranked else 0.0
    found: dict[str, Measured] = {}
    places = {True: 0, False: 0}
    for item in ranked:
        study = item.source.kind is SourceKind.STUDY
        floor = best * (PERTINENT if places[study] >= FEW else LESS_PERTINENT)
        found[item.sentence.id] = told = at_least("odds", item.pertinence, floor)
        places[study] += told.passed
    return found


def studies_among(names: Sequence[str], library: Library) -> int:
    """How many of these statements are findings of research."""
    works = [library.source(name.split("#")[0]) for name in names]
    return sum(work is not None and work.kind is SourceKind.STUDY for work in works)


@dataclass
class Choice:
    """What has been taken, and what has been left, as choosing goes on."""

    measured: dict[str, tuple[Measured, ...]]
    taken: list[Evidence] = field(default_factory=list)
    left: list[Rejection] = field(default_factory=list)
    why: dict[str, str] = field(default_factory=dict)

    def take(self, item: Evidence, why: str) -> None:
        """Take a sentence, also if it was left before."""
        name = item.sentence.id
        self.taken.append(item)
        self.why[name] = why
        self.left = [r for r in self.left if r.candidate.sentence.id != name]


def within_budgets(evidence: Sequence[Evidence], taken: int) -> Choice:
    """Take the best first; each further statement of one source has to be that much better.

    Args:
        taken: how many findings of research safety has asked for already.
    """
    choice = Choice({})
    per_source = PER_SOURCE if len({e.source.id for e in _pool(evidence)}) > 4 else PER_SOURCE_ALONE
    counts = {True: min(taken, RESEARCH_POINTS - LEAST_POINTS), False: 0}
    _fill(choice, evidence, counts, _ROOM, per_source, per_source)
    return choice


def quotable(works: Sequence[Evidence], choice: Choice) -> list[Evidence]:
    """Take the best sentences of works beside the statements that were chosen, which lose no place by it."""
    counts = {
        study: sum((e.source.kind is SourceKind.STUDY) is study for e in choice.taken) for study in _ROOM
    }
    room = {
        True: max(RESEARCH_POINTS, counts[True] + LEAST_STUDIES),
        False: max(GUIDELINE_POINTS, counts[False] + LEAST_ADVICE),
    }
    before = len(choice.taken)
    _fill(choice, works, counts, room, PER_WORK, PER_DOCUMENT)
    return choice.taken[before:]


def _pool(evidence: Sequence[Evidence]) -> list[Evidence]:
    odds = _pertinent(evidence)
    return [e for e in evidence if odds[e.sentence.id].passed]


def _fill(
    choice: Choice,
    evidence: Sequence[Evidence],
    counts: dict[bool, int],
    most: Mapping[bool, int],
    per_study: int,
    per_guideline: int,
) -> None:
    odds = _pertinent(evidence)
    choice.measured |= {name: (told,) for name, told in odds.items()}
    pool = [e for e in evidence if odds[e.sentence.id].passed]
    choice.left += [
        Rejection(e.candidate, Reason.BELOW_FLOOR, "answers the question less well", "pertinence", (told,))
        for e in evidence
        if not (told := odds[e.sentence.id]).passed
    ]
    used: dict[str, int] = {}
    while pool:
        item = min(pool, key=lambda e: (_SPREAD * used.get(e.source.id, 0) - e.score, e.sentence.id))
        pool.remove(item)
        name, study = item.sentence.id, item.source.kind is SourceKind.STUDY
        room = (
            at_most(f"place among {'studies' if study else 'advice'}", counts[study] + 1, most[study]),
            at_most(
                "place in its source",
                used.get(item.source.id, 0) + 1,
                per_study if study else per_guideline,
            ),
        )
        choice.measured[name] += room
        if not all(m.passed for m in room):
            full = Rejection(
                item.candidate, Reason.OVER_BUDGET, "is on topic; others say more", "budget", room
            )
            choice.left.append(full)
            continue
        choice.take(item, "among the best")
        counts[study] += 1
        used[item.source.id] = used.get(item.source.id, 0) + 1


def with_companions(plan: Plan, evidence: Sequence[Evidence], choice: Choice) -> None:
    """See that what makes the answer safe is there: the best advice for each companion intent."""
    floor = max((e.pertinence for e in choice.taken), default=0.0) * COMPANION
    for intent in plan.companions[:COMPANIONS]:
        advice = {
            e.source.id: e
            for e in reversed(evidence)
            if intent.value in e.candidate.annotation.intents and e.may_lead and e.pertinence >= floor
        }
        ranked = sorted(advice.values(), key=lambda e: (-e.score, e.sentence.id))
        for item in ranked[:EACH_COMPANION]:
            if item not in choice.taken:
                choice.take(item, f"the answer needs {intent.value} beside it")
