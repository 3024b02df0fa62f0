"""Atom feeds and the map of the site, for those who follow it by program."""

from __future__ import annotations

import datetime

from django.contrib.sitemaps import Sitemap
from django.contrib.syndication.views import Feed
from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from consilium.domain.review import TOLD, Move, Status
from consilium.site.articles.models import Article
from consilium.site.articles.viewer import public
from consilium.site.editorial.models import Correction, Decision
from consilium.site.editorial.standing import listed

_NEWEST = 50
_TOLD = (Move.APPROVE, Move.EVIDENCE_CHANGED, Move.WITHDRAW, Move.RESTORE)


class Published(Feed):  # type: ignore[type-arg]  # not subscriptable when run
    """Answers as they are published."""

    feed_type = Atom1Feed
    title = "Consilium: published articles"
    subtitle = "Every article shows whether the board has reviewed it."

    def link(self) -> str:
        """The library of articles."""
        return reverse("library")

    def items(self) -> QuerySet[Article]:
        """The newest."""
        published = Article.objects.filter(published__isnull=False).select_related("review")
        return published.order_by("-published")[:_NEWEST]

    def item_title(self, item: Article) -> str:
        """The question."""
        return item.question

    def item_description(self, item: Article) -> str:
        """Where it stands."""
        return f"{TOLD[listed(item)]}."

    def item_link(self, item: Article) -> str:
        """Its page."""
        return reverse("article", args=[item.pk])

    def item_pubdate(self, item: Article) -> datetime.datetime | None:
        """When it was published."""
        return item.published


class Changes(Feed):  # type: ignore[type-arg]  # not subscriptable when run
    """What happened to articles that readers may rely on: approvals, changed evidence, corrections."""

    feed_type = Atom1Feed
    title = "Consilium: approvals, changed evidence, corrections and withdrawals"
    subtitle = "What readers of an article should know, as it happens."

    def link(self) -> str:
        """The page of corrections."""
        return reverse("corrections")

    def items(self) -> list[Decision | Correction]:
        """The newest of both kinds."""
        published = {"article__published__isnull": False}
        rows = Decision.objects.filter(move__in=_TOLD, **published).select_related("article__review")
        moves = filter(_holds, rows.order_by("-at")[:_NEWEST])
        words = Correction.objects.filter(**published).select_related("article")
        both: list[Decision | Correction] = [*moves, *words[:_NEWEST]]
        return sorted(both, key=lambda one: one.at, reverse=True)[:_NEWEST]

    def item_title(self, item: Decision | Correction) -> str:
        """What happened, and to which article."""
        what = "Corrected" if isinstance(item, Correction) else TOLD[Status(item.after)]
        return f"{what}: {item.article.question}"

    def item_description(self, item: Decision | Correction) -> str:
        """Why, where readers are told."""
        if isinstance(item, Correction):
            return item.words
        told = item.move in {Move.EVIDENCE_CHANGED, Move.WITHDRAW}
        return item.note if told else f"{TOLD[Status(item.after)]}."

    def item_link(self, item: Decision | Correction) -> str:
        """The page of the article."""
        return reverse("article", args=[item.article_id])

    def item_guid(self, item: Decision | Correction) -> str:
        """One for each thing that happened."""
        return f"urn:consilium:{type(item).__name__.lower()}:{item.article_id}:{item.pk}"

    def item_pubdate(self, item: Decision | Correction) -> datetime.datetime:
        """When it happened."""
        return item.at


def _holds(decision: Decision) -> bool:
    """Whether it may be told: not an approval of words that were changed since without a decision."""
    standing = decision.article.review.status, listed(decision.article)
    return decision.move != Move.APPROVE or standing != (Status.APPROVED, Status.NEEDS_RE_REVIEW)


class Pages(Sitemap):  # type: ignore[type-arg]  # not subscriptable when run
    """Every published article that is not withdrawn."""

    changefreq = "weekly"
    limit = 5000

    def items(self) -> QuerySet[Article]:
        """The newest first."""
        return public().annotate(revised=Max("revisions__created"))

    def location(self, item: Article) -> str:
        """Its page."""
        return reverse("article", args=[item.pk])

    def lastmod(self, item: Article) -> datetime.datetime:
        """When its newest revision was made."""
        revised: datetime.datetime = item.revised  # type: ignore[attr-defined]  # from the query of ``items``
        return revised
