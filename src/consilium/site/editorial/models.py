"""What the board has done with articles. Rows that tell of a decision are only ever added.

People are named twice: by a key that goes when their account goes, and by a pseudonym that stays.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from consilium.domain.review import Move, Status, Verdict
from consilium.site.articles.models import Article, Revision


def _choices(names: type[Status | Move | Verdict]) -> list[tuple[str, str]]:
    return [(str(name), str(name)) for name in names]


def _person(related: str) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name=related
    )


class Review(models.Model):
    """Where an article stands.

    Attributes:
        version: grows with everything that bears on an approval, so that nobody decides on what has
            changed meanwhile.
        rank: how far up in the queue it belongs (``pipeline.risk.rank``).
        evidence: whether its evidence has changed since it was last approved or read.
        why: for readers: why it needs re-review, or was withdrawn.
        since: when it came to stand here.
    """

    article = models.OneToOneField(Article, models.CASCADE, primary_key=True, related_name="review")
    status = models.CharField(
        max_length=20, choices=_choices(Status), default=Status.SUBMITTED, db_index=True
    )
    version = models.PositiveIntegerField(default=0)
    rank = models.PositiveIntegerField(default=0)
    evidence = models.BooleanField(default=False)
    why = models.TextField(blank=True)
    since = models.DateTimeField(default=timezone.now)
    taken_by = _person("taken")

    def __str__(self) -> str:
        """The article and where it stands."""
        return f"{self.article_id}: {self.status}"


class Decision(models.Model):
    """One move of an article: who, when, from where to where, on which revision.

    Attributes:
        actor: the pseudonym of whoever decided, or ``library`` where the evidence did.
        note: for the board.
    """

    article = models.ForeignKey(Article, models.CASCADE, related_name="decisions")
    number = models.PositiveIntegerField(help_text="of the revision")
    move = models.CharField(max_length=20, choices=_choices(Move))
    before = models.CharField(max_length=20, choices=_choices(Status))
    after = models.CharField(max_length=20, choices=_choices(Status))
    by = _person("decisions")
    actor = models.CharField(max_length=48)
    note = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        """As they were made; none without a decider."""

        ordering = ("id",)
        constraints = (models.CheckConstraint(condition=~models.Q(actor=""), name="decided_by_somebody"),)

    def __str__(self) -> str:
        """The move."""
        return f"{self.article_id}: {self.move}"


class Approval(models.Model):
    """What an approver put their name to.

    Attributes:
        content_id: the digest of the content that was approved.
        renderings: the digests of the wordings that were approved.
        name: the name that readers see, as it was at the time.
        conflicts: the approver's statement of conflicts of interest, as it was at the time.
    """

    decision = models.OneToOneField(Decision, models.CASCADE, related_name="approval")
    content_id = models.CharField(max_length=80)
    renderings = models.JSONField(default=list)
    name = models.CharField(max_length=120)
    attestation = models.TextField()
    conflicts = models.TextField()

    def __str__(self) -> str:
        """Whose it is."""
        return f"{self.name}: {self.content_id}"


class Reading(models.Model):
    """One reviewer's verdict on one claim of one revision.

    Attributes:
        ticks: the names in ``domain.review.TICKS`` that were looked at.
        seconds: from opening the claim to the verdict.
        stale: the evidence has changed since; it counts no more.
        carried: taken over from the revision before, where the claim is the same.
    """

    revision = models.ForeignKey(Revision, models.CASCADE, related_name="readings")
    claim = models.CharField(max_length=80)
    by = _person("readings")
    actor = models.CharField(max_length=48)
    verdict = models.CharField(max_length=20, choices=_choices(Verdict))
    note = models.TextField(blank=True)
    ticks = models.JSONField(default=list)
    seconds = models.PositiveIntegerField(default=0)
    stale = models.BooleanField(default=False)
    carried = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        """One verdict of a person on a claim."""

        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("revision", "claim", "actor"), name="one_reading_of_a_claim"),
        )

    def __str__(self) -> str:
        """The claim and the verdict."""
        return f"{self.claim}: {self.verdict}"


class Edit(models.Model):
    """Who made a revision, and what they did to it; it outlives a revision that is erased.

    Whoever worded an article stays one of its authors, whatever of it is deleted.

    Attributes:
        number: of the revision.
        revision: None once it is erased.
        claims: the ids of the claims whose words are this editor's.
        note: for the board.
    """

    article = models.ForeignKey(Article, models.CASCADE, related_name="edits")
    number = models.PositiveIntegerField(help_text="of the revision")
    revision = models.OneToOneField(Revision, models.SET_NULL, null=True, blank=True, related_name="edit")
    by = _person("edits")
    actor = models.CharField(max_length=48)
    claims = models.JSONField(default=list)
    note = models.TextField(blank=True)

    def __str__(self) -> str:
        """What was done."""
        return f"{self.article_id} ({self.number}): {self.note}"


class Correction(models.Model):
    """A change to what readers had before them, told to them in plain words."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="corrections")
    number = models.PositiveIntegerField(help_text="of the revision that corrects")
    words = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        """The newest first."""

        ordering = ("-at",)

    def __str__(self) -> str:
        """What was corrected."""
        return self.words[:80]


class BoardMember(models.Model):
    """What readers are told about a person of the board, in that person's own words."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="board_member")
    name = models.CharField(max_length=120)
    credentials = models.CharField(max_length=200, blank=True)
    affiliation = models.CharField(max_length=200, blank=True)
    conflicts = models.TextField(
        help_text="Conflicts of interest; say “None” if there are none.",
    )
    fictitious = models.BooleanField(default=False, editable=False)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        """By name."""

        ordering = ("name", "pk")

    def __str__(self) -> str:
        """Their name."""
        return self.name


class Vigilance(models.Model):
    """A known error that was shown to a reviewer, and whether it was seen.

    Attributes:
        key: reviewer, revision and claim: an error is shown once.
    """

    key = models.CharField(max_length=160, unique=True)
    actor = models.CharField(max_length=48)
    kind = models.CharField(max_length=20)
    caught = models.BooleanField()
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        """Whether it was seen."""
        return f"{self.kind}: {'seen' if self.caught else 'missed'}"


class Cursor(models.Model):
    """How far the library's changes of status have been read."""

    name = models.CharField(max_length=40, primary_key=True)
    read = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        """The name and the place."""
        return f"{self.name}: {self.read}"


class Tombstone(models.Model):
    """What is left of a revision that was deleted: that it was, not what it said."""

    article = models.UUIDField(db_index=True)
    number = models.PositiveIntegerField()
    content_id = models.CharField(max_length=80)
    actor = models.CharField(max_length=48)
    why = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        """Which revision."""
        return f"{self.article} ({self.number})"
