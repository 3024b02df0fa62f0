"""The ASGI application that ``consilium serve`` runs: Django behind the page cache."""

from __future__ import annotations

import os
from typing import cast

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consilium.site.settings")
_django = get_asgi_application()

from consilium.site.page_cache import App, PageCache  # noqa: E402 - Django is ready now

application = PageCache(cast("App", _django))
