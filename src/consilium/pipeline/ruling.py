"""What every gate is: a rule that looks at one candidate, says what it measured, and may turn it away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from consilium.domain.evidence import Candidate, Reason
from consilium.domain.measure import Measured, Value
from consilium.domain.question import Plan
from consilium.lexicon.concepts import Lexicon
from consilium.pipeline.conditions import Conditions
from consilium.pipeline.coverage import Coverage, Coverer


@dataclass(frozen=True, slots=True)
class Gatekeeper:
    """What every gate may look at; ``asked`` are the question's concepts and what they are kinds of.

    Attributes:
        works: who rules on sentences of works; None where nothing but statements was found.
    """

    plan: Plan
    lexicon: Lexicon
    coverer: Coverer
    conditions: Conditions
    asked: frozenset[str] = frozenset()
    works: Gatekeeper | None = None

    def of(self, candidate: Candidate) -> Gatekeeper:
        """Who rules on a candidate."""
        return self.works or self if candidate.sentence.role is not None else self


def keeper_of(plan: Plan, lexicon: Lexicon) -> Gatekeeper:
    """The gatekeeper for one plan."""
    asked = lexicon.up(frozenset(plan.concepts()))
    return Gatekeeper(plan, lexicon, Coverer(plan, lexicon), Conditions(plan, lexicon), asked)


Verdict = tuple[Reason, str] | None


class Ruling(NamedTuple):
    """One rule of a gate: what it measured, and why the candidate is turned away, if it is.

    Where a rule measures several things, one that passes is enough.
    """

    measured: tuple[Measured, ...]
    verdict: Verdict = None


Gate = Callable[[Gatekeeper, Candidate, Coverage], Iterator[Ruling]]


def ruled(name: str, value: Value, wanted: str, verdict: Verdict) -> Ruling:
    """A rule in words."""
    return Ruling((Measured(name, value, wanted, verdict is None),), verdict)
