"""The app of articles."""

from __future__ import annotations

from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    """Articles, their revisions, the runs that write them."""

    name = "consilium.site.articles"
    label = "articles"
