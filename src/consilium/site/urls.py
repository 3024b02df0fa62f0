"""Every address of the site."""

from __future__ import annotations

from django.urls import include, path

from consilium.site.accounts.admin import staff
from consilium.site.articles import admin as _articles  # noqa: F401 - shows itself in the staff admin

urlpatterns = [
    path("", include("consilium.site.articles.urls")),
    path("", include("consilium.site.api.urls")),
    path("", include("consilium.site.editorial.urls")),
    path("me/", include("consilium.site.articles.me_urls")),
    path("", include("consilium.site.accounts.urls")),
    path("admin/", staff.urls),
    path("accounts/", include("allauth.urls")),
]
handler500 = "consilium.site.unavailable.server_error"
