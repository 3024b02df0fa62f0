"""What the site keeps: articles, their revisions, runs and the events of runs.

The value of the core is kept whole, as the JSON of the contract; nothing of it is taken apart
into columns but what has to be searched or sorted.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone


class Article(models.Model):
    """An answer that the site keeps: private to whoever asked, until it is published.

    Attributes:
        session: the session of an asker without an account; "" where there is an account or none.
        parent: the article that this one follows up, or None.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    question = models.TextField()
    country = models.CharField(max_length=40, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="articles"
    )
    session = models.CharField(max_length=64, blank=True, db_index=True)
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="follow_ups")
    created = models.DateTimeField(default=timezone.now, editable=False)
    published = models.DateTimeField(null=True, blank=True, db_index=True)
    topics = models.JSONField(default=list, blank=True)

    class Meta:
        """The newest first."""

        ordering = ("-created", "id")

    def __str__(self) -> str:
        """The question."""
        return self.question

    @property
    def current(self) -> Revision:
        """The newest revision.

        Raises:
            Revision.DoesNotExist: there is none.
        """
        return self.revisions.latest("number")


class Revision(models.Model):
    """One state of an article's content, never changed once it is kept.

    Attributes:
        kind: ``article`` or ``abstention``.
        content_id: the digest of the content (``id`` of the contract).
        document: the whole object of the contract, worded for clinicians, ``review`` null.
        renderings: by audience, the ``rendering`` of the contract; empty for an abstention.
        plan_key: the digest of plan, library generations and version: the same key, the same content.
    """

    article = models.ForeignKey(Article, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    content_id = models.CharField(max_length=80, db_index=True)
    document: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    renderings: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    plan_key = models.CharField(max_length=80, db_index=True)
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        """One number once an article."""

        ordering = ("article", "number")
        constraints = (models.UniqueConstraint(fields=("article", "number"), name="revision_number_once"),)

    def __str__(self) -> str:
        """The article and its number."""
        return f"{self.article} ({self.number})"


class State(models.TextChoices):
    """Where a run stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Run(models.Model):
    """One question on its way to an answer.

    Attributes:
        worker: who has claimed it; ``lease`` says until when.
        cancelling: whether the asker wants it stopped.
        anew: whether an answer that exists already may not be reused.
        publish: whether the asker has confirmed that the answer is to be public.
        article: what came of it, once it is done.
        fault: what the asker is told where it failed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    question = models.TextField()
    audience = models.CharField(max_length=12, default="clinician")
    country = models.CharField(max_length=40, blank=True)
    follows = models.ForeignKey(Article, models.SET_NULL, null=True, blank=True, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="runs"
    )
    session = models.CharField(max_length=64, blank=True, db_index=True)
    anew = models.BooleanField(default=False)
    publish = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED, db_index=True)
    cancelling = models.BooleanField(default=False)
    worker = models.CharField(max_length=64, blank=True)
    lease = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    created = models.DateTimeField(default=timezone.now, editable=False, db_index=True)
    finished = models.DateTimeField(null=True, blank=True)
    article = models.ForeignKey(Article, models.SET_NULL, null=True, blank=True, related_name="runs")
    fault = models.TextField(blank=True)

    class Meta:
        """The oldest first: it is next."""

        ordering = ("created", "id")

    def __str__(self) -> str:
        """The question and where it stands."""
        return f"{self.question} ({self.state})"

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in {State.DONE, State.FAILED, State.CANCELLED}


class RunEvent(models.Model):
    """Something that happened in a run; ids grow, so that a reader can go on where it was.

    Attributes:
        kind: the stage, or ``done``, ``failed``, ``cancelled``.
        words: for the reader.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20)
    words = models.TextField(blank=True)
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        """As they happened."""

        ordering = ("id",)

    def __str__(self) -> str:
        """The stage and its words."""
        return f"{self.kind}: {self.words}"


class Report(models.Model):
    """A reader's word that something is wrong with one sentence."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="reports")
    claim = models.CharField(max_length=80)
    words = models.TextField()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        """The newest first."""

        ordering = ("-created",)

    def __str__(self) -> str:
        """What was said."""
        return self.words[:80]


class Use(models.Model):
    """That somebody did something that is rationed; nothing of what it was about.

    Attributes:
        what: one of ``quota.What``.
        who: a keyed digest of an account, a session or a network.
    """

    what = models.CharField(max_length=8)
    who = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        """Found by who did what when; cleaned by when."""

        indexes = (
            models.Index(fields=("what", "who", "at"), name="use_by_whom"),
            models.Index(fields=("at",), name="use_by_age"),
        )

    def __str__(self) -> str:
        """What was done when."""
        return f"{self.what} {self.at}"
