"""Claims beside the sentences that support them, contradict them or leave them open: what the rules let through.

Source of the form: Wadden et al., Fact or Fiction: Verifying Scientific Claims (SciFact, 2020). The rules are
those that the product has. They may reject a claim, and never certify one: what passes is not thereby supported.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from statistics import fmean
from typing import Any

from consilium.domain.evidence import StatementKind
from consilium.errors import MalformedCollection
from consilium.evaluation.bootstrap import Interval, interval
from consilium.evaluation.jsonl import objects
from consilium.lexicon.concepts import Lexicon
from consilium.pipeline import fidelity
from consilium.pipeline.checks.claim import check
from consilium.pipeline.checks.faults import CitedWords

SUPPORTED, CONTRADICTED, OPEN, UNRELATED = (
    "supported",
    "contradicting",
    "not enough information",
    "hard negative",
)
KINDS = (SUPPORTED, CONTRADICTED, OPEN, UNRELATED)
_LABELS = {"SUPPORT": SUPPORTED, "CONTRADICT": CONTRADICTED}
_CLOSEST = (
    3  # sentences of an abstract without evidence that stand for it: as many as the longest rationales have
)
HARDEST = 3  # documents a claim
_WORD = re.compile(r"\w{4,}")

Abstracts = Mapping[str, Sequence[str]]
Rule = Callable[[Sequence[str], str], bool]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The sentences of one abstract that speak for or against a claim."""

    document: str
    kind: str
    sentences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim, with the abstracts that it cites and what is evidence in them."""

    id: str
    text: str
    split: str
    cited: tuple[str, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim beside sentences, and how they stand to each other."""

    claim: str
    text: str
    sentences: tuple[str, ...]
    kind: str


def abstracts(file: Path) -> dict[str, tuple[str, ...]]:
    """The sentences of every abstract, by its id.

    Raises:
        MalformedCollection: the file cannot be read, or an abstract is not cut into sentences.
    """
    found = {}
    for where, item in objects(file):
        more = item.get("metadata")
        cut = more.get("sentences") if isinstance(more, dict) else None
        if not isinstance(cut, list) or not all(isinstance(sentence, str) for sentence in cut):
            raise MalformedCollection(f"{where} has no list of `sentences` in its `metadata`.")
        found[str(item.get("_id"))] = tuple(cut)
    return found


def claims(file: Path, known: Abstracts) -> list[Claim]:
    """The claims of a file.

    Raises:
        MalformedCollection: the file cannot be read, or a line is no claim over these abstracts.
    """
    return [_claim(where, item, known) for where, item in objects(file)]


def _claim(where: str, item: Mapping[str, Any], known: Abstracts) -> Claim:
    try:
        evidence = tuple(
            Evidence(str(part["doc"]), _LABELS[part["label"]], tuple(part["sentences"]))
            for part in item["evidence"]
        )
        made = Claim(
            str(item["_id"]), item["claim"], item.get("split", ""), tuple(map(str, item["cited"])), evidence
        )
        for part in evidence:
            if not all(0 <= place < len(known[part.document]) for place in part.sentences):
                raise IndexError  # noqa: TRY301 - one message for all that a claim can lack
    except (KeyError, TypeError, AttributeError, IndexError):
        raise MalformedCollection(
            f"{where} is no claim: it needs `_id`, `claim`, `cited`, and `evidence` whose `doc`, `label` (SUPPORT "
            "or CONTRADICT) and `sentences` are in the corpus."
        ) from None
    if not isinstance(made.text, str) or not made.text.strip():
        raise MalformedCollection(f"{where}: the claim {made.id} is empty.")
    return made


def pairs(
    asked: Iterable[Claim], known: Abstracts, search: Callable[[str, int], Sequence[tuple[str, float]]]
) -> Iterator[Pair]:
    """Each claim beside its evidence; beside what it cites without evidence; beside what merely sounds alike.

    Args:
        search: finds the documents that a claim's words find, best first.
    """
    for claim in asked:
        by_document: dict[tuple[str, str], set[int]] = defaultdict(set)
        for part in claim.evidence:
            by_document[part.document, part.kind] |= set(part.sentences)
        for (document, kind), places in by_document.items():
            read = tuple(known[document][place] for place in sorted(places))
            yield Pair(claim.id, claim.text, read, kind)
        own = {part.document for part in claim.evidence} | set(claim.cited)
        if not claim.evidence:
            for document in claim.cited:
                if document in known:
                    yield Pair(claim.id, claim.text, closest(claim.text, known[document]), OPEN)
        for document in _hardest(claim, own, known, search):
            yield Pair(claim.id, claim.text, closest(claim.text, known[document]), UNRELATED)


def _hardest(
    claim: Claim,
    own: Collection[str],
    known: Abstracts,
    search: Callable[[str, int], Sequence[tuple[str, float]]],
) -> list[str]:
    found = [name for name, _ in search(claim.text, HARDEST + len(own)) if name not in own and name in known]
    return found[:HARDEST]


def closest(claim: str, sentences: Sequence[str]) -> tuple[str, ...]:
    """The sentences that share the most words with a claim, in their order."""
    words = set(_WORD.findall(claim.lower()))
    shared = [-len(words & set(_WORD.findall(sentence.lower()))) for sentence in sentences]
    best = sorted(range(len(sentences)), key=lambda place: (shared[place], place))[:_CLOSEST]
    return tuple(sentences[place] for place in sorted(best))


def rules(lexicon: Lexicon) -> dict[str, Rule]:
    """The checks of the product, each as: does the claim pass beside these sentences?"""
    drugs = lru_cache(maxsize=None)(lambda text: fidelity.drugs_in(text, lexicon))
    return {
        "word for word": lambda read, claim: claim in read,
        "no number or drug beyond": lambda read, claim: not any(fidelity.beyond(read, claim, drugs)),
        "same numbers, drugs, negations": lambda read, claim: (
            not any(fidelity.altered(" ".join(read), claim, drugs))
        ),
        "no departure": lambda read, claim: not any(fidelity.departures(" ".join(read), claim, lexicon)),
        "no fault": lambda read, claim: (
            not check(claim, [CitedWords(s) for s in read], lexicon, StatementKind.FINDING)
        ),
    }


def passing(found: Iterable[Pair], rule: Rule, seed: int) -> dict[str, Interval]:
    """The share that a rule lets through, by kind; a claim counts once, however many abstracts it has."""
    told: dict[str, dict[str, list[bool]]] = {kind: defaultdict(list) for kind in KINDS}
    for pair in found:
        told[pair.kind][pair.claim].append(rule(pair.sentences, pair.text))
    return {
        kind: interval([fmean(passed) for passed in by_claim.values()], seed)
        for kind, by_claim in told.items()
        if by_claim
    }
