"""A person who signs in by e-mail."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models


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

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> User:  # type: ignore[override]
        """An operator."""
        return self._create_user(None, email, password, is_staff=True, is_superuser=True, **extra)


class User(AbstractUser):
    """A person; the e-mail address is the name they sign in by."""

    username = None  # type: ignore[assignment]
    email = models.EmailField("e-mail address", unique=True)
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[PeopleManager] = PeopleManager()
