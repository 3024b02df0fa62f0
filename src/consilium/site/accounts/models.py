"""People who sign in by e-mail, what they are on the board, links that invite them, notices to them."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.management import CommandError
from django.db import models
from django.utils import timezone


class PeopleManager(UserManager["User"]):
    """Makes people by their e-mail address."""

    def _create_user(  # the name is Django's; it is not used here
        self,
        username: str | None,  # noqa: ARG002
        email: str | None,
        password: str | None,
        **extra: Any,
    ) -> User:
        if not email:
            raise ValueError("A person needs an e-mail address.")
        person = self.model(email=self.normalize_email(email).lower(), **extra)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> User:  # type: ignore[override]
        """A person without rights of staff."""
        return self._create_user(None, email, password, **extra)

    def create_superuser(self, *_: Any, **__: Any) -> User:
        """Refused: rights come from roles alone.

        Raises:
            CommandError: always.
        """
        raise CommandError("Rights come from roles alone. For the first operator: consilium operator-link")


class Post(models.TextChoices):
    """When notices are sent by e-mail as well."""

    AT_ONCE = "at_once", "At once"
    NEVER = "never", "Never"


class User(AbstractUser):
    """A person; the e-mail address is the name they sign in by.

    Attributes:
        post: when notices are sent by e-mail as well.
        deactivated: since when the account is switched off by an operator; None while it is in use.
        forgotten: when its personal data were deleted; None before.
    """

    username = None  # type: ignore[assignment]
    email = models.EmailField("e-mail address", unique=True)
    post = models.CharField(max_length=8, choices=Post.choices, default=Post.AT_ONCE)
    deactivated = models.DateTimeField(null=True, blank=True, editable=False)
    forgotten = models.DateTimeField(null=True, blank=True, editable=False)
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[PeopleManager] = PeopleManager()


class Membership(models.Model):
    """A role on the board that a person holds.

    Attributes:
        role: the key of a role in ``accounts.roles``.
        given_by: who gave it; None where a link of the command line did.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, db_index=True)
    since = models.DateTimeField(default=timezone.now, editable=False)
    given_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        """A role is held once."""

        ordering = ("user", "role")
        constraints = (models.UniqueConstraint(fields=("user", "role"), name="role_held_once"),)

    def __str__(self) -> str:
        """Person and role."""
        return f"{self.user}: {self.role}"


class Link(models.Model):
    """An address that works once, until a day; only a digest of its secret is kept.

    Attributes:
        digest: SHA-256 of the secret, in hexadecimal.
        used: when somebody used it.
    """

    digest = models.CharField(max_length=64, unique=True)
    created = models.DateTimeField(default=timezone.now, editable=False)
    expires = models.DateTimeField(db_index=True)
    used = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Only kinds of links are kept."""

        abstract = True

    @classmethod
    def working(cls) -> models.QuerySet[Self]:
        """Those that still work."""
        return cls._default_manager.filter(used=None, expires__gt=timezone.now())


class OperatorLink(Link):
    """The link of the command line by which somebody becomes an operator."""

    def __str__(self) -> str:
        """Until when it works."""
        return f"until {self.expires:%Y-%m-%d}"


class Invitation(Link):
    """A link, sent by an operator, by which somebody joins the board.

    Attributes:
        roles: the keys of the roles that they get.
        revoked: when an operator took it back.
    """

    email = models.EmailField()
    roles: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    revoked = models.DateTimeField(null=True, blank=True)

    class Meta(Link.Meta):
        """The newest first."""

        abstract = False
        ordering = ("-created", "-id")

    def __str__(self) -> str:
        """Whom it invites."""
        return self.email

    @classmethod
    def working(cls) -> models.QuerySet[Self]:
        """Those that still work."""
        return super().working().filter(revoked=None)

    @property
    def state(self) -> str:
        """Where it stands: accepted, taken back, expired or open."""
        if self.used:
            return "accepted"
        if self.revoked:
            return "taken back"
        return "open" if self.expires > timezone.now() else "expired"


class Notice(models.Model):
    """Something that a person should know; they read it on the site.

    Attributes:
        key: what it is about; about one thing a person is told once.
        link: the path of the page where it can be seen.
        posted: when its mail was settled: handed to the post office, or not wanted; None before.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="notices")
    at = models.DateTimeField(default=timezone.now, editable=False)
    key = models.CharField(max_length=120)
    words = models.CharField(max_length=300)
    link = models.CharField(max_length=300)
    read = models.DateTimeField(null=True, blank=True, db_index=True)
    posted = models.DateTimeField(null=True, blank=True)

    class Meta:
        """The newest first; about one thing once."""

        ordering = ("-at", "-id")
        constraints = (models.UniqueConstraint(fields=("user", "key"), name="told_once"),)

    def __str__(self) -> str:
        """What is said."""
        return self.words
