"""What the checks of a claim must never let through or turn away, whatever the numbers; and checks that are no checks."""

from __future__ import annotations

import difflib
import json
from functools import cache
from importlib import resources

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from consilium.adapters import starter
from consilium.adapters.sources.records import sentences_of, source_of
from consilium.domain.evidence import StatementKind
from consilium.evaluation import checks as measuring
from consilium.evaluation.mutations import (
    ADDED,
    COMPARATOR,
    CONDITION,
    DIRECTION,
    DRUG,
    NUMBER,
    PEOPLE,
    REMOVED,
    STRENGTH,
    UNIT,
    chance_of,
    mutants,
)
from consilium.lexicon import concepts
from consilium.pipeline.checks import (
    amounts,
    conditions,
    direction,
    negation,
    people,
    quantities,
    strength,
    terms,
)
from consilium.pipeline.checks.claim import check
from consilium.pipeline.checks.comparators import bounds
from consilium.pipeline.checks.faults import CitedWords, Reason

LEXICON = concepts.load()
FEW = settings(max_examples=60, derandomize=True)
UNITS = ("mg", "g", "micrograms", "mL", "days", "weeks", "%", "mmol/L", "years")
VALUES = st.one_of(st.integers(1, 5000), st.decimals("0.01", "99.99", places=2)).map(str)
AMOUNT_FAULTS = {Reason.NUMBER, Reason.UNIT, Reason.INTERVAL, Reason.COMPARATOR}


def _reasons(text, said):
    return {fault.reason for fault in check(text, [CitedWords(said)], LEXICON, StatementKind.FINDING)}


@cache
def _own():
    shipped = (
        (source_of(record), sentence) for record in starter.records() for sentence in sentences_of(record)
    )
    return tuple(measuring.own(shipped))


@FEW
@given(VALUES, VALUES, st.sampled_from(UNITS))
def test_another_number_is_always_caught_and_an_equal_one_never(one, other, unit):
    said, claim = f"Adults were given {one} {unit} of it.", f"Adults were given {other} {unit} of it."
    assert bool(_reasons(claim, said) & AMOUNT_FAULTS) == (float(one) != float(other))


@FEW
@given(VALUES, st.sampled_from(UNITS), st.sampled_from(UNITS))
def test_another_unit_is_always_caught(value, one, other):
    assume(one != other)
    assert (
        _reasons(f"They were given {value} {other} of it.", f"They were given {value} {one} of it.")
        & AMOUNT_FAULTS
    )


@FEW
@given(st.integers(1, 900), st.integers(1, 900), st.integers(1, 900))
def test_an_interval_is_kept_whole(low, span, other):
    said = f"Treat for {low}-{low + span} days."
    assert not _reasons(f"Treat for {low} to {low + span} days.", said) & AMOUNT_FAULTS
    assume(other not in {span, 0})
    assert _reasons(f"Treat for {low} to {low + other} days.", said) & AMOUNT_FAULTS


@FEW
@given(st.integers(1, 2000))
def test_grams_and_milligrams_convert_exactly(milligrams):
    said = f"They were given {milligrams} mg of it."
    assert not _reasons(f"They were given {milligrams / 1000:.3f} g of it.", said) & AMOUNT_FAULTS


@FEW
@given(st.text(max_size=120), st.text(max_size=120))
def test_no_text_whatever_breaks_a_check(claim, said):
    check(claim, [CitedWords(said, said, said, said)], LEXICON, StatementKind.RECOMMENDATION)


def test_every_statement_that_ships_is_clean_beside_itself():
    wrong = {c.id: found for c in _own() if (found := check(c.text, c.cited, LEXICON, c.kind))}
    assert wrong == {}


def test_the_recommendation_of_a_study_is_faulted_for_nothing_but_that():
    found = set()
    for record in starter.records():
        source = source_of(record)
        for s in sentences_of(record):
            if s.kind is StatementKind.RECOMMENDATION and not source.issues_advice:
                found |= {
                    f.reason for f in check(s.text, [measuring.cited_words(s, source)], LEXICON, s.kind)
                }
    assert found == {Reason.ADVICE}


# One statement in so many: enough of each kind to tell a check from none.
_STEP = 12


@cache
def _corpus():
    """False claims by kind, each with the true one beside which it is caught."""
    found = {}
    for claim in _own()[::_STEP]:
        for mutant in mutants(claim.text, LEXICON, chance_of(0, claim.id)):
            if check(mutant.text, claim.cited, LEXICON, claim.kind):
                found.setdefault(mutant.kind, []).append((mutant.text, claim))
    return found


def _escaped(kind):
    """How many false claims of a kind pass that were caught by the checks as they are."""
    return sum(not check(text, claim.cited, LEXICON, claim.kind) for text, claim in _corpus()[kind])


def _nothing(*_args, **_more):
    return iter(())


def _alike(one, other):
    """A fuzzy gate: amounts whose words are nine tenths the same."""
    return difflib.SequenceMatcher(None, one.words, other.words).ratio() >= 0.6 or one.bare == other.bare


def _turned_off(module, name="faults"):
    return lambda patch: patch.setattr(module, name, _nothing)


def _fuzzy(patch):
    patch.setattr(quantities.Quantity, "equals", _alike)


def _unitless(patch):
    patch.setattr(quantities.Quantity, "equals", lambda one, other: one.bare == other.bare)


def _uncompared(patch):
    patch.setattr(quantities.comparators, "bounds", lambda *_: frozenset("="))


def _same_sense(patch):
    real = negation.scopes
    patch.setattr(negation, "scopes", lambda said, cue: real(said, cue)[:0])


def _everything_is_advice(patch):
    patch.setattr(strength, "_allowed", lambda *_: strength.MUST)


BROKEN = {
    "numbers that are nearly the same": (NUMBER, _fuzzy),
    "numbers without their units": (UNIT, _unitless),
    "numbers without their comparators": (COMPARATOR, _uncompared),
    "no check of amounts": (NUMBER, _turned_off(amounts)),
    "no negation seen": (REMOVED, _same_sense),
    "no negation counted": (ADDED, _turned_off(negation)),
    "no check of direction": (DIRECTION, _turned_off(direction)),
    "no check of people": (PEOPLE, _turned_off(people)),
    "no check of names": (DRUG, _turned_off(terms)),
    "any advice as firm as any other": (STRENGTH, _everything_is_advice),
    "no check of conditions": (CONDITION, _turned_off(conditions)),
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_corpus_catches_a_check_that_is_none(name, monkeypatch):
    kind, break_it = BROKEN[name]
    assert _escaped(kind) == 0
    break_it(monkeypatch)
    assert _escaped(kind) > 0


def test_a_comparator_is_read_on_both_sides():
    assert bounds("at least 5 mg", 9, 13, "g") == bounds("5 mg or more", 0, 4, "g") == frozenset("≥")


def test_the_paraphrases_are_of_statements_that_ship_and_none_is_the_statement_itself():
    shipped = {claim.id: claim.text for claim in _own()}
    lines = (
        resources.files("consilium.evaluation").joinpath("paraphrases.jsonl").read_text("utf-8").splitlines()
    )
    items = [json.loads(line) for line in lines]
    assert len(items) >= 150
    assert [item["of"] for item in items if shipped.get(item["of"], item["text"]) == item["text"]] == []
