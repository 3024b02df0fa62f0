"""The addresses of the interface and of a person's tokens."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from consilium.site.api import pages
from consilium.site.api.problems import allowing, nowhere
from consilium.site.api.service import api

_patterns, _app, _space = api.urls
for _pattern in _patterns:
    if isinstance(_pattern, URLPattern):
        _pattern.callback = allowing(_pattern.callback)

urlpatterns = [
    path("api/v1/docs", pages.reference, name="api-docs"),
    path("api/v1/", (_patterns, _app, _space)),
    re_path(r"^api/v1/", nowhere),
    path("me/tokens/", pages.mine, name="tokens"),
    path("me/tokens/<int:token>/revoke", pages.revoke, name="token-revoke"),
]
