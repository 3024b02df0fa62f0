"""The gates of appraisal, in order: each turns a candidate away with a reason, or lets it pass.

Gates come before scores: relevance or recency cannot buy back what does not apply. Each gate declares
what it measures as it rules, so that an explanation says what was decided by, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from consilium.domain.evidence import Candidate, Reason, Rejection, SourceStatus
from consilium.domain.measure import at_least
from consilium.domain.population import Age
from consilium.domain.question import Intent
from consilium.pipeline import tables
from consilium.pipeline.coverage import Coverage
from consilium.pipeline.effect import intervention_of, said, unnamed
from consilium.pipeline.own_words import OWN_WORDS
from consilium.pipeline.ruling import Gate, Gatekeeper, Ruling, Verdict, ruled
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


def stopped(keeper: Gatekeeper, candidate: Candidate, coverage: Coverage) -> Rejection | None:
    """The rejection by the first gate that closes; what comes after it is not looked at."""
    for gate in _gates_of(candidate):
        for ruling in gate(keeper.of(candidate), candidate, coverage):
            if ruling.verdict:
                return Rejection(candidate, *ruling.verdict, gate.__name__, ruling.measured)
    return None


def rulings(keeper: Gatekeeper, candidate: Candidate, coverage: Coverage) -> tuple[tuple[str, Ruling], ...]:
    """Every ruling of every gate, also of those after the first that closes, by the gate's name."""
    return tuple(
        (gate.__name__, ruling)
        for gate in _gates_of(candidate)
        for ruling in gate(keeper.of(candidate), candidate, coverage)
    )


def _gates_of(candidate: Candidate) -> tuple[Gate, ...]:
    """The gates that a candidate passes: its authors' own words have some more to pass."""
    return GATES if candidate.sentence.role is None else GATES[:-1] + OWN_WORDS


def status(_: Gatekeeper, candidate: Candidate, __: Coverage) -> Iterator[Ruling]:
    """Retracted and withdrawn work is never cited."""
    source = candidate.source
    verdict: Verdict = None
    note = f": {source.status_note}" if source.status_note else ""
    if source.status is SourceStatus.RETRACTED:
        verdict = Reason.RETRACTED, f"has been retracted{note}"
    elif source.status is SourceStatus.WITHDRAWN:
        verdict = Reason.WITHDRAWN, f"has been withdrawn by its issuer{note}"
    yield ruled("status", source.status.value, "not retracted or withdrawn", verdict)


def species(_: Gatekeeper, candidate: Candidate, __: Coverage) -> Iterator[Ruling]:
    """Animal and in-vitro work, and protocols, never support a clinical claim."""
    rules = tables.load("species")
    source = candidate.source
    mesh = {heading.lower() for heading in source.mesh}
    words = f"{source.title} {candidate.sentence.text}".lower()
    animal = mesh & set(rules["mesh"]) and "humans" not in mesh
    verdict: Verdict = None
    if animal or (tables.cued(rules["words"], words) and not tables.cued(rules["human"], words)):
        verdict = Reason.NON_HUMAN, "studied animals or cells in the laboratory, not people"
    yield ruled("animals or cells", "studied" if verdict else "none", "none", verdict)
    verdict = None
    if tables.cued(rules["protocol"], f"{source.design} {source.title}".lower()):
        verdict = Reason.PROTOCOL_ONLY, "is a protocol: it reports no results yet"
    yield ruled("protocol", "yes" if verdict else "no", "no", verdict)


def topic(keeper: Gatekeeper, _: Candidate, coverage: Coverage) -> Iterator[Ruling]:
    """The question's topic must be in the sentence or in what surrounds it."""
    missing = ", ".join(dict.fromkeys(f"“{term.words}”" for term in coverage.missed))
    kinds = {term.kind for term in coverage.missed}
    if missing:
        other = kinds <= {"drug", "class", "vaccine", "procedure"}
        reason = Reason.WRONG_INTERVENTION if other else Reason.OFF_TOPIC
        yield ruled("heads missed", missing, "none", (reason, f"does not deal with {missing}"))
    else:
        yield ruled("heads missed", "none", "none", None)
    foreign = (Reason.OFF_TOPIC, "is about another condition") if coverage.subject.foreign else None
    yield ruled("opens with", "another condition" if foreign else "no other", "no other", foreign)
    floor = KIN_FLOOR if coverage.kin_only else COVERAGE_FLOOR
    if not keeper.coverer.heads:  # parts of the body and tests only: most of them must be there
        floor = HEADLESS_FLOOR
    enough = (
        at_least("share", coverage.share, floor),
        at_least("core", coverage.core, CORE_FLOOR),
        at_least("topic", coverage.topic, TOPIC_FLOOR),
    )
    little = (Reason.BELOW_FLOOR, "touches too little of the question")
    yield Ruling(enough, None if any(m.passed for m in enough) else little)


_THERAPY = {Intent.TREATMENT, Intent.DOSING, Intent.HARM, Intent.PREVENTION, Intent.OVERVIEW}


def intent(keeper: Gatekeeper, candidate: Candidate, coverage: Coverage) -> Iterator[Ruling]:
    """A dose question wants a dose of that drug; a harm question wants harms."""
    own = keeper.plan.intent
    text = candidate.sentence.text
    if coverage.kin_only and not _THERAPY & set(keeper.plan.intents):
        drugs = [c for c in candidate.annotation.text if keeper.lexicon.concepts[c].kind in {"drug", "class"}]
        name = keeper.lexicon.name(min(drugs)) if drugs else "none"
        unasked = (Reason.WRONG_INTENT, f"is about {name}, which was not asked about") if drugs else None
        yield ruled("drug", name, "none, where only kin is met", unasked)
    named = keeper.plan.concepts("drug", "class", "vaccine")
    dosed = keeper.plan.concepts("drug", "class")
    if own is Intent.DOSING and dosed:
        dose = _DOSE.search(text)
        verdict = None if dose else (Reason.WRONG_INTENT, "states no dose")
        yield ruled("dose", "stated" if dose else "none", "stated", verdict)
    if "drug-level" in keeper.asked and dosed and _AIM.search(keeper.plan.understood.lower()):
        level = _LEVEL.search(text.lower())
        verdict = None if level else (Reason.WRONG_INTENT, "states no level to aim for")
        yield ruled("level", "stated" if level else "none", "stated", verdict)
    if own is Intent.HARM and Intent.TREATMENT not in keeper.plan.intents and named:
        harms = {"harm", "dosing", "monitoring"} & set(candidate.annotation.intents)
        verdict = None if harms else (Reason.WRONG_INTENT, "is about benefit, not about harm or interaction")
        yield ruled("serves", ", ".join(sorted(harms)) or "none", "harm, dosing or monitoring", verdict)


def age(keeper: Gatekeeper, candidate: Candidate, _: Coverage) -> Iterator[Ruling]:
    """Ages are compared as numbers; without numbers, a child is not an adult."""
    asked, band = keeper.plan.age, candidate.sentence.age
    if asked is None:
        return
    if band is not None:
        wrong = None if band.holds(asked) else f"is about ages {band}, not {asked.words}"
        said = str(band)
    else:
        wrong = _unbanded(keeper, candidate, asked)
        said = candidate.sentence.population or candidate.source.population or "not stated"
    yield ruled("age", said, asked.words, (Reason.WRONG_POPULATION, wrong) if wrong else None)


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


def population(keeper: Gatekeeper, candidate: Candidate, _: Coverage) -> Iterator[Ruling]:
    """What a question states of a person (pregnancy, say) must be addressed by the sentence."""
    note, asked = candidate.annotation, keeper.plan.concepts()
    for modifier, answers in tables.load("modifiers")["must_be_addressed"].items():
        if modifier not in asked:
            continue
        name = keeper.lexicon.name(modifier)
        met = sorted(keeper.lexicon.up(note.text | note.context) & set(answers))
        verdict = None if met else (Reason.WRONG_POPULATION, f"does not address {name}")
        yield ruled("addresses", keeper.lexicon.name(met[0]) if met else "not", name, verdict)


def _whom(asked: Age) -> str:
    return (
        f"a child of {asked.words}"
        if asked.words[0].isdigit()
        else f"a{'n' if asked.words[0] in 'ai' else ''} {asked.words}"
    )


_SEVERITY = re.compile(r"\b(mild|moderate|severe|fulminant)(?:ly)?\b")


def severity(keeper: Gatekeeper, candidate: Candidate, _: Coverage) -> Iterator[Ruling]:
    """Advice for severe disease is no advice for mild disease."""
    asked = set(_SEVERITY.findall(keeper.plan.understood.lower()))
    if not asked:
        return
    whom = f"{candidate.sentence.population or ''} {candidate.sentence.text}".lower()
    stated = set(_SEVERITY.findall(whom))
    words, wanted = " or ".join(sorted(stated)), " or ".join(sorted(asked))
    other = (Reason.WRONG_POPULATION, f"is about {words} disease, not {wanted}")
    yield ruled("severity", words or "not stated", wanted, None if not stated or asked & stated else other)


def anatomy(keeper: Gatekeeper, candidate: Candidate, _: Coverage) -> Iterator[Ruling]:
    """The part of the body must fit, by the table of safety rules."""
    detail = anatomy_fault(keeper.plan, candidate, keeper.lexicon)
    verdict = (Reason.WRONG_ANATOMY, detail) if detail else None
    yield ruled("part of the body", "another" if detail else "fits", "fits", verdict)


def role(_: Gatekeeper, candidate: Candidate, __: Coverage) -> Iterator[Ruling]:
    """Methods, aims and sentences that lean on one before them never stand alone."""
    leans = tables.cued(tables.load("species")["dangling"], candidate.sentence.text.lower())
    verdict = (Reason.METHODS_ONLY, "cannot stand alone") if leans else None
    yield ruled("stands alone", "no" if leans else "yes", "yes", verdict)


def intervention(keeper: Gatekeeper, candidate: Candidate, _: Coverage) -> Iterator[Ruling]:
    """What the effect of something was asked on must name that something."""
    if not intervention_of(keeper.plan.understood):
        return
    note, source = candidate.annotation, candidate.source
    about = keeper.lexicon.up(note.text | note.context)
    there = said(f"{candidate.sentence.text} {candidate.sentence.heading or ''} {source.title}")
    missing = unnamed(keeper.plan, there, about)
    verdict = (Reason.WRONG_INTERVENTION, f"does not deal with “{missing}”") if missing else None
    yield ruled("what was given", missing or "named", "named", verdict)


GATES: tuple[Gate, ...] = (
    status,
    species,
    topic,
    intervention,
    intent,
    age,
    population,
    severity,
    anatomy,
    role,
)
