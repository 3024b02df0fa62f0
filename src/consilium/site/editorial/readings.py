"""Claim by claim: who has read what, and what they say of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from consilium.adapters.contract.invariants import places
from consilium.domain import review as rules
from consilium.domain.permission import Permission
from consilium.domain.review import TICKS, Claims, Status, Verdict
from consilium.errors import EditorialError, InvalidMove, NotPermitted, StaleRevision
from consilium.pipeline.risk import risks_of
from consilium.site.accounts.models import User
from consilium.site.accounts.roles import may
from consilium.site.articles.models import Article, Revision
from consilium.site.audit.details import Detail
from consilium.site.audit.recording import pseudonym, record
from consilium.site.editorial.models import Edit, Reading, Review
from consilium.site.editorial.moves import not_the_asker

_LONGEST = 3600


class Incomplete(EditorialError):
    """Look at all ten points before you call a statement supported; else say what is wrong with it."""


def ordered(content: dict[str, Any]) -> list[str]:
    """Every claim of a content once, what is urgent and what leads first."""
    return list(dict.fromkeys(places(content)))


def to_read(revision: Revision) -> Claims:
    """What of a revision has to be read, and by whom."""
    found = risks_of(revision.document["content"])
    return Claims(
        all=frozenset(found),
        twice=frozenset(name for name, why in found.items() if why),
        editors=editors(revision),
    )


def editors(revision: Revision) -> dict[str, frozenset[str]]:
    """By claim, the pseudonyms of those whose words it holds, over all revisions up to this one."""
    edits = Edit.objects.filter(article=revision.article, number__lte=revision.number)
    found: dict[str, set[str]] = {}
    for actor, claims in edits.values_list("actor", "claims"):
        for claim in claims:
            found.setdefault(claim, set()).add(actor)
    return {claim: frozenset(who) for claim, who in found.items()}


def standing_readings(revision: Revision) -> list[rules.Reading]:
    """The verdicts that count for a revision as it is."""
    rows = Reading.objects.filter(revision=revision, stale=False)
    return [
        rules.Reading(claim, by, Verdict(verdict))
        for claim, by, verdict in rows.values_list("claim", "actor", "verdict")
    ]


def hindrances(revision: Revision, by: User) -> tuple[str, ...]:
    """Why somebody may not approve a revision yet, as sentences."""
    return rules.hindrances(to_read(revision), standing_readings(revision), pseudonym(by))


def give(
    *,
    article: Article,
    number: int,
    claim: str,
    by: User,
    verdict: Verdict,
    ticks: Iterable[str] = (),
    note: str = "",
    seconds: float = 0,
) -> Reading:
    """Keep a reviewer's verdict on a claim; a second one of theirs takes the place of the first.

    Args:
        number: of the revision that was read.
        ticks: names in `TICKS`.
        seconds: from opening the claim to the verdict.

    Raises:
        NotPermitted: their role does not include it.
        OwnArticle: they asked.
        StaleRevision: there is a newer revision, or the claim is not in it.
        Incomplete: it is called supported without all ten ticks, or something else without a note.
        InvalidMove: the article is not under review.
    """
    if not may(by, Permission.REVIEW):
        raise NotPermitted
    not_the_asker(article, by)
    looked = [tick for tick in TICKS if tick in set(ticks)]
    if (verdict is Verdict.SUPPORTED and len(looked) < len(TICKS)) or (
        verdict is not Verdict.SUPPORTED and not note.strip()
    ):
        raise Incomplete
    with transaction.atomic():
        _bump(article)
        revision = article.current
        if revision.number != number or claim not in revision.document["content"]["claims"]:
            raise StaleRevision
        reading, _ = Reading.objects.update_or_create(
            revision=revision,
            claim=claim,
            actor=pseudonym(by),
            defaults={
                "by": by,
                "verdict": verdict,
                "note": " ".join(note.split()),
                "ticks": looked,
                "seconds": min(max(0, round(seconds)), _LONGEST),
                "stale": False,
                "carried": False,
                "at": timezone.now(),
            },
        )
        details: dict[str, Detail] = {"revision": number, "claim": f"claim:{claim}", "verdict": verdict}
        record(action="claim.read", by=by, subject=f"article:{article.pk}", details=details)
    return reading


def _bump(article: Article) -> None:
    """Let nobody approve on what was there before; only while it is under review.

    Raises:
        InvalidMove: it is not.
    """
    under = Review.objects.filter(article=article, status=Status.UNDER_REVIEW)
    if not under.update(version=F("version") + 1):
        raise InvalidMove("Take this article for review first; then your verdicts count.")


def carry(old: Revision, new: Revision) -> int:
    """Take over the verdicts on claims that are in both revisions, word for word for every audience.

    Returns:
        How many verdicts there were.
    """
    kept = {name for name in new.document["content"]["claims"] if same(old, new, name)}
    rows = [
        Reading(
            revision=new,
            claim=row.claim,
            by=row.by,
            actor=row.actor,
            verdict=row.verdict,
            note=row.note,
            ticks=row.ticks,
            seconds=0,
            carried=True,
            at=row.at,
        )
        for row in Reading.objects.filter(revision=old, stale=False).select_related("by")
        if row.claim in kept
    ]
    return len(Reading.objects.bulk_create(rows))


def same(old: Revision, new: Revision, name: str) -> bool:
    """Whether a claim stands in both revisions, word for word for every audience, on the same sentences."""
    before, after = (_without_numbers(r.document["content"]["claims"].get(name)) for r in (old, new))
    words_before, words_after = (
        [r["claims"].get(name) for _, r in sorted(revision.renderings.items())] for revision in (old, new)
    )
    return before is not None and before == after and words_before == words_after


def _without_numbers(claim: dict[str, Any] | None) -> dict[str, Any] | None:
    """A claim without the numbers of its references, which change with what stands above it."""
    if claim is None:
        return None
    return {**claim, "citations": [c["sentences"] for c in claim["citations"]]}
