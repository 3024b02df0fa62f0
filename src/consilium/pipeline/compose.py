"""Choose the claims and their places: the lead, the key points, the findings, what is urgent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from consilium.domain.article import Claim
from consilium.domain.evidence import (
    Evidence,
    Rejection,
    Sentence,
    Source,
    SourceKind,
    StatementKind,
)
from consilium.domain.measure import Measured
from consilium.domain.question import Plan
from consilium.lexicon.concepts import Lexicon
from consilium.pipeline.appraise import design_tier
from consilium.pipeline.choosing import (
    Choice,
    quotable,
    studies_among,
    with_companions,
    within_budgets,
)
from consilium.pipeline.frames import depending, frame_of
from consilium.pipeline.opening import choose_lead, in_short, is_urgent
from consilium.pipeline.quoting import Quoted, by_work, quoted
from consilium.pipeline.safety import RedFlags
from consilium.ports import Library

# Pairs come on top of what is urgent: a cap never parts them.
ACT_NOW_POINTS, IN_SHORT = 3, 3
_COMMON = 5
_FAIR = 0.8


@dataclass(frozen=True)
class Draft:
    """Claims by place; every list holds claims in reading order.

    Attributes:
        measured: what choosing measured, by sentence id.
        why: why a sentence was chosen, by its id.
        together: claims that one entry holds, because they are of one work in its own words.
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
    together: list[tuple[Claim, ...]] = field(default_factory=list)

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
    lexicon: Lexicon | None = None,
) -> Draft:
    """Choose among what was admitted; nothing is reworded and nothing is joined.

    Args:
        flags: statements that safety wants in the answer whatever their score.
        how_common: how much the library says of a concept; common causes come before rare ones.
        lexicon: what short forms in works are told by; without it works are not quoted.
    """
    flags = flags or RedFlags()
    choice = _choice(plan, evidence, library, flags, quoting=lexicon is not None)
    chosen = choice.taken
    lead = choose_lead(plan, chosen) or choose_lead(plan, _fair(evidence))
    if lead and lead not in chosen:
        choice.take(lead, "the only advice that may lead")
    stated = [e for e in chosen if e.sentence.role is None]
    entries = _entries(plan, chosen, lead, lexicon)
    claims = {e.sentence.id: claim_of(e.sentence, e.source, library) for e in stated}
    claims |= {claim.sentence.id: claim for entry in entries for claim in entry}
    beside = partners([e.sentence for e in stated], plan, library, flags.shows)
    choice.why.update(_brought(beside, chosen, flags.shows))
    claims.update({s.id: claim_of(s, source, library) for s, source in beside})
    if lead:
        own = claims[lead.sentence.id]
        claims[lead.sentence.id] = replace(own, frame=depending(own.frame, lead.unmet, own.text))
    claims = {key: _paired(claim, claims) for key, claim in claims.items()}
    together = [tuple(claims[claim.sentence.id] for claim in entry) for entry in entries]
    named = [e.sentence.id for e in chosen if is_urgent(plan, e)][:ACT_NOW_POINTS]
    urgent = [claims[i] for i in dict.fromkeys([*named, *flags.act_now]) if i in claims]
    opening = [claims[e.sentence.id] for e in in_short(plan, chosen, lead)]
    common_first = sorted(stated, key=lambda e: (e.aliens > 0, _rare(e, how_common)))
    ordered = [claims[e.sentence.id] for e in common_first]
    ordered += [claims[s.id] for s, _ in beside]
    ordered += [claim for entry in together for claim in entry]
    advice = [c for c in ordered if c.source.kind is not SourceKind.STUDY]
    return Draft(
        act_now=urgent,
        in_short=_short(opening, together) or urgent[:1] or list(chain(*together[:1]))[:IN_SHORT],
        lead=claims[lead.sentence.id] if lead else None,
        points=[c for c in advice if not lead or c.sentence.id != lead.sentence.id],
        findings=[c for c in ordered if c.source.kind is SourceKind.STUDY],
        left_over=choice.left,
        chosen=chosen,
        measured=choice.measured,
        why=choice.why,
        together=together,
    )


def _choice(
    plan: Plan, evidence: Sequence[Evidence], library: Library, flags: RedFlags, *, quoting: bool
) -> Choice:
    """What is taken: statements as if there were no works, and sentences of works beside them."""
    stated = [e for e in evidence if e.sentence.role is None]
    choice = within_budgets(stated, studies_among(flags.shows, library))
    with_companions(plan, stated, choice)
    if quoting:
        quotable([e for e in evidence if e.sentence.role is not None], choice)
    return choice


def _short(opening: Sequence[Claim], together: Sequence[tuple[Claim, ...]]) -> list[Claim]:
    """What an answer opens with; of a work, what begins its entry, for the rest goes on from that."""
    begins = {claim.id: entry[0] for entry in together for claim in entry}
    shown = (begins.get(claim.id, claim) for claim in opening)
    return list({claim.id: claim for claim in shown if not (claim.id in begins and claim.partners)}.values())


def _entries(
    plan: Plan, chosen: Sequence[Evidence], lead: Evidence | None, lexicon: Lexicon | None
) -> list[tuple[Claim, ...]]:
    """One entry for each work that is quoted, reviews and large trials first; a lead has one of its own."""
    if lexicon is None:
        return []
    items = [e for e in chosen if e.sentence.role is not None and e is not lead]
    ranked = sorted(items, key=lambda e: (-design_tier(e.candidate), -e.score, e.sentence.id))
    works = [[lead]] if lead and lead.sentence.role is not None else []
    works += by_work(ranked)
    seen: set[str] = set()
    entries: list[tuple[Claim, ...]] = []
    for work in works:
        parts = [part for part in quoted(plan, work, lexicon) if part.sentence.id not in seen]
        seen |= {part.sentence.id for part in parts}
        if parts:
            entries.append(tuple(_quoted_claim(part) for part in parts))
    return entries


def _quoted_claim(part: Quoted) -> Claim:
    sentence = replace(part.sentence, pairs_with=part.bound)
    kind = sentence.kind
    if kind is StatementKind.RECOMMENDATION and not part.source.issues_advice:
        kind = StatementKind.FINDING
    return Claim(
        text=sentence.text,
        frame=part.frame,
        kind=kind,
        grade=sentence.grade,
        qualifiers=sentence.qualifiers,
        population=sentence.population,
        setting=sentence.setting,
        cited=((part.source, sentence),),
    )


def _rare(item: Evidence, how_common: Callable[[str], int]) -> bool:
    """Whether it opens with a disease that the library says little of."""
    return bool(item.aliens) and all(how_common(c) < _COMMON for c in item.candidate.annotation.order[:1])


def _fair(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Advice that covers the topic, though others scored better: a lead is worth its place."""
    return [e for e in evidence if e.core >= _FAIR and e.sentence.role is None]


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
