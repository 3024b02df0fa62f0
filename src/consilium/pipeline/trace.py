"""What happened on the way to an answer, for events, ``--explain`` and the reader."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from consilium.domain.article import Abstention, Article, Excluded, Rendering, SupportedClaim
from consilium.domain.evidence import Candidate, Evidence, Rejection
from consilium.domain.question import Plan
from consilium.pipeline.appraise import Appraisal
from consilium.pipeline.compose import Draft
from consilium.ports import Searched

if TYPE_CHECKING:
    from consilium.pipeline.writing.log import Writing


@dataclass(frozen=True, slots=True)
class Event:
    """A stage that has ended: its name, and what it let through and turned away, in words."""

    stage: str
    said: str


@dataclass(frozen=True, slots=True)
class Consulted:
    """What services outside were asked for an answer.

    Attributes:
        sent: all that left this machine: to which host, and the address as it was asked for, without keys.
        found: for each query in turn what it looked for, and the PMIDs that it added.
        unreached: what could not be had and why, a sentence each.
    """

    sent: tuple[tuple[str, str], ...] = ()
    found: tuple[tuple[str, tuple[str, ...]], ...] = ()
    unreached: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything that every stage let through and turned away.

    Attributes:
        plan: the plan that was answered.
        searched_for: the plan that was searched: wider, where nothing covered all of it.
        appraisal: what appraisal measured; None where nothing was searched.
        draft: what was chosen, and why; None where nothing was admitted.
        writing: how it was worded; None where no model was asked.
        consulted: what was asked outside, so that the library holds it now; None where nothing was.
    """

    plan: Plan | None = None
    candidates: tuple[Candidate, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    searched: Searched = field(default_factory=Searched)
    searched_for: Plan | None = None
    appraisal: Appraisal | None = None
    draft: Draft | None = None
    writing: Writing | None = None
    consulted: Consulted | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer: an article with its rendering, or an abstention; and how it came about."""

    result: Article | Abstention
    rendering: Rendering | None
    trace: Trace
    as_of: str
    excluded: tuple[Excluded, ...] = ()
    excluded_total: int = 0
    urgent_notice: str | None = None
    follow_ups: tuple[str, ...] = ()
    generations: dict[str, int] = field(default_factory=dict)
    follows: str | None = None


Step = Event | SupportedClaim | Outcome
