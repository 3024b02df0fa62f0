"""Whom a statement is for, where the question names nobody like them.

Irrelevant is worse than missing (design 2): advice for a stroke that mentions hypoglycaemia is none
on hypoglycaemia, and a warning for pregnancy is none on ibuprofen for back pain.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from consilium.domain.evidence import Candidate, Evidence, Reason, Rejection
from consilium.domain.measure import Measured
from consilium.domain.question import Intent, Plan
from consilium.lexicon.concepts import Lexicon
from consilium.lexicon.recognise import read
from consilium.pipeline import tables
from consilium.pipeline.annotate import affirmed, had
from consilium.pipeline.coverage import Coverage, Coverer

_OTHERS = 2
# Whom at least this share of what was found is for, the topic is theirs: antenatal corticosteroids
# are for pregnancy, weekly methotrexate for autoimmune disease.
_USUAL = 0.3
# Who asks only what a drug does to people wants to hear whom it harms.
_WHOMEVER = {Intent.HARM, Intent.OVERVIEW, Intent.MONITORING}
_DRUGS = {"drug", "class", "vaccine"}
_PATIENTS = frozenset({"condition", "symptom"})
# What a question names beside a drug: an outcome or a part of the body tells no disease from another,
# but both tell from pregnancy.
_ILLNESS = _PATIENTS | {"sign", "organism"}
_MATTER = _ILLNESS | {"outcome", "anatomy"}


def people_of(candidate: Candidate, lexicon: Lexicon) -> frozenset[str]:
    """The concepts of the people whom a statement is for, as its record names them."""
    whom = affirmed(candidate.sentence.population or candidate.source.population or "")
    return had(read(whom, lexicon, context=whom), whom).concepts


def strangers(
    plan: Plan,
    items: Sequence[Evidence],
    measured: Mapping[str, Coverage],
    coverer: Coverer,
    lexicon: Lexicon,
) -> tuple[list[Evidence], list[Rejection]]:
    """Part what is for the people asked about, or for anybody, from what is for others."""
    people = {e.sentence.id: people_of(e.candidate, lexicon) for e in items}
    often = Counter(one for who in people.values() for one in who)
    usual = {one for one, count in often.items() if count >= _USUAL * len(items)}
    drugs_only = bool(coverer.heads) and {lexicon.concepts[head].kind for head in coverer.heads} <= _DRUGS
    kept: list[Evidence] = []
    gone: list[Rejection] = []
    for item in items:
        who = people[item.sentence.id]
        others = _in_passing(who, measured[item.sentence.id], coverer, lexicon)
        if drugs_only and not others:
            others = _on_the_drug(plan, item, who, usual, coverer, lexicon)
        named = ", ".join(lexicon.name(one) for one in sorted(who)) or "anybody"
        told = Measured("for whom", named, "not for others alone", not others)
        if others:
            detail = f"is about {lexicon.name(others)}, which was not asked about"
            gone.append(Rejection(item.candidate, Reason.WRONG_POPULATION, detail, "people", (told,)))
        else:
            kept.append(replace(item, measured=(*item.measured, told)))
    return kept, gone


def _in_passing(who: frozenset[str], coverage: Coverage, coverer: Coverer, lexicon: Lexicon) -> str | None:
    """The other disease of those for whom a statement is that only mentions the disease asked about."""
    asked = any(lexicon.concepts[head].kind == "condition" for head in coverer.heads)
    passing = coverage.subject.mentions and coverage.aliens >= _OTHERS
    theirs = {one for one in who if lexicon.concepts[one].kind == "condition"}
    own = any(coverer.family & {one, *lexicon.ancestors[one]} for one in theirs)
    return min(theirs) if asked and theirs and passing and not own else None


def _on_the_drug(
    plan: Plan,
    item: Evidence,
    who: frozenset[str],
    usual: Collection[str],
    coverer: Coverer,
    lexicon: Lexicon,
) -> str | None:
    """Whom a statement on a drug is for alone, where it says nothing of what was asked beside the drug."""
    rules, text = tables.load("modifiers"), lexicon.up(item.candidate.annotation.text)
    matter, illness = (set(plan.concepts(*kinds)) for kinds in (_MATTER, _ILLNESS))
    groups = (who & set(rules["must_be_addressed"])) - coverer.family - set(usual)
    anybody = who & {*rules["child"], *rules["adult"]} - groups
    if groups and not anybody and not matter & text and (matter or plan.intent not in _WHOMEVER):
        return min(groups)
    theirs = frozenset(one for one in who if lexicon.concepts[one].kind in _PATIENTS)
    known = theirs & set(usual) or coverer.family & lexicon.up(theirs)
    return min(theirs) if illness and not illness & text and theirs and not known else None
