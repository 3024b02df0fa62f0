"""Every address of the site."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("consilium.site.articles.urls")),
    path("", include("consilium.site.api.urls")),
    path("", include("consilium.site.editorial.urls")),
    path("me/", include("consilium.site.articles.me_urls")),
    path("accounts/", include("allauth.urls")),
]
handler500 = "consilium.site.unavailable.server_error"
