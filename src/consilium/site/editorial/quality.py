"""This site's own figures, counted from what the board and the readers did; nothing is estimated."""

from __future__ import annotations

import datetime
import statistics
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils import timezone

from consilium.domain.review import Move, Status, Verdict
from consilium.site.articles.models import Revision, Run, State
from consilium.site.editorial.models import Correction, Decision, Reading, Review, Vigilance
from consilium.site.editorial.queue import waiting

_LATELY = datetime.timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure for a reader.

    Attributes:
        value: as it is shown; "–" where there is nothing to count yet.
        of: what it was counted from.
    """

    name: str
    value: str
    of: str


def figures() -> list[Figure]:
    """All figures of the last twelve months, and the backlog as it is."""
    since = timezone.now() - _LATELY
    return [
        _support(since),
        _abstentions(since),
        *_backlog(),
        *_changes(since),
        _pace(since),
        _vigilance(since),
    ]


def _support(since: datetime.datetime) -> Figure:
    """How many verdicts of readers of claims found the claim supported by its sentences."""
    read = Reading.objects.filter(at__gte=since, carried=False)
    good = read.filter(verdict=Verdict.SUPPORTED).count()
    return _share(
        "Statements that reviewers found supported by the sentences they cite", good, read.count(), "verdicts"
    )


def _abstentions(since: datetime.datetime) -> Figure:
    answered = Run.objects.filter(state=State.DONE, created__gte=since, article__isnull=False)
    kinds: QuerySet[Revision] = Revision.objects.filter(number=1, article__in=answered.values("article"))
    counted = dict(kinds.values_list("kind").annotate(Count("pk")).order_by())
    none = counted.get("abstention", 0)
    return _share("Questions to which no answer was given", none, sum(counted.values()), "questions")


def _backlog() -> list[Figure]:
    rows = waiting()
    oldest = rows.order_by("since").values_list("since", flat=True).first()
    days = f"{(timezone.now() - oldest).days} days" if oldest else "–"
    approved = Review.objects.filter(status=Status.APPROVED, article__published__isnull=False).count()
    return [
        Figure("Articles approved and unchanged since", str(approved), "now"),
        Figure("Articles that wait for the board", str(rows.count()), "now"),
        Figure("The longest wait", days, "now"),
    ]


def _changes(since: datetime.datetime) -> list[Figure]:
    corrected = Correction.objects.filter(at__gte=since).count()
    sent_back = Decision.objects.filter(move=Move.EVIDENCE_CHANGED, at__gte=since)
    articles = sent_back.values("article").distinct().count()
    retracted = sent_back.filter(note__icontains="retracted").values("article").distinct().count()
    withdrawn = Decision.objects.filter(move=Move.WITHDRAW, at__gte=since).count()
    return [
        Figure("Corrections", str(corrected), "the last 12 months"),
        Figure("Articles sent back because their evidence changed", str(articles), "the last 12 months"),
        Figure("… of these, because a source was retracted", str(retracted), "the last 12 months"),
        Figure("Articles withdrawn", str(withdrawn), "the last 12 months"),
    ]


def _pace(since: datetime.datetime) -> Figure:
    taken = list(
        Reading.objects.filter(at__gte=since, seconds__gt=0).values_list("seconds", flat=True)[:10_000]
    )
    value = f"{statistics.median(taken):.0f} seconds" if taken else "–"
    return Figure("Time that a reviewer takes for a statement (median)", value, f"{len(taken)} verdicts")


def _vigilance(since: datetime.datetime) -> Figure:
    shown = Vigilance.objects.filter(at__gte=since)
    caught = shown.filter(caught=True).count()
    return _share(
        "Known errors, shown to measure vigilance, that reviewers saw", caught, shown.count(), "shown"
    )


def _share(name: str, part: int, whole: int, noun: str) -> Figure:
    value = f"{100 * part / whole:.1f} %" if whole else "–"
    return Figure(name, value, f"{part} of {whole} {noun}, the last 12 months")
