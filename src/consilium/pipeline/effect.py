"""What a question on the effect of something asks: of what, beside what, on what outcome; and its other words."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache, lru_cache

from consilium.domain.question import Plan, Term
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


def besides(plan: Plan) -> frozenset[str]:
    """The words of a question that name something beside its concepts: "case management", "nets"."""
    known = {word for term in plan.terms if term.concept for word in said(term.words)}
    elsewhere = outcome_of(plan.understood) | comparator_of(plan.understood)
    return (
        said(plan.understood)
        - known
        - elsewhere
        - _listed("asking", "measures", "usual_care")
        - _wanted(plan)
    )


def _wanted(plan: Plan) -> frozenset[str]:
    """The words by which a question says what it wants: "signs", "treatment"."""
    cues = [cue for row in tables.load("intents") if row["intent"] in plan.intents for cue in row["question"]]
    text = plan.understood.lower()
    return frozenset(
        word for cue in cues for found in re.finditer(cue, text) for word in said(_whole_words(found))
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
