"""Which amount belongs to what: the figure of one arm does not become that of the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from consilium.pipeline.checks.alignment import Saying, closest, saying
from consilium.pipeline.checks.faults import Fault, Reason
from consilium.pipeline.checks.quantities import Quantity, quantities
from consilium.pipeline.checks.wording import Wording

# How much closer another amount of the same kind has to be before the claim's is taken to be moved.
_MARGIN = 2.0


def faults(claim: Wording, cited: Sequence[Wording]) -> Iterator[Fault]:
    """Amounts of a claim whose words stand, in its sentences, around another amount of the same unit."""
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


def _kind(quantity: Quantity) -> str:
    return "rate" if quantity.unit.startswith(("per ", "every")) else quantity.unit


def _placed(said: Wording) -> Iterator[tuple[Quantity, Saying]]:
    for quantity in quantities(said.text):
        inside = [n for n, w in enumerate(said.words) if quantity.start <= w.start < quantity.end]
        if inside:
            yield quantity, saying(said, inside[0], inside[-1] + 1, quantity.words)
