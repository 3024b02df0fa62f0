"""What no password may hold: the words that somebody who guesses at this site tries first."""

from __future__ import annotations

import re

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError

_OWN = ("consilium", "password", "reviewer", "editor", "operator")
_SHORTEST = 5
# Parts of host names that say nothing about the site.
_EVERYWHERE = frozenset({"localhost", "example"})


def site_words() -> list[str]:
    """The words: the program, the roles of the board, and the parts of the host names from five letters on."""
    parts = {part for host in settings.ENVIRONMENT.hosts for part in re.split(r"[^a-z]+", host.lower())}
    named = {part for part in parts - _EVERYWHERE if len(part) >= _SHORTEST}
    return sorted({*_OWN, *named})


class NoSiteWords:
    """Refuses a password of which little is left without the words of the site."""

    _least = 8

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:  # noqa: ARG002 - Django's
        """Look at one password.

        Raises:
            ValidationError: it is one of the site's words with a few characters around it.
        """
        left = password.lower()
        for word in site_words():
            left = left.replace(word, "")
        if len(left) < self._least and left != password.lower():
            raise ValidationError(
                "This password is mostly a word that others would try first here. Take another one.",
                code="site_word",
            )

    def get_help_text(self) -> str:
        """For the form."""
        return "Your password should not be the name of this site with a few characters around it."
