"""Which amount belongs to what: the figure of one arm does not become that of the other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from consilium.pipeline.checks.alignment import Saying, closest, saying
from consilium.pipeline.checks.faults import Fault, Reason
from consilium.pipeline.checks.quantities import Quantity, quantities
from consilium.pipeline.checks.wording import Wording

# "5.3% (198/3747) died with placebo": what an amount is said of.
_WITH = re.compile(
    r"(?:\s?\([^()]*\))?(?: [a-z]+)?(?: of [a-z]+)? (?:with|in|for|on|after|under|among) (?:an? |the )?"
)
_LONG = 2
_MEASURE = (
    r"(sensitiv|specific|positive predictive|negative predictive|median|mean|hazard ratio|odds ratio|risk "
    r"ratio)"
)
_BEFORE = re.compile(
    rf"\b{_MEASURE}\w*(?: value)?(?: only| pooled| about| of| was| is| were|[:=,]| \([a-z]+\))*\s?$"
)
_BEHIND = re.compile(rf" {_MEASURE}")
# How much closer another amount of the same kind has to be before the claim's is taken to be moved.
_MARGIN = 2.0


def faults(claim: Wording, cited: Sequence[Wording]) -> Iterator[Fault]:
    """Amounts of a claim whose words stand, in its sentences, around another amount of the same unit."""
    yield from _other_arm(claim, cited)
    yield from _other_measure(claim, cited)
    theirs = [(q, made) for said in cited for q, made in _placed(said)]
    for quantity, here in _placed(claim):
        same = [made for q, made in theirs if quantity.equals(q)]
        other = [made for q, made in theirs if not quantity.equals(q) and _kind(q) == _kind(quantity)]
        if same and closest(here, other) > max(_MARGIN * closest(here, same), 0.5):
            nearest = max(other, key=here.closeness)
            yield Fault(
                Reason.MOVED,
                f"What the claim says of “{quantity.words}” the source says of “{nearest.words}”.",
            )


def _other_arm(claim: Wording, cited: Sequence[Wording]) -> Iterator[Fault]:
    """Amounts "with X" that its sentences give with Y, while another amount is theirs with X."""
    theirs = [(q, arm) for said in cited for q, arm in _arms(said)]
    for quantity, arm in _arms(claim):
        own = [there for q, there in theirs if quantity.equals(q)]
        other = [
            q for q, there in theirs if not quantity.equals(q) and q.unit == quantity.unit and arm & there
        ]
        if own and other and not any(arm & there for there in own):
            yield Fault(
                Reason.MOVED, f"The source gives “{other[0].words}” where the claim gives “{quantity.words}”."
            )


def _arms(said: Wording) -> Iterator[tuple[Quantity, frozenset[str]]]:
    """Each amount that is said of something right behind it: "7.7% with apixaban"."""
    for quantity in quantities(said.text):
        found = _WITH.match(said.text, quantity.end)
        behind = [w for w in said.words if found and w.start >= found.end()][:_LONG]
        arm = frozenset[str]().union(
            *(w.keys for w in behind if behind and w.clause == behind[0].clause and w.carries)
        )
        if arm:
            yield quantity, arm


def _other_measure(claim: Wording, cited: Sequence[Wording]) -> Iterator[Fault]:
    """A sensitivity that became a specificity."""
    theirs = [(q, name) for said in cited for q, name in _measures(said)]
    for quantity, name in _measures(claim):
        own = {there for q, there in theirs if quantity.equals(q)}
        if own and name not in own:
            yield Fault(
                Reason.MOVED,
                f"“{quantity.words}” is another measure in the source: {', '.join(sorted(own))}.",
            )


def _measures(said: Wording) -> Iterator[tuple[Quantity, str]]:
    for quantity in quantities(said.text):
        found = _BEFORE.search(said.text[: quantity.start]) or _BEHIND.match(said.text[quantity.end :])
        if found:
            yield quantity, found[1]


def _kind(quantity: Quantity) -> str:
    return "rate" if quantity.unit.startswith(("per ", "every")) else quantity.unit


def _placed(said: Wording) -> Iterator[tuple[Quantity, Saying]]:
    for quantity in quantities(said.text):
        inside = [n for n, w in enumerate(said.words) if quantity.start <= w.start < quantity.end]
        year = not quantity.unit and 1900 <= quantity.low <= 2100
        if inside and not year:
            yield quantity, saying(said, inside[0], inside[-1] + 1, quantity.words)
