"""The gates of appraisal, in order: each turns a candidate away with a reason, or lets it pass.

Gates come before scores: relevance or recency cannot buy back what does not apply.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from consilium.domain.evidence import Candidate, Reason, SourceStatus
from consilium.domain.population import Age
from consilium.domain.question import Intent, Plan
from consilium.lexicon.concepts import Lexicon
from consilium.pipeline import tables
from consilium.pipeline.conditions import Conditions
from consilium.pipeline.coverage import Coverage, Coverer
from consilium.pipeline.safety import anatomy_fault

HEADLESS_FLOOR = 0.75
# Calibrated on the training half of the coverage questions (see docs/explanation/appraisal.md).
COVERAGE_FLOOR, KIN_FLOOR, CORE_FLOOR, TOPIC_FLOOR = 0.5, 0.55, 0.85, 0.9
_DOSE = re.compile(
    r"\d\s?(?:million |mega )?(?:mg|mcg|microgram|g|unit|iu|ml|mmol|joule|gy|drops?|puffs?|doses?)s?\b|"
    r"\d\s?(?:mg|ml|g)/kg|\b(?:single|one|two|three|four) (?:[a-z]+ )?doses?\b",
    re.IGNORECASE,
)
_AIM = re.compile(r"\b(?:target|trough|goal|therapeutic|aim|range)\b")
_LEVEL = re.compile(r"\blevels?\b.*\d|\d.*\blevels?\b|\d\s?(?:mmol|ng|mcg|mg)/(?:l|ml|dl)")
_CLINICAL_ADULT_FROM = 18 * 365.25
_ADOLESCENT_FROM = 10 * 365.25


@dataclass(frozen=True, slots=True)
class Gatekeeper:
    """What every gate may look at; ``asked`` are the question's concepts and what they are kinds of."""

    plan: Plan
    lexicon: Lexicon
    coverer: Coverer
    conditions: Conditions
    asked: frozenset[str] = frozenset()


def keeper_of(plan: Plan, lexicon: Lexicon) -> Gatekeeper:
    """The gatekeeper for one plan."""
    asked = lexicon.up(frozenset(plan.concepts()))
    return Gatekeeper(plan, lexicon, Coverer(plan, lexicon), Conditions(plan, lexicon), asked)


Verdict = tuple[Reason, str] | None
Gate = Callable[[Gatekeeper, Candidate, Coverage], Verdict]


def status(_: Gatekeeper, candidate: Candidate, __: Coverage) -> Verdict:
    """Retracted and withdrawn work is never cited."""
    source = candidate.source
    if source.status is SourceStatus.RETRACTED:
        return Reason.RETRACTED, "has been retracted"
    if source.status is SourceStatus.WITHDRAWN:
        note = f": {source.status_note}" if source.status_note else ""
        return Reason.WITHDRAWN, f"has been withdrawn by its issuer{note}"
    return None


def species(_: Gatekeeper, candidate: Candidate, __: Coverage) -> Verdict:
    """Animal and in-vitro work, and protocols, never support a clinical claim."""
    rules = tables.load("species")
    source = candidate.source
    mesh = {heading.lower() for heading in source.mesh}
    words = f"{source.title} {candidate.sentence.text}".lower()
    animal = mesh & set(rules["mesh"]) and "humans" not in mesh
    if animal or (tables.cued(rules["words"], words) and not tables.cued(rules["human"], words)):
        return Reason.NON_HUMAN, "studied animals or cells in the laboratory, not people"
    if tables.cued(rules["protocol"], f"{source.design} {source.title}".lower()):
        return Reason.PROTOCOL_ONLY, "is a protocol: it reports no results yet"
    return None


def topic(keeper: Gatekeeper, _: Candidate, coverage: Coverage) -> Verdict:
    """The question's topic must be in the sentence or in what surrounds it."""
    if coverage.missed:
        missing = ", ".join(dict.fromkeys(_name(keeper, term.words) for term in coverage.missed))
        kinds = {term.kind for term in coverage.missed}
        if kinds <= {"drug", "class", "vaccine", "procedure"}:
            return Reason.WRONG_INTERVENTION, f"does not deal with {missing}"
        return Reason.OFF_TOPIC, f"does not deal with {missing}"
    if coverage.subject.foreign:
        return Reason.OFF_TOPIC, "is about another condition"
    floor = KIN_FLOOR if coverage.kin_only else COVERAGE_FLOOR
    if not keeper.coverer.heads:  # parts of the body and tests only: most of them must be there
        floor = HEADLESS_FLOOR
    if coverage.share < floor and coverage.core < CORE_FLOOR and coverage.topic < TOPIC_FLOOR:
        return Reason.BELOW_FLOOR, "touches too little of the question"
    return None


def _name(_: Gatekeeper, words: str) -> str:
    return f"“{words}”"


_THERAPY = {Intent.TREATMENT, Intent.DOSING, Intent.HARM, Intent.PREVENTION, Intent.OVERVIEW}


def intent(keeper: Gatekeeper, candidate: Candidate, coverage: Coverage) -> Verdict:
    """A dose question wants a dose of that drug; a harm question wants harms."""
    own = keeper.plan.intent
    sentence = candidate.sentence
    if coverage.kin_only and not _THERAPY & set(keeper.plan.intents):
        drugs = [c for c in candidate.annotation.text if keeper.lexicon.concepts[c].kind in {"drug", "class"}]
        if drugs:
            return (
                Reason.WRONG_INTENT,
                f"is about {keeper.lexicon.name(min(drugs))}, which was not asked about",
            )
    named = keeper.plan.concepts("drug", "class", "vaccine")
    dosed = keeper.plan.concepts("drug", "class")
    if own is Intent.DOSING and dosed and not _DOSE.search(sentence.text):
        return Reason.WRONG_INTENT, "states no dose"
    aims = "drug-level" in keeper.asked and dosed and _AIM.search(keeper.plan.understood.lower())
    if aims and not _LEVEL.search(sentence.text.lower()):
        return Reason.WRONG_INTENT, "states no level to aim for"
    harms = {"harm", "dosing", "monitoring"} & set(candidate.annotation.intents)
    only_harm = own is Intent.HARM and Intent.TREATMENT not in keeper.plan.intents
    if only_harm and named and not harms:
        return Reason.WRONG_INTENT, "is about benefit, not about harm or interaction"
    return None


def age(keeper: Gatekeeper, candidate: Candidate, _: Coverage) -> Verdict:
    """Ages are compared as numbers; without numbers, a child is not an adult."""
    asked, band = keeper.plan.age, candidate.sentence.age
    if asked is None:
        return None
    if band is not None:
        fits = band.holds(asked)
        detail = f"is about ages {band}, not {asked.words}"
        return None if fits else (Reason.WRONG_POPULATION, detail)
    wrong = _unbanded(keeper, candidate, asked)
    return (Reason.WRONG_POPULATION, wrong) if wrong else None


def _unbanded(keeper: Gatekeeper, candidate: Candidate, asked: Age) -> str | None:
    note, rules = candidate.annotation, tables.load("modifiers")
    named = keeper.lexicon.up(note.text)
    whom = candidate.sentence.population or candidate.source.population or "others"
    children, adults = named & set(rules["child"]), named & set(rules["adult"])
    if asked.high < _ADOLESCENT_FROM:
        young = frozenset(rules["child"]) - {"adolescent"}
        children = note.text & young
        if not children and not note.context & young:
            return f"does not address {_whom(asked)}"
    if asked.high < _CLINICAL_ADULT_FROM:
        drugs = keeper.plan.concepts("drug", "class") and asked.words[0].isdigit()
        if not children and (adults or drugs):
            return f"is about {whom}, not about {_whom(asked)}"
    elif children and not adults and asked.low >= _CLINICAL_ADULT_FROM:
        return f"is about {whom}, not about an adult"
    return None


def population(keeper: Gatekeeper, candidate: Candidate, _: Coverage) -> Verdict:
    """What a question states of a person (pregnancy, say) must be addressed by the sentence."""
    note, asked = candidate.annotation, keeper.plan.concepts()
    addressed = keeper.lexicon.up(note.text | note.context)
    for modifier, answers in tables.load("modifiers")["must_be_addressed"].items():
        if modifier in asked and not addressed & set(answers):
            name = keeper.lexicon.name(modifier)
            return Reason.WRONG_POPULATION, f"does not address {name}"
    return None


def _whom(asked: Age) -> str:
    return (
        f"a child of {asked.words}"
        if asked.words[0].isdigit()
        else f"a{'n' if asked.words[0] in 'ai' else ''} {asked.words}"
    )


_SEVERITY = re.compile(r"\b(mild|moderate|severe|fulminant)(?:ly)?\b")


def severity(keeper: Gatekeeper, candidate: Candidate, _: Coverage) -> Verdict:
    """Advice for severe disease is no advice for mild disease."""
    asked = set(_SEVERITY.findall(keeper.plan.understood.lower()))
    whom = f"{candidate.sentence.population or ''} {candidate.sentence.text}".lower()
    stated = set(_SEVERITY.findall(whom))
    if asked and stated and not asked & stated:
        words = " or ".join(sorted(stated))
        return Reason.WRONG_POPULATION, f"is about {words} disease, not {' or '.join(sorted(asked))}"
    return None


def anatomy(keeper: Gatekeeper, candidate: Candidate, _: Coverage) -> Verdict:
    """The part of the body must fit, by the table of safety rules."""
    detail = anatomy_fault(keeper.plan, candidate, keeper.lexicon)
    return (Reason.WRONG_ANATOMY, detail) if detail else None


def role(_: Gatekeeper, candidate: Candidate, __: Coverage) -> Verdict:
    """Methods, aims and sentences that lean on one before them never stand alone."""
    if tables.cued(tables.load("species")["dangling"], candidate.sentence.text.lower()):
        return Reason.METHODS_ONLY, "cannot stand alone"
    return None


GATES: tuple[Gate, ...] = (status, species, topic, intent, age, population, severity, anatomy, role)
