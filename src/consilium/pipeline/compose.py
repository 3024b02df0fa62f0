"""Choose the claims and their places: the lead, the key points, the findings, what is urgent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from consilium.domain.article import Claim
from consilium.domain.evidence import (
    Evidence,
    Reason,
    Rejection,
    Sentence,
    Source,
    SourceKind,
    StatementKind,
)
from consilium.domain.measure import Measured, at_least, at_most
from consilium.domain.question import Plan
from consilium.pipeline.frames import depending, frame_of
from consilium.pipeline.opening import choose_lead, in_short, is_urgent
from consilium.pipeline.safety import RedFlags
from consilium.ports import Library

# Budgets of an article; pairs come on top, a cap never parts them.
GUIDELINE_POINTS, RESEARCH_POINTS, LEAST_POINTS, ACT_NOW_POINTS = 10, 10, 4, 3
PER_SOURCE, PER_SOURCE_ALONE = 4, 6
_ROOM = {True: RESEARCH_POINTS, False: GUIDELINE_POINTS}
# Evidence whose odds of belonging are below this share of the best one's is left out; of advice
# and of studies the first few may be somewhat less pertinent, and so may a companion.
PERTINENT, LESS_PERTINENT, FEW, COMPANION = 0.08, 0.04, 4, 0.05
# What each further statement of one source must be better by, so that sources take turns.
_SPREAD = 0.05
_COMMON = 5
_FAIR = 0.8
COMPANIONS, EACH_COMPANION = 3, 2


@dataclass(frozen=True)
class Draft:
    """Claims by place; every list holds claims in reading order.

    Attributes:
        measured: what choosing measured, by sentence id.
        why: why a sentence was chosen, by its id.
    """

    act_now: list[Claim] = field(default_factory=list)
    in_short: list[Claim] = field(default_factory=list)
    lead: Claim | None = None
    points: list[Claim] = field(default_factory=list)
    findings: list[Claim] = field(default_factory=list)
    left_over: list[Rejection] = field(default_factory=list)
    chosen: list[Evidence] = field(default_factory=list)
    measured: dict[str, tuple[Measured, ...]] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)

    def claims(self) -> list[Claim]:
        """Every claim once, in order of first appearance."""
        lead = [self.lead] if self.lead else []
        order = [*self.act_now, *self.in_short, *lead, *self.points, *self.findings]
        return list({claim.id: claim for claim in order}.values())


def compose(
    plan: Plan,
    evidence: Sequence[Evidence],
    library: Library,
    flags: RedFlags | None = None,
    how_common: Callable[[str], int] = lambda _: 0,
) -> Draft:
    """Choose among what was admitted; nothing is reworded and nothing is joined.

    Args:
        flags: statements that safety wants in the answer whatever their score.
        how_common: how much the library says of a concept; common causes come before rare ones.
    """
    flags = flags or RedFlags()
    choice = _within_budgets(evidence, _studies(flags.shows, library))
    _with_companions(plan, evidence, choice)
    chosen = choice.taken
    lead = choose_lead(plan, chosen) or choose_lead(plan, _fair(evidence))
    if lead and lead not in chosen:
        choice.take(lead, "the only advice that may lead")
    claims = {e.sentence.id: claim_of(e.sentence, e.source, library) for e in chosen}
    beside = partners([e.sentence for e in chosen], plan, library, flags.shows)
    choice.why.update(_brought(beside, chosen, flags.shows))
    claims.update({s.id: claim_of(s, source, library) for s, source in beside})
    if lead:
        own = claims[lead.sentence.id]
        claims[lead.sentence.id] = replace(own, frame=depending(own.frame, lead.unmet, own.text))
    claims = {key: _paired(claim, claims) for key, claim in claims.items()}
    named = [e.sentence.id for e in chosen if is_urgent(plan, e)][:ACT_NOW_POINTS]
    urgent = [claims[i] for i in dict.fromkeys([*named, *flags.act_now]) if i in claims]
    short = [claims[e.sentence.id] for e in in_short(plan, chosen, lead)] or urgent[:1]
    common_first = sorted(chosen, key=lambda e: (e.aliens > 0, _rare(e, how_common)))
    ordered = [claims[e.sentence.id] for e in common_first] + [claims[s.id] for s, _ in beside]
    advice = [c for c in ordered if c.source.kind is not SourceKind.STUDY]
    return Draft(
        act_now=urgent,
        in_short=short,
        lead=claims[lead.sentence.id] if lead else None,
        points=[c for c in advice if not lead or c.sentence.id != lead.sentence.id],
        findings=[c for c in ordered if c.source.kind is SourceKind.STUDY],
        left_over=choice.left,
        chosen=chosen,
        measured=choice.measured,
        why=choice.why,
    )


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


def _rare(item: Evidence, how_common: Callable[[str], int]) -> bool:
    """Whether it opens with a disease that the library says little of."""
    return bool(item.aliens) and all(how_common(c) < _COMMON for c in item.candidate.annotation.order[:1])


def _studies(names: Sequence[str], library: Library) -> int:
    """How many of these statements are findings of research."""
    works = [library.source(name.split("#")[0]) for name in names]
    return sum(work is not None and work.kind is SourceKind.STUDY for work in works)


@dataclass
class _Choice:
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


def _within_budgets(evidence: Sequence[Evidence], taken: int) -> _Choice:
    """Take the best first; each further statement of one source has to be that much better.

    Args:
        taken: how many findings of research safety has asked for already.
    """
    odds = _pertinent(evidence)
    choice = _Choice({name: (told,) for name, told in odds.items()})
    pool = [e for e in evidence if odds[e.sentence.id].passed]
    choice.left = [
        Rejection(e.candidate, Reason.BELOW_FLOOR, "answers the question less well", "pertinence", (told,))
        for e in evidence
        if not (told := odds[e.sentence.id]).passed
    ]
    per_source = PER_SOURCE if len({e.source.id for e in pool}) > 4 else PER_SOURCE_ALONE
    used: dict[str, int] = {}
    counts = {True: min(taken, RESEARCH_POINTS - LEAST_POINTS), False: 0}
    while pool:
        item = min(pool, key=lambda e: (_SPREAD * used.get(e.source.id, 0) - e.score, e.sentence.id))
        pool.remove(item)
        name, study = item.sentence.id, item.source.kind is SourceKind.STUDY
        room = (
            at_most(f"place among {'studies' if study else 'advice'}", counts[study] + 1, _ROOM[study]),
            at_most("place in its source", used.get(item.source.id, 0) + 1, per_source),
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
    return choice


def _with_companions(plan: Plan, evidence: Sequence[Evidence], choice: _Choice) -> None:
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


def _fair(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Advice that covers the topic, though others scored better: a lead is worth its place."""
    return [e for e in evidence if e.core >= _FAIR]


def claim_of(sentence: Sentence, source: Source, library: Library) -> Claim:
    """The claim that a sentence makes, with its premises cited beside it."""
    cited = [(source, sentence)]
    for premise in sentence.premises:
        found, work = library.sentence(premise), library.source(premise.split("#")[0])
        if found and work:
            cited.append((work, found))
    kind = sentence.kind
    if kind is StatementKind.RECOMMENDATION and not source.issues_advice:
        kind = StatementKind.FINDING
    return Claim(
        text=sentence.text,
        frame=frame_of(sentence, source),
        kind=kind,
        grade=sentence.grade,
        qualifiers=sentence.qualifiers,
        population=sentence.population,
        setting=sentence.setting,
        cited=tuple(cited),
    )


def partners(
    cited: Sequence[Sentence], plan: Plan, library: Library, shows: Sequence[str]
) -> list[tuple[Sentence, Source]]:
    """The statements that must stand beside the chosen ones, and beside those, in order."""
    have = {sentence.id for sentence in cited}
    queue = [*shows, *(partner for sentence in cited for partner in sentence.pairs_with)]
    found: list[tuple[Sentence, Source]] = []
    while queue:
        wanted = queue.pop(0)
        if wanted in have:
            continue
        have.add(wanted)
        sentence, source = library.sentence(wanted), library.source(wanted.split("#")[0])
        if sentence is None or source is None or not _pairable(sentence, source, plan):
            continue
        found.append((sentence, source))
        queue += sentence.pairs_with
    return found


def _brought(
    partners: Sequence[tuple[Sentence, Source]], chosen: Sequence[Evidence], shows: Sequence[str]
) -> dict[str, str]:
    """Why each partner is there: a safety rule, or the statement that it belongs to."""
    beside = {p: e.sentence.id for e in reversed(chosen) for p in e.sentence.pairs_with}
    for sentence, _ in partners:
        beside |= {p: sentence.id for p in sentence.pairs_with if p not in beside}
    return {
        s.id: "a safety rule wants it shown" if s.id in shows else f"belongs beside {beside[s.id]}"
        for s, _ in partners
    }


def _pairable(sentence: Sentence, source: Source, plan: Plan) -> bool:
    """A partner about other ages than those asked about is no partner here."""
    fits = not (plan.age and sentence.age and not sentence.age.holds(plan.age))
    return fits and source.status.value not in {"retracted", "withdrawn"}


def _paired(claim: Claim, claims: dict[str, Claim]) -> Claim:
    partners = [claims[p].id for p in claim.sentence.pairs_with if p in claims]
    return replace(claim, partners=tuple(dict.fromkeys(partners)))
