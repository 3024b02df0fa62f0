"""What a question on the effect of something asks: of what, beside what, on what outcome; and its other words."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache, lru_cache

from consilium.domain.question import Intent, Plan, Term
from consilium.lexicon.normalise import fold, tokens
from consilium.pipeline import tables
from consilium.pipeline.terms import DENIED

_OUTCOME = re.compile(
    r"\b(?:effects?|impact|influence) (?:of|that) .+ (?:on|upon) (?P<what>[^?]+?)\??\s*$|"
    r"\b(?:reduc|increas|improv|prevent|lower|rais|affect|decreas|shorten|prolong|reliev|eas|delay)(?:e|es|s)? (?P<that>[^?]+?)"
    r"(?: (?:in|among|after|during|for|with|compared|than|at) [^?]*)?\??\s*$",
    re.IGNORECASE,
)
EFFECTIVE = re.compile(
    r"\b(?:effective|effectiveness|efficacy|efficacious|helps?|works?|benefits?|better|superior)\b",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    r"\b(?:compared (?:with|to)|versus|vs\.?|rather than|instead of) (?P<what>[^,?]+?)(?: (?:on|in|for|after) |[,?]|$)",
    re.IGNORECASE,
)
_EFFECT_OF = re.compile(
    r"\b(?:effects?|impact|influence|effectiveness|efficacy|benefits?) of (?P<what>.+?) (?:on|upon|in|for|against|among)\b",
    re.IGNORECASE,
)
_DOES_IT = re.compile(
    r"^(?:do|does|can|could|will|would|may|is|are) (?P<what>.+?) (?:effective|help|helps|work|works|reduce|reduces|prevent|"
    r"prevents|improve|improves|relieve|relieves|lower|lowers|increase|increases|beneficial|useful|better)\b",
    re.IGNORECASE,
)
# What a statement has to name by the rule of topics already, and what makes a question one on a disease.
_HELD_TO = frozenset({"drug", "class", "vaccine", "procedure", "condition", "sign", "organism", "test"})
INTERVENTIONS = frozenset({"drug", "class", "vaccine", "procedure", "behaviour", "device"})


@lru_cache(maxsize=4096)
def said(text: str) -> frozenset[str]:
    """The folded words of a sentence."""
    return frozenset(token.folded for token in tokens(text))


@lru_cache(maxsize=1024)
def outcome_of(text: str) -> frozenset[str]:
    """The words of the outcome that a question asks the effect on; none where it names none."""
    match = _OUTCOME.search(text)
    if not match:
        return frozenset()
    words = [token.folded for token in tokens(match["what"] or match["that"]) if len(token.folded) > 1]
    measures = _listed("measures")
    telling = frozenset(word for word in words if word not in measures and not word[0].isdigit())
    return telling or frozenset(words)


def without_usual(plan: Plan) -> Plan:
    """A plan in which a comparator that goes without saying, as placebo does, is no topic of its own."""
    match = _COMPARED.search(plan.understood)
    usual = _listed("usual_care")
    if not match:
        return plan
    terms = tuple(
        replace(t, context=True) if t.words in match["what"] and said(t.words) <= usual else t
        for t in plan.terms
    )
    return replace(plan, terms=terms)


@lru_cache(maxsize=1024)
def comparator_of(text: str) -> frozenset[str]:
    """The words of what a question compares with; none where that is nothing, or goes without saying."""
    match = _COMPARED.search(text)
    if not match:
        return frozenset()
    words = frozenset(t.folded for t in tokens(match["what"]) if len(t.folded) > 1)
    return words - _listed("measures", "usual_care")


@lru_cache(maxsize=1024)
def intervention_of(text: str) -> str:
    """What a question asks the effect of, in its words; empty where it asks no such thing."""
    match = _EFFECT_OF.search(text) or _DOES_IT.search(text)
    return match["what"] if match else ""


def unnamed(plan: Plan, there: frozenset[str], concepts: frozenset[str]) -> str:
    """What the effect was asked of and a statement names neither by concept nor by word; empty where it does.

    Drugs, vaccines and procedures are topics, which other rules ask for; here it is what is no topic of its
    own: "exercise", "insecticide-treated nets".

    Args:
        there: the folded words of a statement and of its title.
        concepts: what it is about, with what that is a kind of.
    """
    what = intervention_of(plan.understood)
    if not what:
        return ""
    inside = [term for term in plan.terms if term.concept and term.words in what]
    if any(term.kind in _HELD_TO for term in inside):
        return ""
    named = [term for term in inside if term.kind in INTERVENTIONS]
    if any(term.concept in concepts for term in named):
        return ""
    if named:
        return named[0].words
    wanted = said(what) & besides(plan)
    return what if wanted and not wanted & there else ""


def besides(plan: Plan) -> frozenset[str]:
    """The words of a question that name something beside its concepts: "case management", "nets"."""
    known = {word for term in plan.terms if term.concept for word in said(term.words)}
    elsewhere = outcome_of(plan.understood) | comparator_of(plan.understood)
    return (
        said(plan.understood)
        - known
        - elsewhere
        - _listed("asking", "measures", "usual_care")
        - _wanted(plan.understood, plan.intents)
    )


@lru_cache(maxsize=1024)
def _wanted(text: str, intents: tuple[Intent, ...]) -> frozenset[str]:
    """The words by which a question says what it wants: "signs", "treatment"."""
    asked = set(intents) - {Intent.TREATMENT}  # "case management" is given, as well as asked for
    cues = [cue for row in tables.load("intents") if row["intent"] in asked for cue in row["question"]]
    return frozenset(
        word
        for cue in cues
        for found in tables.pattern(cue).finditer(text.lower())
        for word in said(_whole_words(found))
    )


def _whole_words(found: re.Match[str]) -> str:
    """What a cue found, to the ends of its words."""
    before, after = found.string[: found.start()], found.string[found.end() :]
    return re.split(r"\s", before)[-1] + found[0] + re.split(r"\s", after)[0]


@cache
def _listed(*names: str) -> frozenset[str]:
    rules = tables.load("own_words")
    return frozenset(fold(word) for name in names for word in rules[name].split())


def given(term: Term, plan: Plan) -> bool:
    """Whether a term that a statement may do without is what was given: a finding without it is on something else."""
    before = plan.understood[: plan.understood.find(term.words)].lower()
    if said(term.words) <= _listed("usual_care"):
        return False
    return term.kind in INTERVENTIONS and not DENIED.search(before)
