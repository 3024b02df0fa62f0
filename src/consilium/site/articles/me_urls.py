"""The addresses of what is one's own, under ``me/``."""

from __future__ import annotations

from django.urls import path

from consilium.site.articles import me

urlpatterns = [
    path("", me.me, name="me"),
    path("export", me.export, name="me-export"),
    path("delete", me.delete_account, name="me-delete"),
    path("articles/<uuid:name>/delete", me.delete_article, name="article-delete"),
    path("runs/<uuid:name>/delete", me.delete_run, name="run-delete"),
]
