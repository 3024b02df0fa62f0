"""Who works on a run: claimed by one conditional UPDATE, held by a lease, given back or taken over.

A claim is fenced by worker *and* attempt: whoever has lost a run (it was paused, its machine slept)
finds no row that is still its own and cannot write another word. Leases are read and set by the
database's clock, so that machines whose clocks differ agree. If that clock jumps back, leases lie
in the far future; one that lies further ahead than anybody would set it counts as run out.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from consilium.site.articles.models import Article, Run, RunEvent, State

RESUMED = "resumed"
TAKEN_OVER = "Taken over by another worker, because the first one no longer answers"


class Superseded(Exception):
    """The run is no longer this worker's: another has taken it over, or it has ended."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How long a claim lasts.

    Attributes:
        lease: after this long without a sign of life, a run is anybody's again.
        beat: seconds between two signs of life.
        attempts: how often a run is begun before it is given up.
    """

    lease: datetime.timedelta = datetime.timedelta(seconds=20)
    beat: float = 5.0
    attempts: int = 4


TERMS = Terms()


def free(terms: Terms = TERMS) -> Q:
    """The condition under which a run waits for a worker."""
    abandoned = Q(lease__isnull=True) | Q(lease__lt=Now()) | Q(lease__gt=Now() + 2 * terms.lease)
    return Q(state=State.QUEUED) | Q(state=State.RUNNING) & abandoned


def claim(worker: str, terms: Terms = TERMS) -> Run | None:
    """The oldest run that nobody works on, now this worker's; None if there is none."""
    for candidate in Run.objects.filter(free(terms)).order_by("created")[:5]:
        with transaction.atomic():
            same = Run.objects.filter(free(terms), pk=candidate.pk, attempts=candidate.attempts)
            won = same.update(
                state=State.RUNNING, worker=worker, lease=Now() + terms.lease, attempts=F("attempts") + 1
            )
            if won:
                taken_over = candidate.state == State.RUNNING
                if taken_over and not RunEvent.objects.filter(run=candidate, kind=RESUMED).exists():
                    RunEvent.objects.create(run=candidate, kind=RESUMED, words=TAKEN_OVER)
                return Run.objects.get(pk=candidate.pk)
    return None


def held(run: Run) -> QuerySet[Run]:
    """The row of a run as long as it is still this claim's; empty afterwards."""
    return Run.objects.filter(pk=run.pk, worker=run.worker, attempts=run.attempts, state=State.RUNNING)


def renew(run: Run, terms: Terms = TERMS) -> None:
    """Show a sign of life. Inside a transaction this also keeps everybody else off the run.

    Raises:
        Superseded: it is no longer this claim's.
    """
    if not held(run).update(lease=Now() + terms.lease):
        raise Superseded


def tell(run: Run, kind: str, words: str, terms: Terms = TERMS) -> None:
    """Tell the reader what happened; said twice in a row, it is told once.

    Raises:
        Superseded: the run is no longer this claim's; the reader hears only from whoever has it.
    """
    with transaction.atomic():
        # The row is locked first: the ids of one run's events grow in the order in which they
        # are committed, on which the streams rely.
        renew(run, terms)
        told = RunEvent.objects.filter(run=run).order_by("-pk").values_list("kind", "words").first()
        if told != (kind, words):
            RunEvent.objects.create(run=run, kind=kind, words=words)


def end(run: Run, state: State, words: str, article: Article | None = None) -> bool:
    """Record how a run ended, unless it is no longer this claim's.

    Returns:
        Whether it was recorded.
    """
    with transaction.atomic():
        fault = words if state == State.FAILED else ""
        changes = {"state": state, "finished": timezone.now(), "fault": fault, "lease": None}
        if not held(run).update(article=article, **changes):
            return False
        RunEvent.objects.create(run=run, kind=state.value, words=words)
    return True


def give_back(run: Run) -> bool:
    """Put a run back into the queue, for anybody to take at once.

    Returns:
        Whether it was still this claim's to give.
    """
    return bool(held(run).update(state=State.QUEUED, worker="", lease=None))
