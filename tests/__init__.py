"""The tests. Before Django reads its settings: the site's data of this run, never that of the user."""

import os
import tempfile
from pathlib import Path

import django

_DATA = tempfile.TemporaryDirectory(prefix="consilium-site-")
(Path(_DATA.name) / "static").mkdir()
os.environ["CONSILIUM_DATA_DIR"] = _DATA.name
os.environ["DJANGO_SETTINGS_MODULE"] = "consilium.site.settings"
django.setup()
