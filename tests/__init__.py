"""The tests. Before Django reads its settings: the site's data of this run, never that of the user."""

import os
import tempfile
from pathlib import Path

import django

from consilium.adapters.embedding.installed import folder_of
from consilium.adapters.embedding.threads import one_each
from consilium.settings import from_environment

one_each()
_DATA = tempfile.TemporaryDirectory(prefix="consilium-site-")
(Path(_DATA.name) / "static").mkdir()
# A run has several processes, side by side or one within another; the first sets these for all.
_USER = os.environ.setdefault("TESTS_DATA_OF_THE_USER", str(from_environment().data_dir))
LIBRARY = Path(os.environ.setdefault("TESTS_LIBRARY", f"{_DATA.name}/built"))
# The embedding model of the user, if there is one: tests use it and never fetch one.
MODEL = folder_of(Path(_USER))
os.environ["CONSILIUM_DATA_DIR"] = _DATA.name
os.environ["DJANGO_SETTINGS_MODULE"] = "consilium.site.settings"
django.setup()
