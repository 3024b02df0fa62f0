"""The app of people."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People who sign in; readers need no account."""

    name = "consilium.site.accounts"
    label = "accounts"
