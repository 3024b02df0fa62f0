"""Gates for sentences in their authors' words: whole, on the point asked, and saying what was found.

A statement of a curated record was written to stand alone; a sentence of an abstract was not. So it is held to more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from consilium.domain.evidence import Candidate, Reason, StatementKind
from consilium.domain.measure import at_least
from consilium.domain.question import Intent, Plan, Term
from consilium.domain.role import Role
from consilium.lexicon.concepts import Lexicon
from consilium.lexicon.normalise import fold
from consilium.pipeline import tables
from consilium.pipeline.abbreviations import expanded, unspelt
from consilium.pipeline.coverage import HEADS, Coverage, in_words
from consilium.pipeline.effect import (
    EFFECTIVE,
    INTERVENTIONS,
    besides,
    comparator_of,
    given,
    outcome_of,
    said,
)
from consilium.pipeline.leaning import hangs
from consilium.pipeline.ruling import Gatekeeper, Ruling, ruled
from consilium.pipeline.wholeness import doses, is_of_a_list, is_whole

_ENGLISH = {None, "eng", "en", "und", "mul"}
# What only describes whom, where or what for is weighed by coverage.
_SETTING = frozenset({"population", "setting", "anatomy", "outcome", "ordinary"})
_ANYBODY = frozenset({"adult", "people", "patient", "human", "older-adult"})
# What a finding has to speak of if that is asked for: "what are the signs of tetanus?"
_TOLD_BY_WORDS = frozenset(
    {Intent.SIGNS, Intent.DIAGNOSIS, Intent.IMAGING, Intent.SCREENING, Intent.DOSING, Intent.DEFINITION}
)
# What no advice answers, unless it speaks of it.
_DESCRIBED = frozenset({Intent.SIGNS, Intent.DEFINITION, Intent.AETIOLOGY})
_GIVEN = frozenset({"drug", "vaccine"})
# A heading over what is wanted, not over what to do.
_AIMS = re.compile(r"\b(?:goals?|aims?|objectives?)$", re.IGNORECASE)
_SAID = 0.7  # of the words of an outcome
_UNKNOWN = 0.5  # of the words of a question that no concept accounts for


def language(_: Gatekeeper, candidate: Candidate, __: Coverage) -> Iterator[Ruling]:
    """What is not in English is not read by this lexicon."""
    known = candidate.source.language in _ENGLISH
    verdict = None if known else (Reason.LANGUAGE, f"is in another language ({candidate.source.language})")
    yield ruled("language", candidate.source.language or "not stated", "English", verdict)


def animals(_: Gatekeeper, candidate: Candidate, __: Coverage) -> Iterator[Ruling]:
    """What the record of a work says of its species."""
    rules, title = tables.load("own_words"), candidate.source.title.lower()
    named = tables.cued(rules["animals"], title) and not tables.cued(rules["not_animals"], title)
    animal = candidate.source.species == "animal" or named
    verdict = (Reason.NON_HUMAN, "studied animals or cells in the laboratory, not people") if animal else None
    said_ = "animal" if animal else candidate.source.species or "not stated"
    yield ruled("species", said_, "not animal", verdict)


def whole(keeper: Gatekeeper, candidate: Candidate, __: Coverage) -> Iterator[Ruling]:
    """Headings, cells of tables and sentences that a splitter cut are no sentences to show."""
    whole_ = is_whole(candidate.sentence.text) or is_of_a_list(candidate)
    verdict = None if whole_ else (Reason.METHODS_ONLY, "is no sentence that can be shown by itself")
    yield ruled("a whole sentence", "yes" if whole_ else "no", "yes", verdict)
    if candidate.source.issues_advice and doses(candidate.sentence.text):
        kinds = {keeper.lexicon.concepts[concept].kind for concept in candidate.annotation.text}
        verdict = None if kinds & _GIVEN else (Reason.METHODS_ONLY, "gives a dose and does not name the drug")
        yield ruled("drug of a dose", "named" if kinds & _GIVEN else "none", "named", verdict)


def finds(_: Gatekeeper, candidate: Candidate, __: Coverage) -> Iterator[Ruling]:
    """Aims, methods and plans say nothing of what was found."""
    rules, lowered = tables.load("own_words"), candidate.sentence.text.lower()
    role_ = candidate.sentence.role or Role.OTHER
    verdict = None
    planned = tables.cued(rules["to_come"], lowered) or tables.cued(
        rules["plans"], candidate.source.title.lower()
    )
    if planned and candidate.sentence.kind is not StatementKind.RECOMMENDATION:
        verdict = Reason.PROTOCOL_ONLY, "says what a study will do: it reports no results yet"
    elif not role_.may_be_cited or tables.cued(
        rules["elsewhere" if candidate.source.issues_advice else "no_finding"], lowered
    ):
        verdict = Reason.METHODS_ONLY, "says how something was studied, not what was found"
    yield ruled("says what was found", "no" if verdict else "yes", "yes", verdict)


def stands_alone(keeper: Gatekeeper, candidate: Candidate, _: Coverage) -> Iterator[Ruling]:
    """What hangs on a sentence before it is shown with that, or not at all; so is a short form that nobody spells out."""
    sentence = candidate.sentence
    loose = hangs(sentence, candidate.work)
    verdict = (Reason.METHODS_ONLY, "hangs on what was said before it") if loose else None
    yield ruled("stands alone", "no" if loose else "yes", "yes", verdict)
    shorts = unspelt(sentence, candidate.source, keeper.lexicon)
    never = [short for short in shorts if short not in expanded(shorts, candidate.work)]
    verdict = (Reason.METHODS_ONLY, f"uses {', '.join(never)} and never says what that is") if never else None
    yield ruled("short forms", ", ".join(never) or "spelt out", "spelt out", verdict)


def on_the_point(keeper: Gatekeeper, candidate: Candidate, _: Coverage) -> Iterator[Ruling]:
    """A sentence names what was asked of it: a title that does makes no finding of its work an answer."""
    shown = (candidate.sentence.id, *candidate.sentence.pairs_with)
    named = said(" ".join(one.text for one in candidate.work if one.id in shown) or candidate.sentence.text)
    note, plan = candidate.annotation, keeper.plan
    asked = [t for t in plan.terms if t.kind not in _SETTING and (not t.context or given(t, plan))]
    missed = _missed(asked, candidate, keeper.lexicon)
    verdict = (Reason.OFF_TOPIC, f"does not deal with {missed}") if missed else None
    yield ruled("names or is titled", missed or "all", "all that was asked about", verdict)
    heads = [t for t in asked if t.kind in HEADS]
    if heads and not candidate.source.issues_advice:  # a guideline names its topic in its headings
        own = sum(_named(term, note.text, named, keeper.lexicon) for term in heads)
        verdict = None if own else (Reason.OFF_TOPIC, "does not itself name what was asked about")
        yield ruled("named in the sentence", str(own), "1 or more", verdict)
    wanted = besides(plan)
    if wanted:
        there = named | said(f"{candidate.source.title} {candidate.sentence.heading or ''}")
        enough = at_least("other words met", _share(wanted, there), _UNKNOWN)
        verdict = None if enough.passed else (Reason.BELOW_FLOOR, "touches too little of the question")
        yield Ruling((enough,), verdict)
    if EFFECTIVE.search(plan.understood):
        tells = tables.cued(tables.load("own_words")["effect"], candidate.sentence.text.lower())
        verdict = None if tells else (Reason.METHODS_ONLY, "does not say what the effect was")
        yield ruled("says of an effect", "yes" if tells else "no", "yes", verdict)
    yield from _on_the_outcome(keeper, candidate)


def serves(keeper: Gatekeeper, candidate: Candidate, _: Coverage) -> Iterator[Ruling]:
    """Text around advice answers only what it speaks of: where snakes live treats no bite. So do findings, of signs."""
    own, advises = keeper.plan.intent, candidate.sentence.kind is StatementKind.RECOMMENDATION
    around = candidate.source.issues_advice and not advises
    if not around and own not in (_DESCRIBED if candidate.source.issues_advice else _TOLD_BY_WORDS):
        return
    wanted = {intent.value for intent in (*keeper.plan.intents, *keeper.plan.companions)}
    served = set() if _AIMS.search(candidate.sentence.heading or "") else set(candidate.annotation.intents)
    open_ = own is Intent.OVERVIEW or bool(served & wanted)
    verdict = None if open_ else (Reason.WRONG_INTENT, "says nothing of what was asked of its subject")
    yield ruled("serves", ", ".join(sorted(served)) or "no intent", "what was asked", verdict)


def _share(wanted: frozenset[str], there: frozenset[str]) -> float:
    return round(sum(in_words(word, there) for word in wanted) / len(wanted), 4)


def _on_the_outcome(keeper: Gatekeeper, candidate: Candidate) -> Iterator[Ruling]:
    """Where the effect on something was asked, a sentence says what it was, on that and beside something else."""
    wanted, rules = outcome_of(keeper.plan.understood), tables.load("own_words")
    if not wanted:
        return
    enough = at_least("words of the outcome", outcome_share(keeper.plan, candidate), _SAID)
    yield Ruling((enough,), None if enough.passed else (Reason.OFF_TOPIC, "is about another outcome"))
    lowered = candidate.sentence.text.lower()
    tells = tables.cued(rules["effect"], lowered)
    verdict = None if tells else (Reason.METHODS_ONLY, "does not say what the effect was")
    yield ruled("says of an effect", "yes" if tells else "no", "yes", verdict)
    within = tables.cued(rules["within"], lowered) and not tables.cued(rules["between"], lowered)
    verdict = (
        (Reason.METHODS_ONLY, "tells a change in every group, not the effect of one") if within else None
    )
    yield ruled("compares", "each group with itself" if within else "groups", "groups", verdict)
    beside = comparator_of(keeper.plan.understood)
    named = said(f"{candidate.sentence.text} {candidate.source.title}")
    if beside and not any(in_words(word, named) for word in beside):
        other = (Reason.WRONG_INTERVENTION, "compares with something else")
        yield ruled("compared with", "something else", "what was asked", other)


def outcome_share(plan: Plan, candidate: Candidate) -> float:
    """The share of the words of the outcome asked about that a sentence has, in these words or by their meaning."""
    wanted, named = outcome_of(plan.understood), said(candidate.sentence.text)
    meant = {
        word for term in plan.terms if term.concept in candidate.annotation.text for word in said(term.words)
    }
    for alike in tables.load("own_words")["alike"]:
        if named & set(alike):
            meant |= set(alike)
    met = sum(in_words(word, named) or word in meant for word in wanted)
    return round(met / len(wanted), 4) if wanted else 1.0


def _missed(asked: Sequence[Term], candidate: Candidate, lexicon: Lexicon) -> str:
    """What of a question neither a sentence nor what stands around it names; alternatives count as one."""
    note = candidate.annotation
    met = [_named(term, note.text | note.context, note.words, lexicon) for term in asked]
    groups = {t.either for t, one in zip(asked, met, strict=True) if one and t.either is not None}
    parts: dict[int, list[str]] = {}
    for term, one in zip(asked, met, strict=True):
        lacking = parts.setdefault(term.part, [])
        if not one and term.concept and (term.either is None or term.either not in groups):
            lacking.append(f"“{term.words}”")
    of_all = parts.pop(-1, [])
    least = min(parts.values(), key=len, default=[])
    return ", ".join(dict.fromkeys([*of_all, *least]))


def _named(term: Term, concepts: frozenset[str], words: frozenset[str], lexicon: Lexicon) -> bool:
    if term.concept is None:
        return in_words(fold(term.words), words)
    kin = () if term.kind in INTERVENTIONS else lexicon.concepts[term.concept].compatible
    near = {term.concept, *kin}
    return bool(near & lexicon.up(concepts)) or all(in_words(fold(w), words) for w in term.words.split())


def people(keeper: Gatekeeper, candidate: Candidate, _: Coverage) -> Iterator[Ruling]:
    """Whom a question is about, a work is about: a trial in adults is none in adolescents."""
    asked = sorted(set(keeper.plan.population) - _ANYBODY)
    note = candidate.annotation
    there = keeper.lexicon.up(note.text | note.context)
    if asked:
        names = " or ".join(keeper.lexicon.name(one) for one in asked)
        verdict = None if set(asked) & there else (Reason.WRONG_POPULATION, f"does not address {names}")
        yield ruled("addresses", "others" if verdict else names, names, verdict)


OWN_WORDS = (language, animals, whole, finds, stands_alone, people, on_the_point, serves)
