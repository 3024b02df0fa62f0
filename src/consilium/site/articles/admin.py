"""Articles and their revisions in the staff admin: to look at, and only what is public."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest

from consilium.site.accounts.admin import ReadOnlyAdmin, staff
from consilium.site.articles.models import Article, Report, Revision


class ArticleAdmin(ReadOnlyAdmin):
    """Published articles; a private question is nobody's but its asker's."""

    list_display = ("question", "published", "created")
    fields = ("id", "question", "country", "created", "published", "topics")
    search_fields = ("question",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        """What is public."""
        return super().get_queryset(request).filter(published__isnull=False)


class RevisionAdmin(ReadOnlyAdmin):
    """The revisions of published articles, whole."""

    list_display = ("article", "number", "kind", "content_id", "created")
    fields = ("article", "number", "kind", "content_id", "plan_key", "created", "document", "renderings")
    list_select_related = ("article",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Revision]:
        """Those of what is public."""
        return super().get_queryset(request).filter(article__published__isnull=False)


class ReportAdmin(ReadOnlyAdmin):
    """What readers reported, without their names."""

    list_display = ("article", "claim", "created", "words")
    fields = ("article", "claim", "words", "created")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        """About what is public."""
        return super().get_queryset(request).filter(article__published__isnull=False)


staff.register(Article, ArticleAdmin)
staff.register(Revision, RevisionAdmin)
staff.register(Report, ReportAdmin)
