"""Questions that follow an article: what they take over from it, and what they do not."""

from __future__ import annotations

import re
from dataclasses import replace

from consilium.domain.question import FollowUp, Intent, Plan, Term
from consilium.lexicon.concepts import Lexicon
from consilium.pipeline.plan import companions_of
from consilium.pipeline.terms import KIND_WEIGHT, rarity
from consilium.ports import TextIndex

# Another person: nothing about whom the first question was is taken over (design 8).
OTHER_PERSON = re.compile(
    r"\b(her|his|their|my|the) (baby|child|children|son|daughter|husband|wife|partner|mother|"
    r"father|mum|dad|sister|brother|newborn|infant|contacts?|household)\b",
    re.IGNORECASE,
)
_TOPICS = frozenset({"condition", "symptom", "sign", "organism"})
_INTERVENTIONS = frozenset({"drug", "class", "vaccine", "procedure", "test", "device"})


def carry_over(plan: Plan, earlier: FollowUp, lexicon: Lexicon, index: TextIndex) -> Plan:
    """Fill the slots that a follow-up leaves empty from the article that it follows."""
    plan = _with_intent(plan, earlier)
    other_person = bool(OTHER_PERSON.search(plan.question.text))
    has_topic = any(term.kind in _TOPICS for term in plan.terms)
    has_intervention = any(term.kind in _INTERVENTIONS for term in plan.terms)
    take: list[str] = [] if has_topic else list(earlier.plan_topics)
    if not has_intervention and not has_topic:
        take += earlier.plan_interventions
    if not other_person and not plan.population:
        take += earlier.plan_population
    known = {term.concept for term in plan.terms}
    new = tuple(
        _term(concept, lexicon, index)
        for concept in dict.fromkeys(take)
        if concept in lexicon.concepts and concept not in known
    )
    if not new:
        return replace(plan, follows=earlier.article_id)
    names = ", ".join(lexicon.name(term.concept) for term in new if term.concept)
    return replace(
        plan,
        terms=plan.terms + new,
        understood=f"{plan.understood} (about: {names})",
        inherited=tuple(lexicon.name(term.concept) for term in new if term.concept),
        follows=earlier.article_id,
        population=plan.population + tuple(t.concept for t in new if t.concept and t.kind == "population"),
    )


def _with_intent(plan: Plan, earlier: FollowUp) -> Plan:
    """A follow-up that says only for whom or where ("and in pregnancy?") asks the same thing."""
    if plan.intents != (Intent.OVERVIEW,) or earlier.plan_intent is None:
        return plan
    intents = (earlier.plan_intent,)
    return replace(plan, intents=intents, companions=companions_of(intents))


def _term(concept: str, lexicon: Lexicon, index: TextIndex) -> Term:
    kind = lexicon.concepts[concept].kind
    weight = KIND_WEIGHT[kind] * rarity(index.frequency(concept), index.size)
    return Term(concept, lexicon.name(concept), kind, weight, inherited=True)


_ASK = {
    "treatment": "How {is_} {name} treated?",
    "diagnosis": "How {is_} {name} diagnosed?",
    "imaging": "What imaging is right in {name}?",
    "signs": "What are the signs of {name}?",
    "referral": "When {is_} {name} urgent?",
    "prevention": "How {is_} {name} prevented?",
}
_SIGN = {
    "aetiology": "What causes {name}?",
    "imaging": "What imaging is right with {name}?",
    "referral": "When {is_} {name} urgent?",
}
_PLURAL = re.compile(r"(?<![uis])s$")


def suggestions(plan: Plan, lexicon: Lexicon, index: TextIndex) -> tuple[str, ...]:
    """Up to three follow-ups on the same topic, of intents that this question did not have."""
    topics = [concept for concept in plan.concepts("condition", "sign") if index.frequency(concept) >= 3]
    if not topics:
        return ()
    asked = {intent.value for intent in plan.intents}
    name = lexicon.name(topics[0])
    verb = "are" if _PLURAL.search(name) else "is"
    ask = _SIGN if lexicon.concepts[topics[0]].kind == "sign" else _ASK
    return tuple(words.format(name=name, is_=verb) for intent, words in ask.items() if intent not in asked)[
        :3
    ]
