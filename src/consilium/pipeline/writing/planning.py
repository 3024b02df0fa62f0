"""Help with understanding a question: synonyms of words that nobody knows, and a follow-up that stands alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from consilium.domain.question import FollowUp, Plan, Term
from consilium.errors import ModelError, ModelOutput
from consilium.lexicon.concepts import Lexicon
from consilium.lexicon.normalise import fold
from consilium.lexicon.recognise import read_question
from consilium.pipeline.anonymous import masked
from consilium.pipeline.fidelity import numbers
from consilium.pipeline.followup import OTHER_PERSON, carry_over
from consilium.pipeline.terms import KIND_WEIGHT, rarity
from consilium.pipeline.writing.desk import Desk, rows
from consilium.pipeline.writing.spotlight import fresh, material, stripped
from consilium.pipeline.writing.suspicion import suspicious
from consilium.ports import TextIndex

Planner = Callable[[str], Plan]
_UNKNOWN = frozenset({"word", "plain"})
# A drug that the lexicon does not know must not become another one on a model's word.
_MAY_BE_MEANT = frozenset({"condition", "symptom", "sign", "organism", "procedure", "test", "anatomy"})
_MOST_WORDS, _MOST_TERMS, _LONGEST = 5, 3, 300
_GROUP = 1_000  # groups of alternatives that the planner itself makes are numbered from 0


def helped(
    plan: Plan, earlier: FollowUp | None, lexicon: Lexicon, index: TextIndex, planner: Planner, desk: Desk
) -> Plan:
    """The plan with what the model adds; the concepts of the question itself all stay.

    Evidence is searched by the plan, so nothing that the model says here is evidence of anything.

    Args:
        planner: makes the plan of another wording of the same question.
    """
    unknown = [t.words for t in plan.terms if t.concept is None and t.kind in _UNKNOWN][:_MOST_WORDS]
    reply: Any = {"synonyms": [], "standalone": None}
    if unknown or earlier:
        try:
            reply = _asked(plan, earlier, unknown, lexicon, desk)
        except ModelError as fault:
            desk.fell_back("plan", fault)
    if earlier:
        alone = _alone(plan, earlier, reply["standalone"], lexicon, planner)
        plan = carry_over(alone, earlier, lexicon, index)
        taken = tuple(dict.fromkeys((*alone.inherited, *plan.inherited)))
        plan = replace(plan, inherited=taken)
    return _widened(plan, reply["synonyms"], unknown, lexicon, index)


def _asked(
    plan: Plan, earlier: FollowUp | None, unknown: Sequence[str], lexicon: Lexicon, desk: Desk
) -> dict[str, Any]:
    """What the model says, in its shape."""
    before = stripped(masked(earlier.question, lexicon)) if earlier else None
    question = stripped(plan.understood)
    mark = fresh(desk.writer.mark, [question, before or ""])
    row = {
        "word": {"enum": list(unknown) or ["none"]},
        "terms": {"type": "array", "items": {"type": "string"}, "maxItems": _MOST_TERMS},
    }
    item = {"type": "object", "properties": row, "required": list(row), "additionalProperties": False}
    schema = {
        "type": "object",
        "properties": {
            "synonyms": {"type": "array", "items": item},
            "standalone": {"type": ["string", "null"]},
        },
        "required": ["synonyms", "standalone"],
        "additionalProperties": False,
    }
    asked = material(mark, question=question, earlier=before, unknown=list(unknown))
    reply = desk.ask("plan", asked, schema)
    found = rows(reply, "synonyms", {"word": str, "terms": list})
    said = reply.get("standalone")
    if said is not None and not isinstance(said, str):
        raise ModelOutput
    return {"synonyms": found, "standalone": said}


def _alone(plan: Plan, earlier: FollowUp, said: str | None, lexicon: Lexicon, planner: Planner) -> Plan:
    """The plan of the follow-up as the model words it, if that adds only what the earlier question had."""
    if not said or len(said) > _LONGEST or suspicious(said):
        return plan
    whole = planner(" ".join(said.split()))
    own, now = set(plan.concepts()), set(whole.concepts())
    allowed = {*earlier.plan_topics, *earlier.plan_interventions}
    if not OTHER_PERSON.search(plan.question.text):
        allowed |= set(earlier.plan_population)
    before = f"{plan.understood} {masked(earlier.question, lexicon)}"
    strange = {fold(t.words) for t in whole.terms if t.concept is None} - {
        fold(word) for word in re.findall(r"\w+", before)
    }
    if not own <= now or not now - own <= allowed or strange or set(numbers(said)) - set(numbers(before)):
        return plan
    taken = tuple(lexicon.name(concept) for concept in whole.concepts() if concept not in own)
    terms = tuple(replace(t, inherited=t.concept is not None and t.concept not in own) for t in whole.terms)
    return replace(whole, question=plan.question, terms=terms, inherited=taken)


def _widened(
    plan: Plan, said: Sequence[Mapping[str, Any]], unknown: Sequence[str], lexicon: Lexicon, index: TextIndex
) -> Plan:
    """The plan with each unknown word and what it may mean as alternatives; either will do."""
    terms = list(plan.terms)
    for number, row in enumerate(said):
        concepts = _meant(row["terms"], lexicon) if row["word"] in unknown else ()
        known = {term.concept for term in terms}
        for place, term in enumerate(terms):
            if term.concept is None and term.words == row["word"] and concepts:
                group = term.either if term.either is not None else _GROUP + number
                terms[place] = replace(term, either=group)
                terms += [
                    _term(concept, term, group, lexicon, index)
                    for concept in concepts
                    if concept not in known
                ]
                break
    return replace(plan, terms=tuple(terms)) if len(terms) > len(plan.terms) else plan


def _meant(said: Sequence[Any], lexicon: Lexicon) -> tuple[str, ...]:
    """The concepts that terms name, each alone and whole."""
    found: list[str] = []
    for term in [t for t in said if isinstance(t, str)][:_MOST_TERMS]:
        reading = read_question(term, lexicon)
        named = [c for c in reading.concepts if lexicon.concepts[c].kind in _MAY_BE_MEANT]
        if len(reading.concepts) == 1 and named and not reading.rest:
            found += named
    return tuple(dict.fromkeys(found))


def _term(concept: str, word: Term, group: int, lexicon: Lexicon, index: TextIndex) -> Term:
    kind = lexicon.concepts[concept].kind
    weight = KIND_WEIGHT[kind] * rarity(index.frequency(concept), index.size)
    return Term(concept, lexicon.name(concept), kind, weight, either=group, part=word.part)
