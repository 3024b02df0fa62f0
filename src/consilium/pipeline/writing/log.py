"""How an article came to be worded: every call, what was kept, what was tried and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from consilium.pipeline.writing.desk import Call, Fallback
from consilium.pipeline.writing.select import Selected


@dataclass(frozen=True, slots=True)
class Tried:
    """One proposal with all that was said of it.

    Attributes:
        reasons: the codes of the rules that it broke, or the judgement on it.
        fate: "stands", "repaired", "dropped", "said already", or "quoted instead".
    """

    text: str
    sentences: tuple[str, ...]
    section: str
    reasons: tuple[str, ...]
    fate: str


@dataclass(frozen=True, slots=True)
class Reworded:
    """What wording for another audience came to: how many claims, and how hard it is to read.

    Attributes:
        kept: how many claims were worded by the model, of ``asked``.
        ari: the automated readability index of the whole, a United States school grade.
        coleman_liau: the Coleman-Liau index, likewise.
        reasons: why a wording was not used, by claim id.
    """

    audience: str
    asked: int
    kept: int
    ari: float
    coleman_liau: float
    reasons: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Writing:
    """The part of the trace that tells of the model.

    Attributes:
        by: the model, as configured.
        used: whether any claim of the article is in its words.
        sent_to: the host that was asked; None where it is this machine.
        sent: how many passages were sent.
        flagged: sentences that read as if meant for a machine, with the reason; none was sent.
    """

    by: str
    used: bool = False
    calls: tuple[Call, ...] = ()
    fallbacks: tuple[Fallback, ...] = ()
    sent_to: str | None = None
    sent: int = 0
    selected: tuple[Selected, ...] = ()
    left: Mapping[str, str] = field(default_factory=dict)
    tried: tuple[Tried, ...] = ()
    flagged: Mapping[str, str] = field(default_factory=dict)
    reworded: Reworded | None = None

    @property
    def tokens_in(self) -> int:
        """How many tokens were sent in all."""
        return sum(call.tokens_in for call in self.calls)

    @property
    def tokens_out(self) -> int:
        """How many tokens came back in all."""
        return sum(call.tokens_out for call in self.calls)

    @property
    def seconds(self) -> float:
        """How long was waited for replies."""
        return sum(call.seconds for call in self.calls)

    @property
    def cost(self) -> float | None:
        """What was spent in US dollars; None where no price is known."""
        known = [call.cost for call in self.calls if call.cost is not None]
        return sum(known) if known else None
