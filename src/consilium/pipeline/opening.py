"""What an answer opens with: the lead, the short answer, and what cannot wait."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from consilium.domain.evidence import Checked, Evidence, Origin, Sentence, Source, SourceStatus, StatementKind
from consilium.domain.grade import Direction
from consilium.domain.question import Intent, Plan
from consilium.pipeline import tables
from consilium.pipeline.currency import URGENT

# A recommendation about another condition besides is a poor opening.
_ALIEN_LEAD = 0.2
_AGAINST, _SPECIAL = 0.2, 0.2
# How far behind the best opening advice may be that holds for anyone, to come before what depends on
# a condition that the question does not state.
_RELEVANT = 0.2
_WELL = 0.8  # of the question: statements that cover as much open an answer before works do
# "Who needs …?" is answered by a condition.
_ASKS_WHO = re.compile(
    r"\b(?:who|whom|when|which (?:\w+ )?(?:patients?|people|adults?|children|women|men))\b"
)
_NEED_URGENCY = {Intent.SIGNS, Intent.DIAGNOSIS, Intent.IMAGING, Intent.REFERRAL}


def choose_lead(plan: Plan, evidence: Iterable[Evidence]) -> Evidence | None:
    """The recommendation that opens the guidelines, in the order of design 8."""
    options = [e for e in evidence if e.may_lead and not _tied(e)]
    if not options:
        return None
    if plan.intent is Intent.SIGNS:  # what is urgent stands under act now; the lead says the rest
        options = [e for e in options if not is_urgent(plan, e)] or options
    by_id = {e.sentence.id: e.sentence for e in options}
    country = plan.question.country

    best = max(_openness(plan, item) for item in options)
    asks_who = bool(_ASKS_WHO.search(plan.understood.lower()))

    known = any(_openness(plan, item) >= best - _RELEVANT for item in options if not _undated(item))

    def order(item: Evidence) -> tuple[object, ...]:
        return (
            known and _undated(item),
            not asks_who and (bool(item.unmet) or _openness(plan, item) < best - _RELEVANT),
            -round(_openness(plan, item), 1),
            item.sentence.grade.direction is Direction.EITHER,
            _leans(item.sentence, by_id),
            -round(item.score, 1),
            item.sentence.checked not in {Checked.PRIMARY, Checked.VERBATIM},
            bool(country) and not is_from(country or "", item.source),
            -item.score,
            item.sentence.id,
        )

    return min(options, key=order)


def _tied(item: Evidence) -> bool:
    """Whether a sentence in its authors' words cannot be parted from others, so that it opens nothing."""
    return item.sentence.role is not None and bool(item.sentence.pairs_with)


def _undated(item: Evidence) -> bool:
    """Whether nobody knows the edition of a work in its own words: a curated record leads before it."""
    return item.sentence.role is not None and item.source.status is SourceStatus.UNKNOWN


# A body of one of its nations speaks for the United Kingdom more than one from elsewhere does.
_NATIONS = {"uk": ("uk", "england", "scotland", "wales", "northern ireland")}


def is_from(country: str, source: Source) -> bool:
    """Whether a source is from a country, or from one of its nations."""
    place, asked = (source.jurisdiction or "").lower(), country.lower().strip()
    return any(re.search(rf"\b{re.escape(name)}\b", place) for name in _NATIONS.get(asked, (asked,)))


def _openness(plan: Plan, item: Evidence) -> float:
    """How well a recommendation opens an answer: it says what to do, about this and for anyone."""
    aside = _ALIEN_LEAD * min(item.aliens, 2)
    against = _AGAINST if item.sentence.grade.direction is Direction.AGAINST else 0.0
    special = _SPECIAL if _for_others(plan, item) else 0.0
    return item.coverage + item.intent - aside - against - special


def _for_others(plan: Plan, item: Evidence) -> bool:
    """Whether it is for children or pregnancy, where the question named neither."""
    rules, text = tables.load("modifiers"), item.candidate.annotation.text
    few = {*rules["child"], *rules["must_be_addressed"]} - set(plan.population)
    return bool(few & text) and not plan.age and not {"adult", "older-adult"} & text


def _leans(sentence: Sentence, others: dict[str, Sentence]) -> bool:
    """Whether a sentence is the exception or second choice to another that could lead."""
    return any(
        other in others and sentence.id not in others[other].pairs_with for other in sentence.pairs_with
    )


def in_short(plan: Plan, chosen: Sequence[Evidence], lead: Evidence | None) -> list[Evidence]:
    """One to three sentences that answer the question as it was asked."""
    asks_who = bool(_ASKS_WHO.search(plan.understood.lower()))
    direct = [e for e in chosen if e.intent >= 0.8 and not e.notes and _may_open(e)]
    advice_first = plan.intent in {Intent.IMAGING, Intent.TREATMENT, Intent.REFERRAL, Intent.SCREENING}
    told = any(e.sentence.role is None and e.core >= _WELL for e in direct)
    best = sorted(
        direct,
        key=lambda e: (
            told and e.sentence.role is not None,
            advice_first and not e.may_lead,
            not asks_who and bool(e.unmet),
            e.aliens,
            plan.intent is Intent.SIGNS and not _opens_with(plan, e),
            _unlisted(plan, e),
            -e.score - e.core,
            e.sentence.id,
        ),
    )
    asks_what_to_do = plan.intent not in {Intent.SIGNS, Intent.DEFINITION, Intent.AETIOLOGY}
    picked = [lead] if lead and asks_what_to_do else []
    if picked and lead and lead.unmet and not asks_who:
        picked = [*[e for e in best if _warns_all(e)][:1], lead]
    for item in best:
        if item.sentence.role is not None and any(item.source.id == one.source.id for one in picked):
            continue  # what a work says further is told in its entry
        if len(picked) >= (2 if lead and not asks_what_to_do else 3):
            break
        if item not in picked:
            picked.append(item)
    if lead and lead not in picked and len(picked) < 3:
        picked.append(lead)
    open_to_all = sorted((e for e in chosen if _may_open(e)), key=lambda e: bool(e.notes))
    return picked or open_to_all[:1]


def _warns_all(item: Evidence) -> bool:
    """Whether it is a warning that holds for anybody, to stand before advice that depends on something."""
    return item.sentence.kind is StatementKind.WARNING and item.source.issues_advice and not item.unmet


def _opens_with(plan: Plan, item: Evidence) -> bool:
    """Whether the sentence begins with what was asked: "Upper motor neuron signs: …"."""
    return item.candidate.annotation.order[:1] == plan.concepts("sign", "condition")[:1]


def _unlisted(plan: Plan, item: Evidence) -> int:
    """What are the signs? First the sentence that lists most of them."""
    return -item.listed if plan.intent is Intent.SIGNS else 0


def _may_open(item: Evidence) -> bool:
    return item.source.status.may_lead and item.sentence.origin is not Origin.INFERENCE and not _tied(item)


def is_urgent(plan: Plan, item: Evidence) -> bool:
    """Whether a statement is advice that cannot wait, where the question makes urgency matter."""
    sentence = item.sentence
    wanted = _NEED_URGENCY & {*plan.intents, *plan.companions[:3]}
    return (
        bool(wanted)
        and not _tied(item)
        and sentence.kind in {StatementKind.RECOMMENDATION, StatementKind.WARNING}
        and item.source.status.may_lead
        and not item.notes
        and bool(URGENT.search(sentence.text))
    )
