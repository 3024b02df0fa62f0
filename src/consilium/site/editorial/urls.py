"""The addresses of the board's work, and of what everybody may know about it."""

from __future__ import annotations

from django.contrib.sitemaps.views import sitemap
from django.urls import path

from consilium.site.editorial import (
    approval_page,
    claim_page,
    comparing,
    desk,
    edit_page,
    feeds,
    log_page,
    profile,
    public,
    queue,
)

_ARTICLE = "board/articles/<uuid:name>/"
urlpatterns = [
    path("board/", queue.queue, name="board-queue"),
    path("board/log/", log_page.log, name="board-log"),
    path("board/log/export", log_page.export, name="board-log-export"),
    path("board/me/", profile.profile, name="board-profile"),
    path(_ARTICLE, desk.desk, name="board-article"),
    path(f"{_ARTICLE}claims/<str:claim>/", claim_page.claim, name="board-claim"),
    path(f"{_ARTICLE}edit/", edit_page.edit, name="board-edit"),
    path(f"{_ARTICLE}edit/<str:claim>/", edit_page.edit_claim, name="board-edit-claim"),
    path(f"{_ARTICLE}approve/", approval_page.approval, name="board-approve"),
    path(f"{_ARTICLE}compare/<int:old>/<int:new>/", comparing.comparison, name="board-compare"),
    path(f"{_ARTICLE}revisions/<int:number>/erase/", edit_page.erase, name="board-erase"),
    path(f"{_ARTICLE}<str:move>", desk.act, name="board-act"),
    path("about/board/", public.board, name="board-members"),
    path("quality/", public.quality, name="quality"),
    path("corrections/", public.corrections, name="corrections"),
    path("feeds/articles.atom", feeds.Published(), name="feed-articles"),
    path("feeds/changes.atom", feeds.Changes(), name="feed-changes"),
    path("sitemap.xml", sitemap, {"sitemaps": {"articles": feeds.Pages}}, name="sitemap"),
]
