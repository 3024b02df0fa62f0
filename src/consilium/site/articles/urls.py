"""The addresses of questions, articles and sources."""

from __future__ import annotations

from django.urls import path

from consilium.site.articles import asking, exporting, pages, publishing_pages, reading

urlpatterns = [
    path("", pages.home, name="home"),
    path("ask/", asking.ask, name="ask"),
    path("runs/<uuid:name>/", asking.run, name="run"),
    path("runs/<uuid:name>/events", asking.events, name="run-events"),
    path("runs/<uuid:name>/cancel", asking.cancel, name="run-cancel"),
    path("articles/", reading.library, name="library"),
    path("articles/<uuid:name>/", reading.article, name="article"),
    path("articles/<uuid:name>/sentences/<str:sentence>/", reading.passage, name="passage"),
    path("articles/<uuid:name>/claims/<str:claim>/report", reading.report, name="report"),
    path("articles/<uuid:name>/article.<str:form>", exporting.export, name="export"),
    path("articles/<uuid:name>/publish", publishing_pages.publish, name="publish"),
    path("articles/<uuid:name>/unpublish", publishing_pages.unpublish, name="unpublish"),
    path("sources/<str:name>/", reading.source, name="source"),
    path("editorial-policy/", pages.page, {"name": "editorial-policy"}, name="editorial-policy"),
    path("disclaimer/", pages.page, {"name": "disclaimer"}, name="disclaimer"),
    path("accessibility/", pages.page, {"name": "accessibility"}, name="accessibility"),
    path("about/", pages.page, {"name": "about"}, name="about"),
    path("healthz", pages.healthy, name="healthz"),
    path("readyz", pages.ready, name="readyz"),
]
